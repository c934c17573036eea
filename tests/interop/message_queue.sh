#!/bin/sh
# SPDX-License-Identifier: MIT
# Tests the example message_queue with a real broker: every message must be linked once, even if the
# consumer is killed half-way with unacknowledged messages.
#
#     sh tests/interop/message_queue.sh MESSAGE_QUEUE
set -eu
program=$1
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
broker=$here/../../examples/rabbitmq.sh
work=$(mktemp -d)
port=5673
export RABBITMQ_FOLDER="$work/broker"
finish() {
    sh "$broker" stop "$port"
    rm -rf "$work"
}
trap finish EXIT
# names: prints the ports on which Erlang's name server runs: its usual one, and the script's.
names() {
    for at in 4369 24369; do
        ERL_EPMD_PORT=$at epmd -names >/dev/null 2>&1 && echo "$at"
    done
    true
}
before=$(names)
chmod 755 "$work"
sh "$broker" start "$port"

# linked FILE: prints the message ids of the links in a file, one per line.
linked() {
    grep -o '"messaging.message.id","value":{"stringValue":"[^"]*"' "$1" | sed 's/.*:"\(.*\)"/\1/' | sort
}

# round MODE...: produces 60 messages, kills a consumer half-way, and lets another one finish.
round() {
    rm -f "$work"/*.json
    "$program" produce 60 --port "$port" --output "$work/sent.json" "$@"
    if "$program" consume 60 --batch 4 --crash-after 26 --port "$port" --output "$work/got.json"; then
        echo "the consumer was not killed"
        exit 1
    fi
    "$program" consume 60 --batch 4 --port "$port" --output "$work/got.json"
    seq 0 59 | sed 's/^/message-/' | sort >"$work/wanted.txt"
    linked "$work/got.json" >"$work/found.txt"
    diff "$work/wanted.txt" "$work/found.txt"
    # Each link points to the span that sent the message.
    for id in message-0 message-31 message-59; do
        span=$(grep "\"$id\"" "$work/sent.json" | sed 's/.*"spanId":"\([0-9a-f]*\)".*/\1/')
        grep -q "\"spanId\":\"$span\"[^}]*\"attributes\":\[{\"key\":\"link.type\",\"value\":{\"stringValue\":\"follows_from\"" \
            "$work/got.json"
    done
}

round
round --hex
round --bytes
"$program" consume 1 --port "$port" --output "$work/none.json"
if [ -e "$work/none.json" ]; then
    echo "messages remain in the queue"
    exit 1
fi

# A broker that is down: a clear message with the address, and exit status 1.
status=0
"$program" produce 1 --port 1 --output "$work/none.json" 2>"$work/error.txt" || status=$?
grep -q '127.0.0.1:1: connection' "$work/error.txt"
test "$status" = 1
# The script also stops the name server.
trap - EXIT
finish
if [ "$(names)" != "$before" ]; then
    echo "Erlang's name server still runs, on port $(names)"
    exit 1
fi
echo "message_queue: 180 messages were each linked once, although a consumer was killed"
