#!/bin/sh
# SPDX-License-Identifier: MIT
# Changes the sources in one small place after another, and says which changes no unit test notices.
#
#     sh tests/mutation.sh [--sample N] [--seed S] [--minutes M] [FILE...]
#
# FILE is one of src/, or all of them. With --sample, N changes of each file, chosen by the seed;
# else all of them, which takes hours. --minutes ends the run early. The tests of the concept that
# was changed run first. tests/mutation-equivalent.txt holds changes that make no difference.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh

tree=$PWD/build/mutation
need_compiler
need python3 command -v python3
mkdir -p "$tree"
install_missing &&
    cmake -S . -B "$tree" -G 'Unix Makefiles' -DCMAKE_BUILD_TYPE=None -DCMAKE_C_FLAGS=-O1 \
        -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DSPANLINK_TEST_STANDIN=ON \
        -DSPANLINK_BUILD_EXAMPLES=OFF >"$tree.log" &&
    cmake --build "$tree" --parallel "$(jobs_at_once)" >>"$tree.log" &&
    python3 tests/support/mutation.py "$tree" --jobs "$(jobs_at_once)" "$@"
