#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the example batch_consumer and compares its output with that of other programs for the same
# messages: expected.awk computes links and counts, jansson reads JSON, protoc reads protobuf.
#
#     sh tests/examples/batch_consumer.sh CONSUMER OTLP_JSON_TO_TEXT
set -u
consumer=$1
to_text=$2
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
messages=$here/../../examples/data/messages.tsv
outcome=0
. "$here/support.sh"

protobuf_messages() {
    protoc "--$1=spanlink.interop.ExportTraceServiceRequest" \
        -I "$here/../interop" "$here/../interop/trace.proto"
}

# consume_as_expected MAX OVERFLOW FILE: the links and counts of the file must be expected.awk's.
consume_as_expected() {
    "$consumer" --max-links "$1" --overflow "$2" "$3" >request.json 2>err
    awk -v max="$1" -v overflow="$2" -f "$here/expected.awk" "$3" >wanted
    {
        "$to_text" <request.json | awk -f "$here/links.awk"
        tail -n 1 err
    } >found
    same "$2 of $1 links" found wanted
}

# Every policy, with limits from 0 to more than the number of links.
for overflow in keep_first keep_last sampled_first; do
    for max in 0 1 2 128 1000 1000000; do
        consume_as_expected "$max" "$overflow" "$messages"
    done
done

# A reservoir contains existing spans, and the same ones each time.
"$consumer" --overflow reservoir "$messages" >request.json 2>err || wrong 'reservoir failed'
"$to_text" <request.json | awk -f "$here/links.awk" | awk '{ print $1, $2 }' | sort -u >chosen
awk -v max=1000000 -v overflow=keep_first -f "$here/expected.awk" "$messages" |
    awk '{ print $1, $2 }' | sort >all
[ "$(wc -l <chosen)" -eq 128 ] || wrong 'a reservoir of 128 does not contain 128 spans'
[ -z "$(comm -23 chosen all)" ] || wrong 'the reservoir holds a span that no message has'
"$consumer" --overflow reservoir <"$messages" 2>err | "$to_text" | awk -f "$here/links.awk" |
    awk '{ print $1, $2 }' | sort >again
same 'the second choice of the reservoir' again chosen

# The request around the links with the default options, and the lines in examples/README.md.
"$consumer" "$messages" >request.json 2>err || wrong 'it failed'
seen=$(head -n 1 err | sed 's/.*\(: saw .*\)/\1/')
grep -qF -- "$seen" "$here/../../examples/README.md" || wrong "examples/README.md does not show $seen"
says "$here/../../examples/README.md" "$(tail -n 1 err)"
"$to_text" <request.json >request.txt || wrong 'what it prints is not OTLP/JSON'
[ "$(wc -l <request.json)" -eq 1 ] || wrong 'the request is not one line'
for line in \
    '        string_value: "batch_consumer"' \
    '      name: "spanlink-examples"' \
    '      name: "process_batch"' '      kind: 5' '      parent_span_id: ""' '      flags: 259' \
    '        key: "messaging.batch.message_count"' '          int_value: 2000' '      dropped_links_count: 1672'; do
    says request.txt "$line"
done
grep -q '^      trace_id: ".\{64\}"$' request.txt || wrong 'the span has no trace id'
grep -q '^      span_id: ".\{32\}"$' request.txt || wrong 'the span has no span id'
awk '
    /^      start_time_unix_nano: / { start = $2 }
    /^      end_time_unix_nano: / { end = $2 }
    END { exit !(length(start) == 19 && length(end) == 19 && start <= end) }' request.txt ||
    wrong 'the span does not start before it ends'

# The binary request equals the JSON, except for the ids and times of the span itself.
without_identity() {
    grep -v '^      \(trace_id\|span_id\|start_time_unix_nano\|end_time_unix_nano\):'
}
protobuf_messages encode <request.txt | protobuf_messages decode | without_identity >from_json
"$consumer" --protobuf "$messages" 2>err | protobuf_messages decode | without_identity >from_protobuf
same 'the binary request' from_protobuf from_json
[ "$(grep -c 'links {' from_protobuf)" -eq 128 ] || wrong 'the binary request lacks links'

