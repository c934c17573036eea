#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the tests on other machines, under other tools, and for a longer time than CI allows.
#
#     sh tests/matrix.sh [JOB...]
#
# Without a name all jobs run, one after the other, which takes hours: that is the nightly run. Each
# job installs missing packages, and writes its output to build/matrix/JOB.log. A final table has
# the results; the exit status is 0 if all jobs passed.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh

# Machines: s390x is big-endian, armhf and i386 have 32 bits, musl is another C library, mingw
# another system. Then sanitizers and valgrind, link-time optimisation, models, proofs, fuzzing,
# coverage and mutation, the README's commands on minimal systems and in a folder with an unusual
# name. Last boards, compilers, other systems, packages and releases.
all='s390x armhf aarch64 i386 musl mingw asan msan integer lto tsan helgrind model proof fuzz coverage statuses mutation fresh folder bare_metal compilers targets packages oss_fuzz release'

logs=build/matrix

# build_and_test CMAKE OPTION...: builds and runs the unit tests in the job's own build tree.
build_and_test() {
    build_in "$logs/$job" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DSPANLINK_WERROR=ON \
        -DSPANLINK_BUILD_EXAMPLES=OFF "$@" &&
        test_in "$logs/$job"
}

# elsewhere PACKAGES COMPILER EMULATOR CMAKE OPTION...: runs the unit tests on an emulated machine.
# The programs are static, so that the emulator needs none of that machine's libraries.
elsewhere() {
    need_compiler
    need "$1" links "$2" -static
    compiler=$2
    emulator=$3
    shift 3
    install_missing &&
        build_and_test -DSPANLINK_TEST_STANDIN=ON -DCMAKE_C_COMPILER="$compiler" \
            -DCMAKE_CROSSCOMPILING_EMULATOR="$emulator" \
            -DCMAKE_EXE_LINKER_FLAGS=-static "$@"
}

linux_elsewhere() {
    need qemu-user command -v "qemu-$1"
    elsewhere "gcc-12-$2 libc6-dev-$3-cross" "$2-gcc-12" "qemu-$1" \
        -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR="$1"
}

job_s390x() { linux_elsewhere s390x s390x-linux-gnu s390x; }
job_armhf() { linux_elsewhere arm arm-linux-gnueabihf armhf; }
job_aarch64() { linux_elsewhere aarch64 aarch64-linux-gnu arm64; }

# Not gcc-multilib: it conflicts with the cross compilers. Without optimisation too,
# because doubles then pass through registers that change the bits of some.
job_i386() {
    need gcc-12-multilib links gcc-12 -m32
    elsewhere gcc-12 gcc-12 '' -DCMAKE_C_FLAGS=-m32 &&
        job=i386-O0 elsewhere gcc-12 gcc-12 '' -DCMAKE_BUILD_TYPE=None -DCMAKE_C_FLAGS='-m32 -O0'
}

job_musl() { elsewhere musl-tools musl-gcc ''; }

# The variant with POSIX threads, as the library's locks need them. Its isnan() and similar
# macros convert to float in a branch that is not taken.
job_mingw() {
    need wine64 test -x /usr/lib/wine/wine64
    # Otherwise wine prints messages of its own.
    export WINEDEBUG=-all WINEPREFIX="$PWD/$logs/wine"
    elsewhere gcc-mingw-w64-x86-64-posix x86_64-w64-mingw32-gcc-posix /usr/lib/wine/wine64 \
        -DCMAKE_SYSTEM_NAME=Windows -DCMAKE_SYSTEM_PROCESSOR=x86_64 \
        -DCMAKE_C_FLAGS=-Wno-float-conversion
}

# Uninitialised memory. All code must be instrumented, so Debian's cmocka cannot be used.
job_msan() {
    need_compiler
    need_clang -fsanitize=memory
    install_missing &&
        build_and_test -DSPANLINK_TEST_STANDIN=ON -DCMAKE_C_COMPILER=clang \
            -DCMAKE_C_FLAGS='-O1 -fsanitize=memory -fsanitize-memory-track-origins -fno-omit-frame-pointer'
}

# Integers that lose bits or wrap, even if C defines it. The list names intended cases.
job_integer() {
    need_compiler
    need_clang -fsanitize=integer,undefined
    install_missing &&
        build_and_test -DSPANLINK_TEST_STANDIN=ON -DCMAKE_C_COMPILER=clang \
            -DCMAKE_C_FLAGS="-O1 -fsanitize=integer,undefined -fno-sanitize-recover=all -fsanitize-ignorelist=$PWD/tests/support/integer_wraps.txt"
}

# Whole-program optimisation at -O3, which reveals violations of the aliasing rules.
job_lto() {
    need_compiler
    need_clang -flto
    install_missing || return
    mkdir -p "$logs/lto"
    for compiler in gcc clang; do
        job=lto/$compiler build_and_test -DCMAKE_BUILD_TYPE=None -DSPANLINK_TEST_STANDIN=ON \
            -DCMAKE_C_COMPILER=$compiler -DCMAKE_C_FLAGS='-O3 -g' \
            -DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON || return
    done
}

job_asan() { sh tests/run.sh asan -DSPANLINK_WERROR=ON; }
job_tsan() { sh tests/threads.sh tsan; }
job_helgrind() { sh tests/threads.sh helgrind; }
job_fuzz() { sh tests/fuzz.sh 1200; }
job_compilers() { sh tests/compilers.sh && sh tests/compilers.sh bullseye trixie; }
job_release() { sh tests/release.sh "$PWD/build/release"; }
job_folder() { sh tests/folder.sh 'bash .ci/run'; }

# run_job NAME: by its function, or by the script of that name.
run_job() {
    if command -v "job_$1" >/dev/null; then "job_$1"; else sh "tests/$1.sh"; fi
}

for job in "$@"; do
    case " $all " in
    *" $job "*) ;;
    *)
        echo "unknown job: $job; the jobs are: $all" >&2
        exit 2
        ;;
    esac
done
[ $# -ne 0 ] || set -- $all

mkdir -p "$logs"
table=$logs/table.txt
: >"$table"
outcome=0
for job in "$@"; do
    echo "--- $job"
    start=$(date +%s)
    # A subshell, so that settings of a job do not affect the next one.
    if (run_job "$job") >"$logs/$job.log" 2>&1 </dev/null; then
        result=passed
        tail -n 3 "$logs/$job.log"
    else
        result=FAILED
        outcome=1
        tail -n 60 "$logs/$job.log"
    fi
    printf '%-10s %-7s %6d s\n' "$job" "$result" $(($(date +%s) - start)) >>"$table"
done
echo '---'
cat "$table"
exit $outcome
