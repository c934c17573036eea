#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs missing packages, builds everything and runs all tests. The last line counts the results.
#
#     sh tests/run.sh [PRESET] [CMAKE OPTION...]
#
# PRESET is default, asan or release (see CMakePresets.json).
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh

preset=default
case ${1-} in
'' | -*) ;;
*)
    preset=$1
    shift
    ;;
esac
results=$PWD/build/$preset/results.xml

build_and_test() {
    need_test_tools
    install_missing &&
        cmake --preset "$preset" "$@" &&
        cmake --build --preset "$preset" --parallel "$(jobs_at_once)" &&
        ctest --preset "$preset" --parallel "$(jobs_at_once)" --output-junit "$results"
}

# matches PATTERN: the number of matching lines in the results.
matches() {
    count=$(grep -c -- "$1" "$results" 2>/dev/null)
    echo "${count:-0}"
}

rm -f "$results"
build_and_test "$@"
outcome=$?
if [ ! -f "$results" ]; then
    echo 'No test was run: see the preceding messages.'
    exit 1
fi

# A test that could not start has the status of a skipped one: only skipped tests report it.
passed=$(matches '<testcase .* status="run"')
skipped=$(matches '<skipped message="SKIP_\|<testcase .* status="disabled"')
failed=$(($(matches '<testcase ') - passed - skipped))
if [ "$skipped" -gt 0 ]; then
    echo "$skipped skipped"
fi
echo "$passed passed, $failed failed"
[ "$outcome" -eq 0 ] && [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
