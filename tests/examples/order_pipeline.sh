#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the example order_pipeline: orders go through, and bad lines and headers cost only themselves.
#
#     sh tests/examples/order_pipeline.sh ORDER_PIPELINE
set -u
program=$1
outcome=0
. "$(dirname -- "$0")/support.sh"

trace=0af7651916cd43dd8448eb211c80319c
order=00-$trace-b7ad6b7169203331-01
payment=00-$trace-00f067aa0ba902b7-01
future=01-$trace-53995c3f42cd8ad8-01-what-comes-later

# The spans of all steps come out at the end of the pipeline, and nothing is left in the folder.
"$program" order | "$program" payment | "$program" shipping >spans || wrong 'the pipeline failed'
[ "$(wc -l <spans)" -eq 9 ] || wrong 'not nine spans'
holds spans 9 '{"resourceSpans":['
holds spans 6 '"stringValue":"caused_by"'
holds spans 3 '"stringValue":"follows_from"'
[ "$(ls)" = spans ] || wrong 'the examples write files that nobody asked for'

# With --output they go there, and only orders are handed on.
"$program" order --output o.json | "$program" payment --output p.json >handed_on
[ "$(wc -l <o.json)" -eq 3 ] && [ "$(wc -l <p.json)" -eq 3 ] || wrong 'the files lack spans'
[ "$(grep -c '^[123] 00-[0-9a-f-]*-03 00-[0-9a-f-]*-03$' handed_on)" -eq 3 ] ||
    wrong 'no three orders with two headers are handed on'

# A header is judged whole: 55 good characters with something behind them are no version 00, and a
# later version may be longer. The order goes on in either case.
printf '%s\n' "1 $order -" "2 ${order}x -" "3 $order-01 -" "4 $future -" >in
ends 1 "$program" payment --output p.json
[ "$(cut -d ' ' -f 1 out | tr '\n' ' ')" = '1 2 3 4 ' ] || wrong 'orders are lost'
holds err 1 "order_pipeline payment: line 2: "
holds err 1 "saw \"${order}x\", expected one header 00-TRACE_ID-SPAN_ID-FLAGS"
holds err 1 "saw \"$order-01\", expected"
holds err 0 'line 1:'
holds err 0 'line 4:'
says err 'order_pipeline payment: order 2: no link to a step that has sent no context: saw "order"'
holds p.json 1 '"spanId":"b7ad6b7169203331"'
holds p.json 1 '"spanId":"53995c3f42cd8ad8"'
tail -n 4 p.json | grep -c '"caused_by"' >count
[ "$(cat count)" -eq 2 ] || wrong 'a header that was refused is linked'
grep -q '^2 - 00-' out || wrong 'a header that was refused is handed on'

# What is no order is named, costs nothing that follows, and is not handed on.
printf '%s\r\n' "1 $order -" 'junk' '{junk}' "x2 $order -" "-3 $order -" "4 $order - more" "5 $order" '' \
    "99999999999999999999 $order -" "6	$order  -" >in
ends 1 "$program" payment --output p2.json
[ "$(cut -d ' ' -f 1 out | tr '\n' ' ')" = '1 6 ' ] || wrong 'not the orders 1 and 6'
[ "$(wc -l <p2.json)" -eq 2 ] || wrong 'an order is invented or lost'
holds err 8 ': this is not an order'
says err "order_pipeline payment: line 2: this is not an order: saw \"junk\", expected NUMBER TRACEPARENT|- TRACEPARENT|-"

# The first ten are named, then how many more.
awk 'BEGIN { for (i = 0; i < 109; i++) print "junk" }' >in
ends 1 "$program" shipping
holds err 10 'this is not an order'
says err 'order_pipeline shipping: and 99 more'
[ ! -s out ] || wrong 'junk gives spans'

# What cannot be written is a failure.
if [ -c /dev/full ]; then
    "$program" order --output o2.json >/dev/full 2>err
    [ $? -eq 1 ] || wrong 'a full disk is no failure'
fi

# A step that has sent no context is named, and is no failure.
printf '7 - -\n' >in
ends 0 "$program" shipping
holds err 2 'order 7: no link to a step that has sent no context'
holds out 1 '"links":[]'

# A line of 2 MB is a line. The last line needs no end. Nothing is nothing.
awk -v order="$order" -v payment="$payment" 'BEGIN {
    for (i = 0; i < 2000000; i++) printf "x"
    printf "\n8 %s %s", order, payment
}' >in
ends 1 "$program" shipping
holds err 1 'line 1: this is not an order'
holds out 1 '"intValue":"8"'
rm in
ends 0 "$program" shipping
ends 2 "$program" delivery
ends 2 "$program"
exit $outcome
