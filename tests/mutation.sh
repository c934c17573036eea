#!/bin/sh
# SPDX-License-Identifier: MIT
# Changes the sources at one place after another, and reports the changes that no unit test detects.
#
#     sh tests/mutation.sh [--sample N] [--seed S] [--minutes M] [--jobs J] [--again LOG] [FILE...]
#
# FILE is in src/; default: all files. All changes take an hour or two. With --sample, N changes of
# each file are made, selected by the seed; with --again, only those that survived an earlier run,
# according to its output. --minutes ends the run early.
#
# Fails if fewer than nine of ten changes are detected (LEAST_SCORE in tests/support/mutation.py).
# No list tells which of the others make no difference. Most of them are of these kinds:
#
# - The result is the same, computed in a slower way: a fast path is not taken, a hash has other
#   bits.
# - A table or block grows in other steps, or a generous bound is one larger.
# - At the bound itself both branches give the same result (`<` for `<=`).
# - A value is set again before it is read, or memory is already zero.
# - Only 2^30 links, a text of 2 GiB or a collision of 64 bits would show a difference.
# - Another test detects it: MemorySanitizer, tests/cost.sh, or a build for 32 bits.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh

need 'gcc libc6-dev' compiles gcc c
need 'gcc libc6-dev' compiles cc c
need tcc command -v tcc
need python3 command -v python3
mkdir -p build
install_missing && python3 tests/support/mutation.py "$PWD/build/mutation" --jobs "$(jobs_at_once)" "$@"
