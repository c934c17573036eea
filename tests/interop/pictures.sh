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
# edges TYPE: prints the number of links of a type in the picture.
edges() {
    grep -c -- "-> .*label=\"$1\"" "$work/links.dot" || true
}

# expect COUNT TYPE
expect() {
    if [ "$(edges "$2")" != "$1" ]; then
        echo "$(edges "$2") links of type $2, $1 expected"
        exit 1
    fi
}

# draw FILE...: with link_graph and Graphviz; "-" is standard input.
draw() {
    "$folder/link_graph" "$@" >"$work/links.dot"
    dot -Tsvg "$work/links.dot" >"$work/links.svg"
    grep -q '</svg>' "$work/links.svg"
}

for type in json pb; do
    "$folder/order_pipeline" order --output "$work/orders.$type" |
        "$folder/order_pipeline" payment --output "$work/payments.$type" |
        "$folder/order_pipeline" shipping --output "$work/shipping.$type"
    draw "$work/orders.$type" "$work/payments.$type" "$work/shipping.$type"
    expect 6 caused_by
    expect 3 follows_from

    "$folder/order_pipeline" order | "$folder/order_pipeline" payment |
        "$folder/order_pipeline" shipping >"$work/pipe"
    draw - <"$work/pipe"
    expect 6 caused_by
    expect 3 follows_from

    "$folder/etl_pipeline" --output "$work/etl.$type"
    draw "$work/etl.$type"
    expect 3 aggregates
    expect 1 follows_from

    "$folder/fan_out_fan_in" --output "$work/fan.$type"
    draw "$work/fan.$type"
    expect 8 spawned_from
    expect 8 aggregates

    "$folder/trace_aggregation" --output "$work/traces.$type" 2>"$work/warnings.txt"
    grep -q '4 of 12 links were cut; 8 are kept' "$work/warnings.txt"
    draw "$work/traces.$type"
    expect 3 aggregated_trace
    expect 8 related_operation
    expect 2 conditional
    expect 3 retry_of
    expect 4 dynamic
done

# If the collector is down: the address, the reason, exit status 1, and the spans are in the file.
status=0
"$folder/etl_pipeline" --output "$work/kept.pb" --endpoint http://127.0.0.1:1 2>"$work/error.txt" ||
    status=$?
test "$status" = 1
grep -q 'collector http://127.0.0.1:1/v1/traces: .*; the spans are in' "$work/error.txt"
draw "$work/kept.pb"
expect 3 aggregates

# Input that is not OTLP is reported.
echo 'no json' >"$work/broken.json"
if "$folder/link_graph" "$work/broken.json" 2>"$work/error.txt"; then
    exit 1
fi
grep -q 'broken.json: ' "$work/error.txt"
echo "pictures: 34 spans in four examples were drawn from JSON and from protobuf"