# At most ten malformed lines are reported, with their numbers, the error, the text and the expected
# form, then the number of further ones. The exit status is 0 if one context is valid, or if there are
# no headers at all.
good='00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
{
    printf '%s\n' "$good" '' 'hello' "ff${good#00}" "$good	rojo=1" '-'
    awk 'BEGIN { for (i = 0; i < 40000; i++) printf "x" }'
    printf '\n'
    for i in 1 2 3 4 5 6 7 8 9; do echo "$i"; done
} >broken.tsv
ends 0 "$consumer" broken.tsv
[ "$(grep -c '^line ' err)" -eq 10 ] || wrong 'not ten malformed lines are named'
says err 'line 3: the version in the traceparent is not two lowercase hex digits, or is ff: saw "hello", expected one header 00-TRACE_ID-SPAN_ID-FLAGS of 32, 16 and 2 lowercase hex digits'
for number in 4 7 8 9 10 11 12 13 14; do
    grep -q "^line $number: [A-Za-z].*: saw \".*\".*, expected " err || wrong "line $number is not named with a reason"
done
says err 'and 2 more'
says err '16 messages: 1 links, 1 duplicates, 12 invalid, 0 over the limit, 2 without context, 0 tracestates dropped'
{
    echo "$good"
    awk 'BEGIN { for (i = 0; i < 109; i++) print "hello" }'
} >in
ends 0 "$consumer"
says err 'and 99 more'
rm in

# Lines may end with CRLF, contain any byte, and the last one may have no end.
{
    printf '%s\r\n' "$good" "$good	rojo=1" 'hello'
    printf '00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-00\trojo=00f067aa0ba902b7'
} >windows.tsv
consume_as_expected 128 keep_first windows.tsv
says err '4 messages: 2 links, 1 duplicates, 1 invalid, 0 over the limit, 0 without context, 0 tracestates dropped'

# If all contexts are invalid, the program fails; if there are none, it does not.
printf 'a\000b\n\000\n' >zeros.tsv
ends 1 "$consumer" zeros.tsv
says err '2 messages: 0 links, 0 duplicates, 2 invalid, 0 over the limit, 0 without context, 0 tracestates dropped'
says err 'line 1: the version in the traceparent is not two lowercase hex digits, or is ff: saw "a\x00b", expected one header 00-TRACE_ID-SPAN_ID-FLAGS of 32, 16 and 2 lowercase hex digits'
says err 'batch_consumer: zeros.tsv: no message has a valid context'
printf '\nhello\n' >none.tsv
ends 1 "$consumer" none.tsv
printf '\n\n' >none.tsv
ends 0 "$consumer" none.tsv
says err '2 messages: 0 links, 0 duplicates, 0 invalid, 0 over the limit, 2 without context, 0 tracestates dropped'

# Two traceparents joined by a proxy are reported as such, and so is a dropped tracestate.
printf '%s\n' "$good,$good" "$good	hello" >joined.tsv
ends 0 "$consumer" joined.tsv
says err "line 1: two traceparents joined by a comma, as a proxy does: saw \"$good,$good\", expected one header 00-TRACE_ID-SPAN_ID-FLAGS of 32, 16 and 2 lowercase hex digits"
says err 'line 2: tracestate dropped: a tracestate member has no equals sign: saw "hello", expected 1 to 32 members KEY=VALUE, separated by commas'
says err '2 messages: 1 links, 0 duplicates, 1 invalid, 0 over the limit, 0 without context, 1 tracestates dropped'

# In a log a header is a column, or follows its name; text of a client in another column is no header.
# An event's own traceparent takes precedence over that of its last hop.
cat >in <<END
h "GET /?traceparent=00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba90209-01 HTTP/1.1" "it's" "a \\" traceparent=\\"x" "$good"
h level=info http_traceparent=00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba90202-01 tracestate=a=1 x="y"
h '00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba90203-01' 'b=1'
2026 {"traceparent":"00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba90204-01","tracestate": "a=1"}
h "GET /?traceparent=00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba90209-01 HTTP/1.1" "-"
END
ends 0 "$consumer"
"$to_text" <out | awk -f "$here/links.awk" | awk '{ print $2, $4, $5 }' >found
printf '%s\n' 'b7ad6b7169203331 0 ' '00f067aa0ba90202 1 a=1' '00f067aa0ba90203 2 ' '00f067aa0ba90204 3 a=1' >wanted
same 'the links of a log' found wanted
cat >in <<END
{"ce-specversion": "1.0", "ce-traceparent": "$good", "traceparent": "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba90201-01"}
{"specversion": "1.0", "traceparent": "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba90202-01", "headers": {"traceparent": "$good"}}
END
ends 0 "$consumer"
"$to_text" <out | awk -f "$here/links.awk" | awk '{ print $2 }' >found
printf '%s\n' b7ad6b7169203331 00f067aa0ba90202 >wanted
same 'the links of events' found wanted
rm in

