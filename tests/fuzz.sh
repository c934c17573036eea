#!/bin/sh
# SPDX-License-Identifier: MIT
# Fuzzes each entry point of the library, starting from the committed inputs, and stops at the first
# failure. As many targets run at once as there are processors.
#
#     sh tests/fuzz.sh [SECONDS] [TARGET...]
#
# SECONDS per target, default 20; the targets are the names in tests/fuzz/corpus. New inputs are
# kept in build/fuzz/found/TARGET, an input that causes a failure in build/fuzz.
#
#     sh tests/fuzz.sh minimise [TARGET...]
#
# replaces the committed inputs by the smallest set of found inputs with the same coverage.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh

most_bytes=1024

install() {
    need_test_tools
    need_clang -fsanitize=fuzzer-no-link,address,undefined
    install_missing
}

# The targets are meant to split into words.
# shellcheck disable=SC2046,SC2086
build() {
    cmake -S . -B build/fuzz -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=Debug \
        -DCMAKE_C_FLAGS='-O1 -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all' \
        -DSPANLINK_FUZZ=ON -DSPANLINK_BUILD_EXAMPLES=OFF -DSPANLINK_WERROR=ON &&
        cmake --build build/fuzz --parallel "$(jobs_at_once)" --target $(printf 'fuzz_%s ' $targets)
}

# fuzz TARGET: prints its coverage and the number of runs.
fuzz() {
    mkdir -p "build/fuzz/found/$1"
    "build/fuzz/tests/fuzz/fuzz_$1" -max_total_time="$seconds" -max_len="$most_bytes" \
        -timeout=10 -print_final_stats=1 -artifact_prefix="build/fuzz/$1-" \
        "build/fuzz/found/$1" "tests/fuzz/corpus/$1" >"build/fuzz/$1.log" 2>&1
    outcome=$?
    if [ $outcome -ne 0 ]; then
        tail -n 60 "build/fuzz/$1.log"
    fi
    covered=$(grep -o 'cov: [0-9]* ft: [0-9]*' "build/fuzz/$1.log" | tail -n 1)
    echo "$1: $covered $(grep 'number_of_executed_units' "build/fuzz/$1.log")"
    return $outcome
}

# minimise TARGET: small inputs only, so that the repository stays small.
minimise() {
    rm -rf "build/fuzz/least/$1"
    mkdir -p "build/fuzz/least/$1" "tests/fuzz/corpus/$1" "build/fuzz/found/$1"
    "build/fuzz/tests/fuzz/fuzz_$1" -set_cover_merge=1 -use_counters=0 -max_len=256 "build/fuzz/least/$1" \
        "tests/fuzz/corpus/$1" "build/fuzz/found/$1" >"build/fuzz/$1.log" 2>&1 &&
        rm -rf "tests/fuzz/corpus/$1" &&
        cp -R "build/fuzz/least/$1" "tests/fuzz/corpus/$1"
}

# one WORK SECONDS TARGET: the script calls itself for each target. 255 makes xargs stop.
if [ "${1-}" = one ]; then
    seconds=$3
    "$2" "$4" || exit 255
    exit
fi

work=fuzz
seconds=20
case ${1-} in
minimise)
    work=minimise
    shift
    ;;
[0-9]*)
    seconds=$1
    shift
    ;;
esac
targets=${*:-$(ls tests/fuzz/corpus)}

# The targets are meant to split into words.
# shellcheck disable=SC2086
install && build &&
    printf '%s\n' $targets | xargs -n 1 -P "$(jobs_at_once)" sh tests/fuzz.sh one "$work" "$seconds"
