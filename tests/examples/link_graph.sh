#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the example link_graph: JSON and protobuf with the same data give the same picture, only broken
# spans are skipped, files in other formats are reported, and the work is linear.
#
#     sh tests/examples/link_graph.sh LINK_GRAPH
set -u
graph=$1
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
outcome=0
. "$here/support.sh"

trace=0af7651916cd43dd8448eb211c80319c
bytes='\x0a\xf7\x65\x19\x16\xcd\x43\xdd\x84\x48\xeb\x21\x1c\x80\x31\x9c'
ids="\"traceId\":\"$trace\",\"spanId\":\"b7ad6b7169203331\""
id_bytes="trace_id: \"$bytes\" span_id: \"\\xb7\\xad\\x6b\\x71\\x69\\x20\\x33\\x31\""
type='"attributes":[{"key":"link.type","value":{"stringValue":"batch_item"}}]'
type_text='attributes { key: "link.type" value { string_value: "batch_item" } }'
good_link="{\"traceId\":\"$trace\",\"spanId\":\"00f067aa0ba902b7\",$type}"
good_link_text="links { trace_id: \"$bytes\" span_id: \"\\x00\\xf0\\x67\\xaa\\x0b\\xa9\\x02\\xb7\" $type_text }"

# json SPAN...: a request with these spans, in `it.json`.
json() {
    spans=$1
    shift
    for span in "$@"; do
        spans="$spans,$span"
    done
    printf '{"resourceSpans":[{"scopeSpans":[{"spans":[%s]}]}]}\n' "$spans" >it.json
}

# protobuf SPAN...: the same in protobuf's text format, in `it.pb`.
protobuf() {
    for span in "$@"; do
        printf 'resource_spans { scope_spans { spans { %s } } }\n' "$span"
    done | protoc --encode=spanlink.interop.ExportTraceServiceRequest -I "$here/../interop" \
        "$here/../interop/trace.proto" >it.pb || wrong 'protoc does not take the text'
}

# both STATUS NODES EDGES: checks that it.json and it.pb give the same picture, with NODES boxes and
# EDGES arrows.
both() {
    ends "$1" "$graph" it.pb
    mv out pb.dot
    sed 's/it\.pb/it/' err >pb.err
    ends "$1" "$graph" it.json
    same 'the picture of JSON' out pb.dot
    sed 's/it\.json/it/' err >json.err
    [ "$(grep -c '\[label=.*\];$' out)" -eq $(($2 + $3)) ] || wrong "not $2 boxes and $3 arrows"
    holds out "$3" ' -> '
}

# A span with a link.
json "{$ids,\"name\":\"a\",\"links\":[$good_link]}"
protobuf "$id_bytes name: \"a\" $good_link_text"
both 0 1 1
holds out 1 '[label="batch_item"]'

# A link with only a missing or empty id is skipped; one with attributes is drawn.
json "{$ids,\"links\":[{},{\"traceId\":\"\",\"spanId\":\"\"},{\"traceId\":null},{\"traceId\":\"$trace\",\"spanId\":\"\"},$good_link]}" \
    "{$ids,\"links\":[{\"traceId\":\"$trace\",$type},{\"traceState\":\"a=1\"}]}"
protobuf "$id_bytes links { } links { trace_id: \"\" } links { } links { trace_id: \"$bytes\" } $good_link_text" \
    "$id_bytes links { trace_id: \"$bytes\" $type_text } links { trace_state: \"a=1\" }"
both 0 2 3
[ ! -s err ] || wrong 'what is well is complained of'

# A link with only the markers of a truncated list is skipped.
json "{$ids,\"links\":[{\"attributes\":[{\"key\":\"links.truncated\",\"value\":{\"boolValue\":true}},{\"key\":\"links.original_count\",\"value\":{\"intValue\":\"9\"}}]}]}"
protobuf "$id_bytes links { attributes { key: \"links.truncated\" value { bool_value: true } } attributes { key: \"links.original_count\" value { int_value: 9 } } }"
ends 0 "$graph" it.pb
mv out pb.dot
ends 0 "$graph" it.json
same 'the picture of a void link' out pb.dot

