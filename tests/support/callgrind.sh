# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Counts instructions the same way on every x86-64. Sourced, after setup.sh, by tests/cost.sh and
# tests/bench/instructions.sh.

# The C library has variants of memcpy() and similar functions for different processors, some of which
# depend on the size of caches. These settings select the ones for every x86-64, so that counts are
# the same everywhere.
tunables=glibc.cpu.hwcaps=-AVX,-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-AVX_Fast_Unaligned_Load
tunables=$tunables,-SSSE3,-SSE4_1,-SSE4_2,-ERMS,-FSRM,-BMI1,-BMI2,-LZCNT,-POPCNT,-MOVBE,-RTM
tunables=$tunables,-Prefer_ERMS,-Prefer_FSRM,-Fast_Unaligned_Copy,-XSAVE,-XSAVEC
tunables=$tunables:glibc.cpu.x86_non_temporal_threshold=0xc0000

# The flags of CMake's Release build, for the targets bench and cost.
flags='-O3 -DNDEBUG'

need_to_count() {
    need 'gcc libc6-dev' compiles gcc c
    need make command -v make
    need cmake command -v cmake
    need valgrind command -v valgrind
}

# build_to_count TARGET: builds in $build, which the sourcing script sets; silent unless it fails.
# shellcheck disable=SC2154
build_to_count() {
    quietly cmake -S . -B "$build" -DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_C_FLAGS= -DCMAKE_C_FLAGS_RELEASE="$flags" -DSPANLINK_BUILD_TESTS=OFF \
        -DSPANLINK_BUILD_EXAMPLES=OFF -DSPANLINK_BUILD_BENCH=ON -DSPANLINK_WERROR=ON &&
        quietly cmake --build "$build" --target "$1" --parallel "$(jobs_at_once)"
}

# count_inside FUNCTION OPTION... PROGRAM ARGUMENT...: runs the program, and counts only inside of that
# function.
count_inside() {
    function=$1
    shift
    GLIBC_TUNABLES=$tunables LD_BIND_NOW=1 valgrind --tool=callgrind --collect-atstart=no \
        --toggle-collect="$function" "$@"
}
