#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the example batch_consumer on typical files: the samples in examples/data, and files with other
# encodings, quotes and broken documents.
#
#     sh tests/examples/inputs.sh CONSUMER OTLP_JSON_TO_TEXT
set -u
consumer=$1
to_text=$2
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
data=$here/../../examples/data
outcome=0
. "$here/support.sh"

trace=4bf92f3577b34da6a3ce929d0e0e4736
good=00-$trace-00f067aa0ba90201-01
other=00-$trace-00f067aa0ba90202-01

# links: the links of the request in `out`, as the last two digits of the span id and the tracestate.
links() {
    "$to_text" <out >out.txt || wrong 'what it prints is not OTLP/JSON'
    awk -f "$here/links.awk" out.txt | sed "s/^$trace [0-9a-f]\{14\}\([0-9a-f][0-9a-f]\) [0-9]* [0-9]*/\1/" |
        tr '\n' ';'
}

# gives LINKS SUMMARY ARGUMENT...: runs the program, which must succeed and find these links. The
# summary is `links invalid without dropped`.
gives() {
    links_wanted=$1
    counts_wanted=$2
    shift 2
    ends 0 "$consumer" "$@"
    found=$(links)
    [ "$found" = "$links_wanted" ] || wrong "the links are $found, not $links_wanted"
    found=$(tail -n 1 err | sed 's/.*: \([0-9]*\) links, [0-9]* duplicates, \([0-9]*\) invalid, [0-9]* over the limit, \([0-9]*\) without context, \([0-9]*\) .*/\1 \2 \3 \4/')
    [ "$found" = "$counts_wanted" ] || {
        wrong "the counts are $found, not $counts_wanted"
        cat err
    }
}

# sample FILE KIND LINKS SUMMARY: with the kind detected and given, from a file and from a pipe.
sample() {
    gives "$3" "$4" "$data/$1"
    cp err looked
    gives "$3" "$4" --input "$2" "$data/$1"
    same "--input $2" err looked
    cp "$data/$1" in
    gives "$3" "$4" -
    # With a byte order mark and CRLF, as on Windows.
    { printf '\357\273\277' && sed 's/$/\r/' "$data/$1"; } >in
    gives "$3" "$4" -
    rm in
    [ "$(grep -c "$1" "$here/../../examples/README.md")" -gt 0 ] || wrong "examples/README.md lacks $1"
}

sample kafka.txt kafka '01 congo=t61rcWkgMzE,rojo=00f067aa0ba902b7;02;04;05;' '4 1 1 0'
sample kcat.json kcat '01 congo=t61rcWkgMzE;03;04;06;' '4 2 1 1'
sample sqs.json sqs '5759e988bd862e3fe1be46a994272793 53995c3f42cd8ad8 769 0;02 congo=t61rcWkgMzE;05;' '3 1 1 0'
sample sns.json sns '01 congo=t61rcWkgMzE;04;' '2 1 1 0'
sample cloudevents.json cloudevents '01 congo=t61rcWkgMzE;02;04;06;' '4 1 1 0'
sample celery.json celery '01 congo=t61rcWkgMzE;04;' '2 1 1 0'
sample amqp.json amqp '01 congo=t61rcWkgMzE;' '1 1 1 0'
sample environment.txt env '01 congo=t61rcWkgMzE;' '1 0 0 0'
sample access.log log '01 congo=t61rcWkgMzE;02;04;' '3 1 1 0'

# Errors are reported with the line, the text and the expected form.
ends 0 "$consumer" "$data/kcat.json"
holds err 1 'line 4: the trace id in the traceparent is all zeros: saw "00-00000000000000000000000000000000-00f067aa0ba90204-01", expected one header 00-'
holds err 1 'line 5: tracestate dropped: '
holds err 1 'line 6: this is not JSON: '
ends 0 "$consumer" "$data/sqs.json"
holds err 1 'line 1, message 4: '
ends 0 "$consumer" "$data/access.log"
holds err 1 'line 5: two traceparents joined by a comma, as a proxy does: '

