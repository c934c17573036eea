#!/bin/sh
# SPDX-License-Identifier: MIT
# Tests the example http_relay end to end: a request passes through several relays.
#
#     sh tests/interop/http_relay.sh HTTP_RELAY
set -eu
program=$1
work=$(mktemp -d)
first=18081
second=18082
third=18083
fourth=18084
trace=0af7651916cd43dd8448eb211c80319c
finish() {
    kill "$one" "$two" "$three" "$four" 2>/dev/null || true
    rm -rf "$work"
}
"$program" "$first" --output "$work/first.json" --service first 2>"$work/first.log" &
one=$!
"$program" "$second" --output "$work/second.json" --service second 2>"$work/second.log" &
two=$!
"$program" "$third" --public --service third >"$work/third.json" 2>"$work/third.log" &
three=$!
OTEL_PROPAGATORS=b3,grpc-trace-bin,datadog,tracecontext "$program" "$fourth" --service fourth \
    --output "$work/fourth.json" 2>"$work/fourth.log" &
four=$!
trap finish EXIT

# post HEADER...: sends a request to the first relay, or to that on port $to, which calls the second.
post() {
    rm -f "$work/first.json" "$work/second.json"
    for header in "$@"; do
        printf 'header = "%s"\n' "$header"
    done | curl -s -f --retry 20 --retry-connrefused --retry-delay 1 --max-time 60 -K - \
        -d "[{\"url\": \"http://127.0.0.1:$second/\", \"arguments\": []}]" "http://127.0.0.1:${to:-$first}/"
}

# no_links: checks that the first relay's span has no links.
no_links() {
    if spans first 2 | grep -q '"links":\[{'; then
        echo 'a link without a valid sender'
        exit 1
    fi
}

# logged TEXT: checks that the first relay has logged the text.
logged() {
    grep -qF "$1" "$work/first.log" || {
        echo "the first relay has not logged: $1"
        cat "$work/first.log"
        exit 1
    }
}

# spans FILE KIND: prints the spans of a kind (2 server, 3 client), one per line.
spans() {
    grep "\"kind\":$2," "$work/$1.json"
}

field() {
    sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/"
}

# The trace id is kept, each span's parent is the previous span, and repeated headers are joined.
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

# Without a valid traceparent a new trace begins, without a link.
post "traceparent: 00-$trace-0000000000000000-01" "tracestate: a=1"
if grep -q -e "$trace" -e http_request -e 'a=1' "$work/first.json"; then
    echo "an invalid traceparent was used"
    exit 1
fi
new=$(spans first 3 | field traceId)
spans second 2 | grep -q "\"links\":\[{\"traceId\":\"$new\""
logged 'request 2: the span id in the traceparent is all zeros: saw "00-'

# Two traceparents are rejected and logged, as two lines or joined by a proxy. A dropped tracestate
# is logged, too; a request without headers is not.
other=00-$trace-00f067aa0ba902b7-01
post "traceparent: 00-$trace-b7ad6b7169203331-01" "traceparent: $other"
no_links
logged 'request 3: there is more than one traceparent header: saw "00-'
post "traceparent: 00-$trace-b7ad6b7169203331-01, $other"
no_links
logged 'request 4: two traceparents joined by a comma, as a proxy does: saw "00-'
post "traceparent: $other" "tracestate: rojo"
spans first 2 | grep -q '"links":\[{'
logged 'request 5: tracestate dropped: '
post "x-other: 1"
no_links
if grep -q 'request 6' "$work/first.log"; then
    echo "a request without headers was reported as an error"
    exit 1
fi

# Of many errors the first ten are logged, and at the end the number of further ones.
for i in 1 2 3 4 5 6 7 8 9; do
    post "traceparent: hello $i"
done
kill "$one"
wait "$one"
[ "$(grep -c 'request [0-9]*: ' "$work/first.log")" -eq 10 ]
logged 'http_relay: and 3 more'

# A public relay starts a new trace, links the caller, and continues the new trace in its calls.
to=$third post "traceparent: $other" "tracestate: rojo=1"
grep -q '"kind":2,' "$work/third.json"
grep '"kind":2,' "$work/third.json" >"$work/root.json"
grep -q '"parentSpanId":""' "$work/root.json"
grep -q "\"links\":\[{\"traceId\":\"$trace\",\"spanId\":\"00f067aa0ba902b7\",\"traceState\":\"rojo=1\"" "$work/root.json"
new=$(sed 's/"links".*//' "$work/root.json" | field traceId)
[ "$new" != "$trace" ]
grep '"kind":3,' "$work/third.json" | grep -q "\"traceId\":\"$new\""
spans second 2 | grep -q "\"traceId\":\"$new\""

# Several formats: the span of the last one is continued, different spans of others are linked. The
# relay sends all formats: the second relay reads its traceparent.
to=$fourth post "traceparent: $other" "tracestate: rojo=1" \
    "b3: 80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1" \
    "x-datadog-trace-id: 11803532876627986230" "x-datadog-parent-id: 67667974448284343"
grep '"kind":2,' "$work/fourth.json" >"$work/server.json"
grep -q "\"traceId\":\"$trace\"" "$work/server.json"
grep -q "\"links\":\[{\"traceId\":\"$trace\",\"spanId\":\"00f067aa0ba902b7\",\"traceState\":\"rojo=1\"" "$work/server.json"
grep -q '"traceId":"80f198ee56343ba864fe8b2a57d3eff7","spanId":"e457b5a2e4d86bd1".*"terminated_context".*"context_headers","value":{"stringValue":"b3"}' "$work/server.json"
grep -q '"traceId":"0000000000000000a3ce929d0e0e4736","spanId":"00f067aa0ba902b7".*"context_headers","value":{"stringValue":"datadog"}' "$work/server.json"
spans second 2 | grep -q "\"traceId\":\"$trace\""
rm "$work/fourth.json"

# gRPC's header is sent as base64, from one relay to another.
to=$fourth post "grpc-trace-bin: AAAK92UZFs1D3YRI6yEcgDGcAbeta3FpIDMxAgE"
grep '"kind":2,' "$work/fourth.json" | grep -q "\"links\":\[{\"traceId\":\"$trace\""
echo "http_relay: requests passed through four relays"
