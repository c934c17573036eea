#!/bin/sh
# SPDX-License-Identifier: MIT
# Checks src/ with clang-tidy-19, as configured in .clang-tidy.
#
#     sh tests/tidy.sh [FILE...]     all of src/ if none is given
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."
if [ $# -eq 0 ]; then
    # No source has a space in its name.
    # shellcheck disable=SC2046
    set -- $(find src -name '*.c' | sort)
fi
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
printf '%s\n' "$@" | xargs -P "$jobs" -I '{}' clang-tidy-19 --quiet '{}' -- \
    -std=c11 -Iinclude -Isrc -DSPANLINK_BUILDING 2>/dev/null
