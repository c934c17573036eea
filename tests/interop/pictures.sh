#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the examples that need no service, reads their output with link_graph, and draws it with
# Graphviz.
#
#     sh tests/interop/pictures.sh FOLDER      FOLDER contains the examples' programs
set -eu
folder=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# draws LINKS FILE...: draws the files with link_graph and Graphviz; "-" is standard input. LINKS has the
# number of links of each type.
draws() {
    wanted=$1
    shift
    "$folder/link_graph" "$@" >"$work/links.dot"
    dot -Tsvg "$work/links.dot" >"$work/links.svg"
    grep -q '</svg>' "$work/links.svg"
    found=$(sed -n 's/.* -> .*label="\([^"]*\)".*/\1/p' "$work/links.dot" | sort | uniq -c | xargs)
    if [ "$found" != "$wanted" ]; then
        echo "the links are $found, not $wanted"
        exit 1
    fi
}

orders='6 caused_by 3 follows_from'
for type in json pb; do
    "$folder/order_pipeline" order --output "$work/orders.$type" |
        "$folder/order_pipeline" payment --output "$work/payments.$type" |
        "$folder/order_pipeline" shipping --output "$work/shipping.$type"
    draws "$orders" "$work/orders.$type" "$work/payments.$type" "$work/shipping.$type"

    "$folder/order_pipeline" order | "$folder/order_pipeline" payment |
        "$folder/order_pipeline" shipping >"$work/pipe"
    draws "$orders" - <"$work/pipe"

    "$folder/etl_pipeline" --output "$work/etl.$type"
    draws '3 aggregates 1 follows_from' "$work/etl.$type"

    "$folder/fan_out_fan_in" --output "$work/fan.$type"
    draws '8 aggregates 8 spawned_from' "$work/fan.$type"

    "$folder/trace_aggregation" --output "$work/traces.$type" 2>"$work/warnings.txt"
    grep -q '4 of 12 links were cut; 8 are kept' "$work/warnings.txt"
    draws '3 aggregated_trace 2 conditional 4 dynamic 8 related_operation 3 retry_of' "$work/traces.$type"
done

# If the collector is down: the address, the reason, exit status 1, and the spans are in the file.
status=0
"$folder/etl_pipeline" --output "$work/kept.pb" --endpoint http://127.0.0.1:1 2>"$work/error.txt" ||
    status=$?
test "$status" = 1
grep -q 'collector http://127.0.0.1:1/v1/traces: .*; the spans are in' "$work/error.txt"
draws '3 aggregates 1 follows_from' "$work/kept.pb"

# Input that is not OTLP is reported.
echo 'no json' >"$work/broken.json"
if "$folder/link_graph" "$work/broken.json" 2>"$work/error.txt"; then
    exit 1
fi
grep -q 'broken.json: ' "$work/error.txt"
echo "pictures: 34 spans in four examples were drawn from JSON and from protobuf"
