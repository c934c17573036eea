#!/bin/sh
# SPDX-License-Identifier: MIT
# Changes the sources in one small place after another, and says which changes no unit test notices.
#
#     sh tests/mutation.sh [--sample N] [--seed S] [--minutes M] [--jobs J] [--again LOG] [FILE...]
#
# FILE is one of src/, or all of them. All changes take an hour or two. With --sample, N changes of
# each file are made, chosen by the seed; with --again, only those that an earlier run's output says
# to have survived. --minutes ends the run early.
#
# It fails where fewer than nine of ten changes are noticed (LEAST_SCORE in tests/support/mutation.py).
# No list says which of the others make no difference. Most of them are of these kinds:
#
#   - The result is the same by a longer way: a fast path is not taken, a hash has other bits.
#   - A table or block grows in other steps, or a bound that is more than enough is one larger.
#   - At the bound itself both ways give the same (`<` for `<=` where both branches agree).
#   - A value is set again before it is read, or memory is zero already.
#   - Only 2^30 links, a text of 2 GiB or a collision of 64 bits would show a difference.
#   - Another test notices: MemorySanitizer, tests/cost.sh, or a build for 32 bits.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh

need 'gcc libc6-dev' compiles gcc c
need 'gcc libc6-dev' compiles cc c
need tcc command -v tcc
need python3 command -v python3
mkdir -p build
install_missing && python3 tests/support/mutation.py "$PWD/build/mutation" --jobs "$(jobs_at_once)" "$@"
