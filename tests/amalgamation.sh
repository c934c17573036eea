#!/bin/sh
# SPDX-License-Identifier: MIT
# Writes the library as one pair of files and builds a consumer with them.
#
#     sh tests/amalgamation.sh          with cc and c++
#     sh tests/amalgamation.sh all      also with gcc, clang, musl-gcc and tcc, under each option,
#                                       and runs the unit tests against the pair
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
pair=$work/pair
warnings='-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wvla
    -Wmissing-prototypes -Wstrict-prototypes -Wcast-align -Werror'

# library COMPILER...: the object file of the pair.
library() {
    # Word splitting of the warnings is intended.
    # shellcheck disable=SC2086
    "$@" -std=c11 $warnings -c "$pair/spanlink.c" -o "$work/spanlink.o"
}

# consumer COMPILER...: compiles and runs a program that includes spanlink.h.
consumer() {
    "$@" -DCONSUMER_SINGLE_FILE -I "$pair" tests/consumer/consumer.c -x none \
        "$work/spanlink.o" -o "$work/program" -pthread && "$work/program"
}

# exported FLAG...: the names that a shared library with the pair in it exports.
exported() {
    cc -std=c11 -shared -fPIC -fvisibility=hidden "$@" "$pair/spanlink.c" -o "$work/shared.so" \
        -pthread && nm -D --defined-only "$work/shared.so" | awk '{ print $3 }' | LC_ALL=C sort
}

# In another library the pair exports nothing; as a separate library it exports the usual names.
exports_on_request_only() {
    exported >"$work/silent" && ! grep . "$work/silent" &&
        exported -DSPANLINK_SHARED >"$work/shared" && diff "$work/shared" tests/abi/exports.txt
}

# unit_tests: all unit tests, with a library that is built from the pair.
unit_tests() {
    build_in build/amalgamated -DSPANLINK_AMALGAMATED=ON -DSPANLINK_WERROR=ON \
        -DSPANLINK_BUILD_EXAMPLES=OFF && test_in build/amalgamated -LE tree
}

sh src/package/amalgamate.sh "$pair" || exit 1
if ! library cc; then
    echo 'The single file does not compile. It contains all of src/, so the names of static functions,'
    echo 'types, macros and enumerators must be unique in src/: rename the duplicate.'
    exit 1
fi
try 'a C11 program' consumer cc -std=c11
try 'a C++17 program' consumer c++ -std=c++17 -x c++
try 'the exported names' exports_on_request_only

if [ "${1-}" = all ]; then
    for option in '' -DSPANLINK_NO_THREADS -DSPANLINK_NO_OTLP -DSPANLINK_NO_FORMATS -DSPANLINK_PORTABLE; do
        for compiler in gcc clang musl-gcc; do
            # An empty option must not become a word.
            # shellcheck disable=SC2086
            try "$compiler $option" library $compiler -O2 $option
            # shellcheck disable=SC2086
            try "a program by $compiler $option" consumer $compiler -std=c11 $option
        done
        try "tcc $option" library tcc -DSPANLINK_NO_THREADS $option
        try "a program by tcc $option" consumer tcc -std=c11 -DSPANLINK_NO_THREADS $option
    done
    try 'the unit tests' unit_tests
fi
exit $outcome