# Tables: two spaces, quotes, columns with names; a column that is not a tracestate.
cat >in <<END
$good  a=1, b=2
"$other"	"a=1,b=2"
"00-$trace-00f067aa0ba90203-01","a=1,b=2"
'00-$trace-00f067aa0ba90204-01' 'a=1'
00-$trace-00f067aa0ba90205-01	{"order": 1}
00-$trace-00f067aa0ba90206-01	a=1	b=2
END
gives '01 a=1, b=2;02 a=1,b=2;03 a=1,b=2;04 a=1;05;06 a=1;' '6 0 0 1'
holds err 1 'line 5: tracestate dropped: '
for separator in '\t' ','; do
    {
        printf "payload${separator}traceparent${separator}n${separator}tracestate\n"
        printf "\"order=1,b=2\"${separator}%s${separator}7${separator}a=1\n" "$good"
        printf "order=2${separator}${separator}8${separator}\n"
        printf "order=3${separator}%s${separator}9${separator}\n" "$other"
    } >in
    gives '01 a=1;02;' '2 0 1 0'
done
printf 'traceparent\tpayload\n%s\torder=1\n' "$good" >in
gives '01;' '1 0 0 0'

# A newline at the end of a tracestate is reported, in JSON as well.
printf '{"traceparent": "%s", "tracestate": "a=1\\n"}' "$good" >in
gives '01;' '1 0 0 1'
holds err 1 'saw "a=1\x0a", expected'

