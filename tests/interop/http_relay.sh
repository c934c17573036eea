#!/bin/sh
# SPDX-License-Identifier: MIT
# The example http_relay, end to end: a request travels through two relays and comes out in one trace.
#
#     sh tests/interop/http_relay.sh HTTP_RELAY
#
# Exit status 77 says that curl is not installed.
set -eu
program=$1
work=$(mktemp -d)
first=18081
second=18082
trace=0af7651916cd43dd8448eb211c80319c

if ! command -v curl >/dev/null; then
    echo "skipped: install Debian's package curl"
    exit 77
fi
finish() {
    kill "$one" "$two" 2>/dev/null || true
    rm -rf "$work"
}
"$program" "$first" --output "$work/first.json" --service first 2>"$work/first.log" &
one=$!
"$program" "$second" --output "$work/second.json" --service second 2>"$work/second.log" &
two=$!
trap finish EXIT

# post HEADER...: to the first relay, which is to call the second.
post() {
    rm -f "$work"/*.json
    for header in "$@"; do
        printf 'header = "%s"\n' "$header"
    done | curl -s -f --retry 20 --retry-connrefused --retry-delay 1 --max-time 60 -K - \
        -d "[{\"url\": \"http://127.0.0.1:$second/\", \"arguments\": []}]" "http://127.0.0.1:$first/"
}

# spans FILE KIND: those of a kind (2 server, 3 client), one a line.
spans() {
    grep "\"kind\":$2," "$work/$1.json"
}

field() {
    sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/"
}

# The trace id stays, each span's parent is the one before it, and repeated headers are joined.
post "traceparent: 00-$trace-b7ad6b7169203331-01" "tracestate: a=1" "tracestate: b=2"
for file in first second; do
    spans "$file" 2 | grep -q "\"traceId\":\"$trace\""
    spans "$file" 2 | grep -q '"traceState":"a=1,b=2"'
    spans "$file" 2 | grep -q '"stringValue":"http_request"'
done
client=$(spans first 3 | sed 's/"links".*//' | field spanId)
spans second 2 | grep -q "\"parentSpanId\":\"$client\""
spans second 2 | grep -q "\"links\":\[{\"traceId\":\"$trace\",\"spanId\":\"$client\""
spans first 2 | grep -q "\"links\":\[{\"traceId\":\"$trace\",\"spanId\":\"b7ad6b7169203331\""

# Without a valid traceparent a new trace begins, which has no link.
post "traceparent: 00-$trace-0000000000000000-01" "tracestate: a=1"
if grep -q -e "$trace" -e http_request -e 'a=1' "$work/first.json"; then
    echo "an invalid traceparent was used"
    exit 1
fi
new=$(spans first 3 | field traceId)
spans second 2 | grep -q "\"links\":\[{\"traceId\":\"$new\""
echo "http_relay: two requests went through two relays"
