#!/bin/sh
# SPDX-License-Identifier: MIT
# Counts the instructions of the builds that a user may have, measures this version beside 0.1, in
# turns, and writes the tables between the marks in README.md here. Optional: no other command runs
# it. Takes about five minutes, on an idle machine.
#
#     sh tests/bench/builds.sh [--build | ROUNDS]
#
# --build only builds. There are 9 rounds; the fastest counts.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/../.." || exit 1
. tests/support/setup.sh
. tests/support/callgrind.sh

build=$PWD/build/builds
version_0_1=ed7bf63
workloads='traceparent_parse extract_w3c_8 list_add_reused list_add_4_texts dedup_10000 otlp_encode
    otlp_decode collector_add_1 cache_hit_1'

# The names of the builds: what comes first, the others are compared with.
variants='gcc_O3_static default gcc_O3_shared gcc_O2_static gcc_O2_shared
    clang_O3_static clang_O3_shared clang_O2_static clang_O2_shared'

# variant NAME: builds the bench.
variant() {
    compiler=${1%%_*} level=${1#*_} shared=OFF
    case $1 in *_shared) shared=ON ;; esac
    set -- "$build/$1"
    if [ "$compiler" != default ]; then
        set -- "$1" -DCMAKE_C_COMPILER="$compiler" -DBUILD_SHARED_LIBS=$shared \
            -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS_RELEASE="-${level%_*} -DNDEBUG"
    fi
    cmake -S . -B "$@" -DSPANLINK_BUILD_TESTS=OFF -DSPANLINK_BUILD_EXAMPLES=OFF \
        -DSPANLINK_BUILD_BENCH=ON &&
        cmake --build "$1" --target bench --parallel "$(jobs_at_once)"
}

# with_peers NAME SOURCES FLAG...: what peers/ measures of spanlink, with the library in SOURCES.
with_peers() {
    name=$1 sources=$2
    shift 2
    cmake -S "$sources" -B "$build/$name" -DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=Release \
        -DSPANLINK_BUILD_TESTS=OFF -DSPANLINK_BUILD_EXAMPLES=OFF &&
        cmake --build "$build/$name" --target spanlink --parallel "$(jobs_at_once)" &&
        gcc -std=c11 -D_POSIX_C_SOURCE=200809L -O3 -DNDEBUG -I"$sources/include" "$@" \
            tests/bench/peers/c/spanlink.c "$build/$name/libspanlink.a" -lpthread \
            -o "$build/$name/peer"
}

# As peers/ does, once with 0.1, whose functions some macros adapt.
build_goals() {
    mkdir -p "$build/sources" &&
        git archive "$version_0_1" include src CMakeLists.txt | tar -x -C "$build/sources" &&
        with_peers 0.1 "$build/sources" -include tests/bench/peers/c/as_0_1.h &&
        with_peers now .
}

build_all() {
    mkdir -p "$build" || return
    for each in $variants; do
        quietly variant "$each" || return
    done
    quietly build_goals
}

# Lines of: build, workload, nanoseconds.
time_goals() {
    mkdir -p "$build/out/encode" "$build/out/encode_texts" "$build/out/json" "$build/out/json_texts"
    for each in 0.1 now; do
        "$build/$each/peer" "$build/out" | awk -v OFS='\t' -v name="$each" '{ print name, $1, $3 }'
    done
}

# count_variant NAME: lines of build, workload, instructions.
count_variant() {
    export BENCH="$build/$1/tests/bench/bench"
    for workload in $workloads; do
        "$BENCH" --list | awk -F '\t' -v name="$workload" '$1 == name { print $1, $3 }'
    done | xargs -P "$(jobs_at_once)" -n 2 sh tests/bench/instructions.sh --measure | sed "s/^/$1	/"
}

count_all() {
    for each in $variants; do
        count_variant "$each" || return
    done
}

# measure ROUNDS
measure() {
    round=0
    while [ "$round" -lt "$1" ]; do
        round=$((round + 1))
        time_goals || return
        echo "round $round of $1 done" >&2
    done
}

versions() {
    echo "Measured on $(date +%F)."
    echo
    echo "- processor: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(jobs_at_once) cores"
    echo "- spanlink: $(git describe --always --dirty)"
    echo "- gcc $(gcc -dumpfullversion), clang $(clang -dumpversion), $(getconf GNU_LIBC_VERSION); all with -DNDEBUG"
    default=$build/default/CMakeCache.txt
    echo "- CMake's default: $(basename "$(sed -n 's/^CMAKE_C_COMPILER:.*=//p' "$default")")," \
        "$(sed -n 's/^CMAKE_BUILD_TYPE:.*=//p' "$default")," \
        "$(sed -n 's/^CMAKE_C_FLAGS_RELEASE:.*=//p' "$default"), static"
}

rounds=${1:-9}
case $rounds in
--build | [1-9] | [1-9][0-9]) ;;
*)
    echo 'usage: builds.sh [--build | ROUNDS]' >&2
    exit 2
    ;;
esac
need_compiler
need 'gcc libc6-dev' compiles gcc c
need_clang
need python3 command -v python3
need valgrind command -v valgrind
install_missing && build_all || exit
[ "$rounds" != --build ] || exit 0
measure "$rounds" >"$build/results" && count_all >>"$build/results" && versions >"$build/versions" &&
    python3 tests/bench/builds.py "$build"