# Only the invalid span is skipped: without ids, with ids of another length, with an invalid link.
json "{$ids,\"name\":\"a\"}" '{"name":"b"}' "{\"traceId\":\"$trace\",\"spanId\":\"b7ad\",\"name\":\"c\"}" \
    "{$ids,\"name\":\"d\",\"links\":[{\"traceId\":\"0af7\",$type}]}" "{$ids,\"name\":\"e\"}" \
    "{\"traceId\":\"00000000000000000000000000000000\",\"spanId\":\"b7ad6b7169203331\"}"
protobuf "$id_bytes name: \"a\"" 'name: "b"' "trace_id: \"$bytes\" span_id: \"\\xb7\\xad\" name: \"c\"" \
    "$id_bytes name: \"d\" links { trace_id: \"\\x0a\\xf7\" $type_text }" "$id_bytes name: \"e\"" \
    'trace_id: "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" span_id: "\xb7\xad\x6b\x71\x69\x20\x33\x31"'
both 0 2 0
for number in 2 3 4 6; do
    grep -q "^link_graph: it: span $number: " json.err || wrong "JSON's span $number is not named"
    grep -q "^link_graph: it: span $number: " pb.err || wrong "protobuf's span $number is not named"
done
json "{$ids,\"links\":{}}" '{"name":"b"}' "{$ids,\"links\":[{\"traceId\":7}]}" "{$ids,\"links\":[{\"traceId\":\"${trace%c}x\"}]}"
ends 1 "$graph" it.json
holds err 4 'link_graph: it.json: span '
[ ! -s out ] || wrong 'an empty picture is drawn'

# Values as the library and other programs write them: \u0000, numbers above INT64_MAX and as text, and
# null for missing values.
json "{$ids,\"name\":\"a\\u0000b\",\"startTimeUnixNano\":18446744073709551615,\"endTimeUnixNano\":\"18446744073709551615\",\"links\":[{\"traceId\":\"$trace\",\"spanId\":\"00f067aa0ba902b7\",\"traceState\":null,\"attributes\":[{\"key\":\"a\\u0000\",\"value\":{\"stringValue\":\"\\u0000\"}},{\"key\":\"link.type\",\"value\":{\"stringValue\":\"a\\u0000b\"}},{\"key\":\"n\",\"value\":{\"intValue\":99999999999999999999}},{\"key\":\"m\",\"value\":null}]}]}"
protobuf "$id_bytes name: \"a\\0b\" start_time_unix_nano: 18446744073709551615 links { trace_id: \"$bytes\" span_id: \"\\x00\\xf0\\x67\\xaa\\x0b\\xa9\\x02\\xb7\" attributes { key: \"link.type\" value { string_value: \"a\\0b\" } } }"
both 0 1 1
holds out 2 '[label="a b"]'

# Protobuf: an id with another wire type is an unknown field; a group is skipped.
# bytes OCTAL...: appends to a file.
put() {
    printf "$1" >>"$2"
}
: >span
put '\010\001' span                                      # field 1 as a varint
put '\011\001\002\003\004\005\006\007\010' span          # field 1 as fixed64
put '\243\006\012\003abc\244\006' span                   # a group, field 100, with field 1 in it
put '\012\020\012\367\145\031\026\315\103\335\204\110\353\041\034\200\061\234' span
put '\022\010\267\255\153\161\151\040\063\061' span
put '\020\001' span                                      # field 2 as a varint
put '\052\001a' span
size=$(($(wc -c <span)))
: >it.pb
put "$(printf '\\012\\%03o\\022\\%03o\\022\\%03o' $((size + 4)) $((size + 2)) "$size")" it.pb
cat span >>it.pb
ends 0 "$graph" it.pb
holds out 1 "\"$trace-b7ad6b7169203331\" [label=\"a\"]"
head -c 20 it.pb >cut.pb
cat it.pb cut.pb >both.pb
ends 1 "$graph" both.pb
holds out 1 '[label="a"]'
says err 'link_graph: both.pb: the bytes are no protobuf, or are cut short: expected an ExportTraceServiceRequest'
ends 0 "$graph" - <it.pb
cp it.pb in
ends 0 "$graph" -
holds out 1 '[label="a"]'
rm in

