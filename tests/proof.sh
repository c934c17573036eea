#!/bin/sh
# SPDX-License-Identifier: MIT
# Proves the ACSL contracts of the portable traceparent and hex code, and the absence of run-time
# errors: Frama-C's WP with z3 and cvc4. Fails if a goal is not proved.
#
#     sh tests/proof.sh [SECONDS PER GOAL]
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh

seconds=${1:-60}
functions=slnk_hex_value,slnk_hex_worse,slnk_hex_decode_portable
functions=$functions,slnk_hex_encode_portable,slnk_hex_decode_trace_id
functions=$functions,slnk_hex_decode_span_id,slnk_hex_encode,slnk_text_is_space
functions=$functions,slnk_text_trim,slnk_text_is_broken,slnk_bytes_are_zero
functions=$functions,header_version_is_valid,check_header_end,read_header_flags
functions=$functions,read_header_trace_id,read_header_span_id,read_header,read_short_header,read_spaced_header
functions=$functions,spanlink_traceparent_parse,spanlink_traceparent_format

need frama-c-base command -v frama-c
need why3 command -v why3
need z3 command -v z3
need cvc4 command -v cvc4
install_missing || exit 1

# Why3 stores its list of provers in a file: one in the build tree.
mkdir -p build
export WHY3CONFIG="$PWD/build/why3.conf"
[ -f "$WHY3CONFIG" ] || why3 config detect >/dev/null 2>&1 || exit 1

frama-c -machdep gcc_x86_64 -cpp-extra-args='-DSPANLINK_PORTABLE -Iinclude -Isrc' -instantiate \
    src/traceparent.c -then -wp -wp-rte -wp-prover z3,cvc4 -wp-timeout "$seconds" \
    -wp-par "$(jobs_at_once)" -wp-fct "$functions" >build/proof.log 2>&1 || {
    tail -n 30 build/proof.log
    exit 1
}
grep -A 3 'Failed\] Goal' build/proof.log
grep 'Proved goals' build/proof.log |
    awk '{ print $4 " of " $6 " goals proved"; good = $4 == $6 && $6 > 0 } END { exit !good }'
