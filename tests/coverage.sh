#!/bin/sh
# SPDX-License-Identifier: MIT
# Measures the coverage of src/ by the unit tests: every line, every branch both ways, and every
# condition that decides by itself (MC/DC). Lists uncovered ones, and fails if there are more than
# tests/support/coverage.py allows.
#
#     sh tests/coverage.sh
#
# Counters are atomic, because some tests have threads and a lost count would show as an uncovered
# branch. NDEBUG, because the conditions of assertions never fail. Code for different machines is
# measured in variants; what is uncovered in all variants counts as uncovered.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh

trees=$PWD/build/coverage

need_compiler
need clang-19 compiles clang-19 c
need libclang-rt-19-dev links clang-19 -fprofile-instr-generate -fcoverage-mapping
need llvm-19 command -v llvm-cov-19
need python3 command -v python3

# measure VARIANT CMAKE OPTION...: builds and runs the unit tests, and exports what they covered.
measure() {
    variant=$1
    tree=$trees/$variant
    shift
    rm -rf "$tree/profiles"
    build_in "$tree" -DCMAKE_C_COMPILER=clang-19 -DCMAKE_BUILD_TYPE=None \
        -DCMAKE_C_FLAGS='-O1 -DNDEBUG -fprofile-instr-generate -fcoverage-mapping -fcoverage-mcdc -fprofile-update=atomic' \
        -DSPANLINK_TEST_STANDIN=ON -DSPANLINK_BUILD_EXAMPLES=OFF "$@" &&
        LLVM_PROFILE_FILE=$tree/profiles/%p.profraw test_in "$tree" &&
        llvm-profdata-19 merge -o "$tree/all.profdata" "$tree"/profiles/*.profraw &&
        export_as text json && export_as lcov lcov
}

# export_as FORMAT SUFFIX: the coverage of src/ by the test programs of this variant.
export_as() {
    find "$tree/tests" -maxdepth 1 -type f -name 'test_*' -perm -u+x -printf '-object=%p\0' |
        xargs -0 llvm-cov-19 export -format="$1" -skip-functions -skip-expansions \
            -instr-profile "$tree/all.profdata" -sources "$PWD/src" >"$tree/export.$2"
}

# Vector code, and plain code instead.
install_missing &&
    measure default &&
    measure portable -DSPANLINK_PORTABLE=ON &&
    python3 tests/support/coverage.py . "$trees"/*/export.json "$trees"/*/export.lcov