# Files in other formats are reported, with the expected format.
# shape JSON WORDS
shape() {
    printf '%s\n' "$1" >other.json
    ends 1 "$graph" other.json
    holds err 1 "link_graph: other.json: line 1: $2"
    holds err 1 'expected lines of OTLP/JSON, {"resourceSpans":['
    [ ! -s out ] || wrong 'an empty picture is drawn'
}
shape '{"data":[{"traceID":"1","spans":[]}]}' "this is what Jaeger's API and UI give, with \"data\""
shape '[{"traceID":"1","spans":[]}]' "this is Jaeger's format"
shape '{"batches":[]}' "this is Tempo's \"batches\""
shape '{"trace":{"resourceSpans":[]}}' "this is what Tempo's API gives, with \"trace\""
shape '[{"traceId":"1","id":"2","name":"a","timestamp":1}]' "this is Zipkin's format"
shape '[]' 'this is an array at the top'
shape '[{"resourceSpans":[]}]' 'this is an array at the top'
shape '{"resource_spans":[{"scope_spans":[]}]}' 'its names are written with underscores (snake_case)'
shape '{"resourceSpans":[{"scope_spans":[]}]}' 'its names are written with underscores (snake_case)'
shape '{"resourceSpans":[{"scopeSpans":[{"spans":[{"trace_id":"1"}]}]}]}' 'its names are written with underscores (snake_case)'
shape '{"resourceSpans":[{"instrumentationLibrarySpans":[]}]}' 'this is OTLP/JSON of before 2022'
shape '{"resourceLogs":[]}' 'this object has no "resourceSpans"'
shape 'hello' 'this is not JSON: '
json '{"traceId":"CvdlGRbNQ92ESOshHIAxnA==","spanId":"t61rcWkgMzE=","name":"a"}'
ends 1 "$graph" it.json
says err 'link_graph: it.json: span 1: its ids are base64, and those of OTLP/JSON are hex'

# If a line or file is invalid, the others are drawn, and the exit status is 1.
json "{$ids,\"name\":\"a\"}"
{ echo '{"data":[]}' && cat it.json && echo '{"cut": "' && cat it.json; } >mixed.json
ends 1 "$graph" mixed.json missing.json
holds out 2 '[label="a"]'
holds err 1 'mixed.json: line 1: '
holds err 1 'mixed.json: line 3: this is not JSON: '
says err 'link_graph: missing.json: No such file or directory'
awk 'BEGIN { for (i = 0; i < 109; i++) print "{}x" }' >junk.json
ends 1 "$graph" junk.json
holds err 10 ': this is not JSON'
says err 'link_graph: and 99 more'
{ printf '\357\273\277' && cat it.json; } >bom.json
ends 0 "$graph" bom.json
iconv -f UTF-8 -t UTF-16 it.json >utf16.json
ends 1 "$graph" utf16.json
holds err 1 'utf16.json: this is UTF-16'
: >empty.json
ends 0 "$graph" empty.json
says err 'link_graph: empty.json: no spans'

# 40,000 traces are drawn quickly; their boxes are in the order of the spans.
awk -v type="$type" 'BEGIN {
    for (i = 1; i <= 40000; i++) {
        t = i % 20000 + 1
        printf "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"%032x\",\"spanId\":\"%016x\",\"name\":\"s\"}]}]}]}\n", i <= 20000 ? i : 80000 - i, i
    }
}' >many.json
ends 0 "$graph" many.json
holds out 40000 'subgraph'
holds out 40000 '[label="s"]'
grep 'subgraph' out | sed -n '1p;20000p;20001p;40000p' | tr -dc '0-9a-f_\n' | sed 's/.*_//' >found
printf '%032x\n' 1 20000 59999 40000 >wanted
same 'the order of the traces' found wanted
exit "$outcome"