# Empty input is a batch without messages.
ends 0 "$consumer" /dev/null
"$to_text" <out >empty.txt || wrong 'no messages give no OTLP/JSON'
says empty.txt '          int_value: 0'
says err '0 messages: 0 links, 0 duplicates, 0 invalid, 0 over the limit, 0 without context, 0 tracestates dropped'
ends 0 "$consumer"

# --split drops no link: 1,000 senders become eight child spans of one span, in JSON and protobuf.
awk 'BEGIN {
    for (i = 1; i <= 1000; i++) {
        printf "00-0af7651916cd43dd8448eb211c80319c-%016x-01\tn=%d\n", i, i
        if (i % 10 == 0) printf "00-0af7651916cd43dd8448eb211c80319c-%016x-01\n", i / 10
    }
}' >thousand.tsv
ends 0 "$consumer" --split thousand.tsv
says err '1100 messages: 1000 links, 100 duplicates, 0 invalid, 0 over the limit, 0 without context, 0 tracestates dropped'
"$to_text" <out >split.txt
[ "$(grep -c '^    spans {' split.txt)" -eq 9 ] || wrong 'not a parent and eight children'
holds split.txt 8 'name: "process_batch_part"'
holds split.txt 1000 'links {'
holds split.txt 0 'links.truncated'
awk '
    /^    spans \{/ { number++; links = 0 }
    /^      span_id: / && number == 1 { parent = $2 }
    /^      parent_span_id: / && number > 1 && $2 != parent { print "another parent" }
    /^      trace_id: / { if (number > 1 && $2 != trace) print "another trace"; trace = $2 }
    /^      links \{/ { if (++links > 128) print "too many links" }' split.txt >strange
[ ! -s strange ] || wrong "$(head -n 1 strange)"
awk -f "$here/links.awk" split.txt | awk '{ print $2, $5 }' | sort >found
awk 'BEGIN { for (i = 1; i <= 1000; i++) printf "%016x n=%d\n", i, i }' | sort >wanted
same 'the links of --split' found wanted
ends 0 "$consumer" --split --protobuf thousand.tsv
protobuf_messages decode <out >split.pb.txt
holds split.pb.txt 1000 'links {'
holds split.pb.txt 8 'name: "process_batch_part"'
ends 0 "$consumer" --split --max-links 300 thousand.tsv
"$to_text" <out >split.txt
holds split.txt 4 'name: "process_batch_part"'
ends 0 "$consumer" --split /dev/null

# Errors of reading and writing are reported with the reason.
ends 1 "$consumer" missing.tsv
says err 'batch_consumer: missing.tsv: No such file or directory'
ends 1 "$consumer" .
says err 'batch_consumer: .: Is a directory'
if [ -c /dev/full ]; then
    "$consumer" "$messages" >/dev/full 2>err
    [ $? -eq 1 ] || wrong 'a full disk is no failure'
    says err 'batch_consumer: standard output: No space left on device'
fi

# Wrong arguments print the usage.
ends 0 "$consumer" --help
says out 'usage: batch_consumer [OPTION]... [FILE]'
for arguments in --unknown --max-links '--max-links -1' '--max-links 1x' --overflow '--overflow best' \
    '--max-links 99999999999999999999999' 'one two' --input '--input xml' '--split --max-links 0'; do
    # shellcheck disable=SC2086
    ends 2 "$consumer" $arguments
    says err 'usage: batch_consumer [OPTION]... [FILE]'
done

# A million messages of a million spans, 90 MB, and one line of 100 MB are processed in 32 MB of
# memory. Sanitizers reserve terabytes: if no program can run in 32 MB, only the counts are checked.
stream() {
    awk 'BEGIN {
        for (i = 1; i <= 1000000; i++) {
            printf "00-0af7651916cd43dd8448eb211c80319c-%016x-01\tcongo=t61rcWkgMzE,rojo=00f0\n", i
        }
    }'
    head -c 100000000 /dev/zero
}
memory=32768
# shellcheck disable=SC3045 # A shell without ulimit -v has no bound.
(ulimit -v "$memory" && "$consumer" --help) >/dev/null 2>&1 || memory=unlimited
# shellcheck disable=SC3045
stream | (ulimit -v "$memory" && "$consumer" --overflow keep_last >request.json 2>err) ||
    wrong 'a million messages are too many'
says err '1000001 messages: 128 links, 0 duplicates, 1 invalid, 999872 over the limit, 0 without context, 0 tracestates dropped'
"$to_text" <request.json | awk -f "$here/links.awk" | tail -n 1 >found
echo '0af7651916cd43dd8448eb211c80319c 00000000000f4240 769 999999 congo=t61rcWkgMzE,rojo=00f0 of 1000000' >wanted
same 'the last of a million links' found wanted

exit "$outcome"
