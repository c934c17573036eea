#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs kafka_consumer with librdkafka's mock cluster on 127.0.0.1. Consumers are killed while they
# process messages, and with a batch exported but not committed: each message must be linked at least
# once.
#
#     sh tests/hosts/kafka.sh BUILD
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/../.." || exit 1
programs=$1/examples

work=$(mktemp -d)
"$programs/kafka_cluster" >"$work/address" &
cluster=$!
finish() {
    kill $cluster
    wait $cluster || true
    rm -rf "$work"
}
trap finish EXIT
while [ ! -s "$work/address" ]; do
    kill -0 $cluster
    sleep 1
done
address=$(cat "$work/address")

consume() {
    "$programs/kafka_consumer" consume "$1" --brokers "$address" --output "$work/got.json" \
        --batch 50 "${2:---batch}" "${3:-50}"
}

# killed ARGUMENT...: runs a consumer that must end by SIGKILL.
killed() {
    status=0
    { consume "$@" || status=$?; } 2>/dev/null
    [ "$status" = 137 ]
}

"$programs/kafka_consumer" produce 1000 --brokers "$address" --output "$work/sent.json"
killed 1000 --crash-taken 530
killed 1000 --crash-exported 200
consume 350 2>"$work/said"
grep -qx '350 messages, 0 without a context, 0 errors' "$work/said"
printf 'kafka: '
/usr/bin/python3 tests/hosts/linked.py messaging.kafka.message.key "$work/sent.json" \
    "$work/got.json" 50

# Messages of another producer: without a context, with an invalid one, and with two headers, of
# which the last one is used.
good=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
send() {
    echo '{}' | kcat -P -b "$address" -t orders "$@" 2>/dev/null
}
send
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
    send -H "traceparent=bad-$i"
done
send -H traceparent=first-of-two -H "TraceParent=$good"
rm "$work/got.json"
consume 14 2>"$work/said"
grep -qx '14 messages, 1 without a context, 12 errors' "$work/said"
grep -c 'saw "bad-' "$work/said" | grep -qx 10
grep -qx 'and 2 more' "$work/said"
grep -o '"links":\[.*' "$work/got.json" | grep -o '"spanId":"[^"]*"' | grep -qx '"spanId":"b7ad6b7169203331"'
echo 'kafka: 12 invalid headers of another producer are reported, and its valid one is linked'

if "$programs/kafka_consumer" produce 1 --brokers 127.0.0.1:1 --output "$work/none.json" \
    2>"$work/said"; then
    echo 'kafka: no error was reported although the cluster is down'
    exit 1
fi
