#!/bin/sh
# SPDX-License-Identifier: MIT
# Compares the size of the library, built with -Os and stripped, with its bounds, and searches for
# writable static data.
#
#     sh tests/size.sh
#
# Of the whole library the loaded size is bounded: code, constants and tables, which size(1) calls
# "text". Of the small build only the machine code is bounded, of the concepts without threads or
# OTLP; its constants, mostly the texts of the statuses, are printed. The only static data allowed
# are the thread-local bytes of collector and cache whose addresses identify threads.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# archive NAME CMAKE_OPTION...: builds build/NAME/libspanlink.a and strips it.
archive() {
    name=$1
    shift
    quietly build_in "$work/$name" -DCMAKE_BUILD_TYPE=MinSizeRel -DSPANLINK_BUILD_TESTS=OFF \
        -DSPANLINK_BUILD_EXAMPLES=OFF "$@" &&
        strip --strip-unneeded "$work/$name/libspanlink.a" || exit 1
}

# sections NAME PATTERN [LEFT_OUT]: the bytes of the sections whose names match, in all object files
# except those whose names match LEFT_OUT.
sections() {
    size -A "$work/$1/libspanlink.a" | awk -v pattern="$2" -v left_out="${3:-^$}" '
        / :$|ex / { counts = $1 !~ left_out }
        counts && $1 ~ pattern { sum += $2 }
        END { print sum + 0 }'
}

# bounded WHAT BYTES MOST
bounded() {
    echo "$1: $2 bytes (at most $3)"
    if [ "$2" -gt "$3" ] || [ "$2" -eq 0 ]; then
        echo "  TOO LARGE"
        outcome=1
    fi
}

archive small -DSPANLINK_NO_FORMATS=ON -DSPANLINK_NO_OTLP=ON -DSPANLINK_NO_THREADS=ON
archive whole
left_out='^(collector|cache)'
bounded 'code without the formats, otlp, otlp_json, collector and cache' \
    "$(sections small '^\.text' "$left_out")" 40960
echo "constants: $(sections small '^\.rodata' "$left_out") bytes"
bounded 'all of it' "$(sections whole '^\.(text|rodata|eh_frame|data)')" 77824

# Everything that SPANLINK_NO_FORMATS leaves out.
formats='^(b3|xray|datadog|jaeger|cloud_trace|binary|sql_comment|field)\.'
all=$(sections whole '^\.text')
bounded 'code of the header formats' "$((all - $(sections whole '^\.text' "$formats")))" 8192

static=$(sections whole '^\.(data|bss|tdata)(\.|$)')
relocated=$(sections whole '^\.data\.rel\.ro')
thread_local=$(sections whole '^\.tbss')
if [ "$((static - relocated))" -ne 0 ] || [ "$thread_local" -gt 2 ]; then
    echo "writable static data: $((static - relocated)) bytes, thread-local: $thread_local bytes"
    outcome=1
fi
# The need of a device: text, static memory and stack.
sh tests/bare_metal.sh --measure cortex-m3 || outcome=1
exit $outcome
