#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs multi-threaded programs under tools that detect a missing lock even if nothing goes wrong. A
# report fails the run.
#
#     sh tests/threads.sh [tsan|helgrind]...     both if none is given
#
# tsan is ThreadSanitizer, by gcc and by clang; helgrind is valgrind's. Each must first report a
# planted race.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh

build=$PWD/build/threads
programs='test_lock test_collector test_collector_no_memory test_cache_threads stress_collector stress_cache'

# configure_and_build NAME TREE CMAKE OPTION...
configure_and_build() {
    name=$1
    tree=$2
    shift 2
    # The list is meant to split into words.
    # shellcheck disable=SC2086
    cmake -S "$tree" -B "$build/$name" -DCMAKE_BUILD_TYPE=RelWithDebInfo \
        -DSPANLINK_BUILD_EXAMPLES=OFF -DSPANLINK_TEST_STANDIN=ON "$@" >/dev/null &&
        cmake --build "$build/$name" --parallel "$(jobs_at_once)" --target $programs >/dev/null
}

# run_all NAME SIZE TOOL...: each program under the tool; prints its output if there is a report.
run_all() {
    name=$1
    size=$2
    shift 2
    for program in $programs; do
        if STRESS_SIZE=$size "$@" "$build/$name/tests/$program" >"$build/$name/log" 2>&1; then
            echo "$name: $program: no report"
        else
            cat "$build/$name/log"
            echo "$name: $program: FAILED"
            return 1
        fi
    done
}

# plant_race: a copy of the tree in which adding to a collector does not lock.
plant_race() {
    rm -rf "$build/planted"
    mkdir -p "$build/planted"
    cp -R CMakeLists.txt include src tests LICENSE "$build/planted"
    sed -i '/slnk_lock_[a-z]*(&own->lock)/d' "$build/planted/src/collector.c"
    if cmp -s src/collector.c "$build/planted/src/collector.c"; then
        echo 'The race could not be planted.'
        return 1
    fi
}

# must_report NAME TEXT TOOL...: whether the tool reports the planted race.
must_report() {
    name=$1
    text=$2
    shift 2
    STRESS_SIZE=500 timeout 120 "$@" "$build/$name/tests/stress_collector" >"$build/$name/log" 2>&1
    if ! grep -q "$text" "$build/$name/log"; then
        echo "$name: the planted race was not reported"
        return 1
    fi
    echo "$name: the planted race was reported"
}

tsan_options='halt_on_error=1:exitcode=66:second_deadlock_stack=1'

# tsan NAME CMAKE OPTION...
tsan() {
    name=$1
    shift
    configure_and_build "$name" . -DCMAKE_C_FLAGS='-O1 -fsanitize=thread' "$@" &&
        run_all "$name" 2000 env TSAN_OPTIONS="$tsan_options"
}

run_tsan() {
    need_compiler
    need_clang -fsanitize=thread
    install_missing && plant_race &&
        configure_and_build tsan-planted "$build/planted" \
            -DCMAKE_C_FLAGS='-O1 -fsanitize=thread' &&
        must_report tsan-planted 'WARNING: ThreadSanitizer: data race' \
            env TSAN_OPTIONS="$tsan_options" &&
        tsan tsan-gcc -DCMAKE_C_COMPILER=gcc &&
        tsan tsan-clang -DCMAKE_C_COMPILER=clang
}

# The first report ends the run: the state is undefined after it. Word splitting is intended.
helgrind='valgrind -q --tool=helgrind --error-exitcode=66 --exit-on-first-error=yes'

# It does not know that a cancelled wait reacquires its mutex: no thread is cancelled here.
# shellcheck disable=SC2086
run_helgrind() {
    need_compiler
    need valgrind command -v valgrind
    install_missing && plant_race &&
        configure_and_build helgrind-planted "$build/planted" &&
        must_report helgrind-planted 'Possible data race' $helgrind &&
        configure_and_build helgrind . -DCMAKE_C_FLAGS=-DTEST_NO_CANCEL &&
        run_all helgrind 100 $helgrind
}

[ $# -ne 0 ] || set -- tsan helgrind
mkdir -p "$build"
for tool in "$@"; do
    case $tool in
    tsan | helgrind) "run_$tool" || exit 1 ;;
    *)
        echo "$tool is neither tsan nor helgrind" >&2
        exit 2
        ;;
    esac
done
