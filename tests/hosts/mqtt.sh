#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs mqtt_subscriber with a separate mosquitto on 127.0.0.1: each message must be linked to its
# sender, and invalid headers of other publishers must be reported.
#
#     sh tests/hosts/mqtt.sh BUILD
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/../.." || exit 1
program=$1/examples/mqtt_subscriber
broker=/usr/sbin/mosquitto
port=18883

work=$(mktemp -d)
$broker -p $port >"$work/broker.log" 2>&1 &
server=$!
finish() {
    kill $server
    wait $server || true
    rm -rf "$work"
}
trap finish EXIT

# send ARGUMENT...: sends a message by mosquitto_pub, retrying until the broker is up.
send() {
    mosquitto_pub -V 5 -p $port -q 1 -m '{}' "$@" 2>>"$work/broker.log"
}
until send -t other; do
    kill -0 $server
    sleep 1
done

# subscribe COUNT: starts a subscriber, and waits until it is subscribed.
subscribe() {
    before=$(grep -c 'New client' "$work/broker.log")
    "$program" subscribe "$1" --port $port --batch 100 --output "$work/got.json" 2>"$work/said" &
    subscriber=$!
    while [ "$(grep -c 'New client' "$work/broker.log")" -eq "$before" ]; do
        sleep 1
    done
    sleep 1
}

subscribe 1000
"$program" publish 1000 --port $port --output "$work/sent.json"
wait $subscriber
grep -qx '1000 messages, 0 without a context, 0 errors' "$work/said"
printf 'mqtt: '
/usr/bin/python3 tests/hosts/linked.py messaging.destination.name "$work/sent.json" "$work/got.json"

good=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
user='-D publish user-property'
rm "$work/got.json"
subscribe 5
# `user` is split into three words on purpose.
# shellcheck disable=SC2086
{
    send -t orders/none
    send -t orders/good $user other x $user TraceParent $good $user tracestate a=1
    send -t orders/bad $user traceparent 00-0af7
    send -t orders/twice $user traceparent $good $user traceparent $good
    send -t orders/state $user traceparent $good $user tracestate 'a b'
}
wait $subscriber
grep -qx '5 messages, 1 without a context, 3 errors' "$work/said"
grep -q '^orders/bad: .*saw "00-0af7"' "$work/said"
grep -q '^orders/twice: ' "$work/said"
grep -q '^orders/state: tracestate dropped' "$work/said"
[ "$(grep -o 'b7ad6b7169203331' "$work/got.json" | wc -l)" -eq 2 ]
echo "mqtt: three errors of another publisher are reported, and two of its messages linked"

if "$program" publish 1 --port 1 --output "$work/none.json" 2>"$work/said"; then
    echo 'mqtt: no error was reported although the broker is down'
    exit 1
fi
grep -q 'broker at 127.0.0.1:1: connection' "$work/said"