# Amazon's header: a valid traceparent takes precedence; a trace without a span is no context.
cat >in <<END
{"ReceiptHandle": "1", "Attributes": {"AWSTraceHeader": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"}}
{"ReceiptHandle": "2", "Attributes": {"AWSTraceHeader": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8"},
  "MessageAttributes": {"traceparent": {"StringValue": "$good"}}}
{"ReceiptHandle": "3", "Attributes": {"AWSTraceHeader": "Root=1-5759e988-bd86;Parent=53995c3f42cd8ad8"}}
END
gives '01;' '1 1 1 0'
grep -q '^line 4.*: saw "Root=1-5759e988-bd86;Parent=53995c3f42cd8ad8", expected Root=1-TIME-ID;Parent=ID' err ||
    wrong "Amazon's header is not named"

# Senders with all formats: those of --formats are read, or those of OTEL_PROPAGATORS. A span in two
# formats is linked once, with its tracestate.
if "$consumer" --formats b3 /dev/null >/dev/null 2>&1; then
    all=b3,xray,datadog,jaeger,cloud_trace,tracecontext
    gives '01 congo=t61rcWkgMzE;02;03;04;05;06;07;08 rojo=00f067aa0ba902b7;' '8 1 1 0' --formats $all "$data/senders.json"
    grep -q '^line 10: the span id .*: saw "'$trace'-00F067AA0BA9020A-1", expected TRACE_ID-SPAN_ID-SAMPLED' err ||
        wrong "the malformed header of B3 is not named"
    export OTEL_PROPAGATORS=$all,smoke
    gives '01 congo=t61rcWkgMzE;02;03;04;05;06;07;08 rojo=00f067aa0ba902b7;' '8 1 1 0' "$data/senders.json"
    says err 'batch_consumer: OTEL_PROPAGATORS: unknown: smoke'
    gives '02;03;04;08;' '4 1 5 0' --formats b3,xray "$data/senders.json"
    OTEL_PROPAGATORS=none
    gives '' '0 0 10 0' "$data/senders.json"
    unset OTEL_PROPAGATORS
    gives '01 congo=t61rcWkgMzE;04;08 rojo=00f067aa0ba902b7;' '3 0 7 0' "$data/senders.json"
    ends 2 "$consumer" --formats b3,smoke "$data/senders.json"
fi

# Environments: from the system, as printed by a shell, several in sequence.
printf 'A=1\000TRACEPARENT=%s\000TRACESTATE=a=1\000' "$good" >in
gives '01 a=1;' '1 0 0 0'
printf 'declare -x TRACEPARENT="%s"\nexport TRACESTATE=%s\nHOME=/\nTRACEPARENT=%s\n' "$good" "'a=1'" "$other" >in
gives '01 a=1;02;' '2 0 0 0'
env -i PATH=/bin HOME=/ env >in
gives '' '0 0 1 0'
env -i TRACEPARENT=hello PATH=/bin env >in
ends 1 "$consumer"
holds err 1 'saw "hello", expected one header'

# Lambda's events, batches of CloudEvents, messages of Pub/Sub, headers with several values.
cat >in <<END
{"Records": [{"messageId": "1", "receiptHandle": "x", "body": "{}", "messageAttributes":
  {"traceparent": {"stringValue": "$good", "dataType": "String"}}},
 {"messageId": "2", "receiptHandle": "y", "body": "{\"MessageAttributes\":{\"traceparent\":{\"Type\":\"String\",\"Value\":\"$other\"}}}"}]}
END
gives '01;02;' '2 0 0 0'
echo "{\"Records\":[{\"EventSource\":\"aws:sns\",\"Sns\":{\"MessageAttributes\":{\"traceparent\":{\"Type\":\"String\",\"Value\":\"$good\"}}}}]}" >in
gives '01;' '1 0 0 0'
echo "[{\"specversion\":\"1.0\",\"traceparent\":\"$good\"},{\"specversion\":\"1.0\"},7]" >in
gives '01;' '1 1 1 0'
holds err 1 'line 1, message 3: this is no message: expected CloudEvents as JSON'
echo "[{\"ackId\":\"1\",\"message\":{\"attributes\":{\"googclient_traceparent\":\"$good\",\"googclient_tracestate\":\"a=1\"}}}]" >in
gives '01 a=1;' '1 0 0 0'
echo "{\"headers\":{\"traceparent\":[\"$good\",\"$other\"]}} {\"headers\":{\"Diagnostic-Id\":\"$good\",\"Tracestate\":\"a=1\"}}" >in
gives '01;' '1 1 0 0'
holds err 1 'there is more than one traceparent'

# Only broken documents are lost: cut inside a string, cut at a line's end, with junk between.
cat >in <<END
{"traceparent": "$good"}
junk
{"traceparent": "$good", "x": "
{"traceparent": "$good", "x": [
{
  "traceparent": "$other"
},
{"x": "\u0000", "offset": 99999999999999999999999999, "traceparent": "00-$trace-00f067aa0ba90203-01"}
END
gives '01;02;03;' '3 3 0 0' --input json
for line in 2 3 4; do
    grep -q "^line $line: this is not JSON: " err || grep -q "^line $line, .*: this is not JSON: " err ||
        wrong "line $line is not named"
done
echo '{"traceparent": ' >in
ends 1 "$consumer"
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "["; print "" }' >in
ends 1 "$consumer"
holds err 1 'line 1: this is not JSON: '
{
    printf '{"x": "'
    head -c 20000000 /dev/zero | tr '\0' x
    printf '"}\n{"traceparent": "%s"}\n' "$good"
} >in
gives '01;' '1 1 0 0'
holds err 1 'line 1: the document is too long: '

# Headers of hostile senders: 100,000 of one name are processed in little time.
awk -v good="$good" 'BEGIN {
    printf "{\"tstype\":\"create\",\"headers\":["
    for (i = 0; i < 100000; i++) printf "\"traceparent\",\"%s\",", good
    printf "\"traceparent\",\"%s\"]}\n", good
}' >in
gives '01;' '1 0 0 0'
awk -v good="$good" 'BEGIN {
    for (i = 0; i < 100000; i++) printf "traceparent:%s,", good
    printf "x:y\tkey\tvalue\n"
}' >in
gives '01;' '1 0 0 0'

# UTF-16 is reported as such, with the command that converts it.
for encoding in UTF-16 UTF-16LE UTF-16BE; do
    iconv -f UTF-8 -t "$encoding" "$data/access.log" >in
    ends 1 "$consumer"
    says err 'batch_consumer: standard input: this is UTF-16; convert it first: iconv -f UTF-16 -t UTF-8'
done

# Any junk is reported; input that contains only junk is a failure.
for junk in hello '{"a":1' '"' 'a=b' '<xml/>' '---'; do
    printf '%s\n' "$junk" >in
    ends 1 "$consumer"
    holds err 1 "saw "
done
exit "$outcome"
