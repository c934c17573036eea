#!/bin/sh
# SPDX-License-Identifier: MIT
# Fuzzes each door of the library, from the committed inputs on, and stops at the first fault. As many
# run at once as there are processors.
#
#     sh tests/fuzz.sh [SECONDS] [TARGET...]
#
# SECONDS a target, 20 if it is not given; the targets are the names in tests/fuzz/corpus. What is
# found on the way stays in build/fuzz/found/TARGET, an input that breaks something in build/fuzz.
#
#     sh tests/fuzz.sh minimise [TARGET...]
#
# puts the smallest set of found inputs that covers as much in the place of the committed ones.
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

# fuzz TARGET: the line that it prints tells what it covered and how often it ran.
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

# one WORK SECONDS TARGET: what this script calls itself for. 255 tells xargs to start no other.
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
