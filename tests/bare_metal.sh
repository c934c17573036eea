#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the library on machines without an operating system, emulated by QEMU, with picolibc and
# newlib: no heap, no clock, no threads, no environment, a stack of 4 KB whose use is measured; and
# the unit tests, which have their own heap and a larger stack.
#
#     sh tests/bare_metal.sh [--measure] [MACHINE...]     all machines of the table if none is given
#
# --measure skips the unit tests. The single file must do on each board what the separate ones do.
# Prints a table: code size of parse, list and encode at -Os (without the C library), static memory
# for a list of 8 links, and stack. Fails if a bound is exceeded. The boards print by semihosting.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh

need 'gcc-arm-none-eabi libnewlib-arm-none-eabi' links arm-none-eabi-gcc --specs=nosys.specs
need picolibc-arm-none-eabi links arm-none-eabi-gcc --specs=picolibc.specs
need 'gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf' links riscv64-unknown-elf-gcc --specs=picolibc.specs
need qemu-system-arm command -v qemu-system-arm
need qemu-system-misc command -v qemu-system-riscv32
install_missing || exit 1

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
outcome=0
options='-DSPANLINK_BUILDING -DSPANLINK_NO_THREADS -DSPANLINK_NO_CLOCK'
bare='-DSPANLINK_NO_HEAP -DSPANLINK_NO_ENV'
sh src/package/amalgamate.sh "$work/pair" || exit 1
sources=$(find src -name '*.c')

# machine NAME: sets its compiler with flags, its memory, and its emulator. An M3 also runs armv6-m.
machine() {
    arm='arm-none-eabi-gcc -mthumb'
    mps2='-Wl,--defsym=__flash=0x0,--defsym=__flash_size=4M,--defsym=__ram=0x21000000,--defsym=__ram_size=16M'
    lm3s='-Wl,--defsym=__flash=0x0,--defsym=__flash_size=256K,--defsym=__ram=0x20000000,--defsym=__ram_size=64K'
    virt='-Wl,--defsym=__flash=0x80000000,--defsym=__flash_size=8M,--defsym=__ram=0x80800000,--defsym=__ram_size=64M'
    # The addresses of newlib's own linker script, except where they are not the board's.
    newlib='-Wl,--section-start=.vectors=0,--undefined=vectors,-Tdata=0x21000000,--defsym=__stack=0x22000000'
    unit_tests=yes linker=arm-none-eabi-ld most=20480
    # The M3 and M4 boards have 16 MB, too little for 200,000 links, or for those of a megabyte of small fields.
    case $1 in cortex-*) fewer=-DTEST_SMALL_MEMORY ;; *) fewer='' ;; esac
    case $1 in
    cortex-m0plus) compiler="$arm -mcpu=cortex-m0plus" memory=$mps2 emulator='qemu-system-arm -M mps2-an385' ;;
    cortex-m3) compiler="$arm -mcpu=cortex-m3" memory=$mps2 emulator='qemu-system-arm -M mps2-an385' ;;
    cortex-m3-newlib) compiler="$arm -mcpu=cortex-m3" memory='' emulator='qemu-system-arm -M mps2-an385' ;;
    cortex-m3-lm3s) compiler="$arm -mcpu=cortex-m3" memory=$lm3s emulator='qemu-system-arm -M lm3s6965evb' unit_tests=no ;;
    cortex-m4f) compiler="$arm -mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16" memory=$mps2 emulator='qemu-system-arm -M mps2-an386' ;;
    rv32imac) compiler='riscv64-unknown-elf-gcc -march=rv32imac -mabi=ilp32 -msave-restore' memory=$virt emulator='qemu-system-riscv32 -M virt -bios none' linker='riscv64-unknown-elf-ld -m elf32lriscv' most=24576 ;;
    *)
        echo "unknown machine: $1" >&2
        exit 2
        ;;
    esac
    compiler="$compiler -std=c11 -Os -ffunction-sections -fdata-sections -Iinclude -Isrc"
    case $1 in
    *-newlib) compiler="$compiler --specs=rdimon.specs" link="$newlib tests/bare_metal/newlib.c" link_tests=$link ;;
    *)
        compiler="$compiler --specs=picolibc.specs" link="--oslib=semihost --crt0=hosted $memory"
        link_tests="$link -Wl,--defsym=__stack_size=512K" link="$link -Wl,--defsym=__stack_size=4K"
        ;;
    esac
}

# objects NAME FLAGS SOURCE...: in $work/NAME. The words of $compiler, $memory, $options, $sources and
# $emulator are split on purpose.
# shellcheck disable=SC2086
objects() {
    into=$work/$1
    flags=$2
    shift 2
    rm -rf "${into:?}"
    mkdir -p "$into"
    for source in "$@"; do
        $compiler $options $flags -c "$source" -o "$into/$(echo "$source" | tr / _).o" || return
    done
}

# For 10 minutes of the processor's time, which other work on this machine does not use up.
# shellcheck disable=SC2086
run_board() (
    # shellcheck disable=SC3045 # POSIX has no -t, but dash and bash have.
    ulimit -t 600
    exec timeout 7200 $emulator -semihosting-config enable=on,target=native -display none -serial null \
        -monitor none -kernel "$1" 2>&1
)

# text NAME FUNCTION...: prints the bytes of the library's code and constants that these functions need.
text() {
    name=$1
    shift
    # shellcheck disable=SC2046,SC2086
    $linker -r --gc-sections $(printf ' -u %s' "$@") -e "$1" "$work/$name"/*.o \
        -o "$work/$name/part" || return
    size -A "$work/$name/part" | awk '$1 ~ /^\.(text|rodata)/ { sum += $2 } END { print sum + 0 }'
}

# bounded WHAT BYTES MOST
bounded() {
    if [ "$2" -gt "$3" ] || [ "$2" -eq 0 ]; then
        echo "$1: $2 bytes, more than the bound of $3"
        outcome=1
    fi
}

# held MACHINE FIGURE...: checks that the README's row of this machine has these figures, within 5 %.
held() {
    name=$1
    shift
    awk -F '|' -v name="\`$name\`" -v figures="$*" '
        index($2, name) {
            count = split(figures, figure, " ")
            for (i = 1; i <= count; i++) {
                written = $(i + 2)
                gsub(/[ ,]/, "", written)
                wrong = wrong || written + 0 < figure[i] * 0.95 || written + 0 > figure[i] * 1.05
            }
            found = 1
        }
        END { exit wrong || !found }' README.md || {
        echo "README.md, row of \`$name\`: the figures are now $*"
        outcome=1
    }
}

# try_board FILE...: what a device does, with the library in these files.
# shellcheck disable=SC2086
try_board() {
    $compiler $link $options $bare tests/bare_metal/board.c "$@" -Wl,--gc-sections -o "$work/board" &&
        run_board "$work/board" >"$work/said"
}

# shellcheck disable=SC2086
measure() {
    : >"$work/said"
    try_board "$work/pair/spanlink.c" && objects "$1" "$bare" $sources && try_board "$work/$1"/*.o || {
        cat "$work/said"
        echo "$1: FAILED"
        outcome=1
        return
    }
    list=$(text "$1" spanlink_traceparent_parse spanlink_pool_init spanlink_list_create \
        spanlink_list_add_batch_item spanlink_list_links spanlink_list_get_stats \
        spanlink_list_destroy spanlink_otlp_encode_list)
    link_only=$(text "$1" spanlink_traceparent_parse spanlink_factory_batch_item spanlink_otlp_encode)
    headers=$(text "$1" spanlink_extract spanlink_headers_getter spanlink_factory_batch_item spanlink_otlp_encode)
    stack=$(sed -n 's/^stack //p' "$work/said")
    ram=$(sed -n 's/^ram //p' "$work/said")
    printf '%-15s parse+list+encode %6d  parse+factory+encode %6d  extract+factory+encode %6d  ram %5d  stack %5d  heap 0\n' \
        "$1" "$list" "$link_only" "$headers" "$ram" "$stack"
    bounded "$1, text of parse, list and encode" "$list" "$most"
    bounded "$1, text of parse, factory and encode" "$link_only" 10240
    bounded "$1, text of extract of all formats, factory and encode" "$headers" 16384
    bounded "$1, stack" "$stack" 2048
    # The README leaves out the second board and C library of one processor.
    case $1 in *-newlib | *-lm3s) ;; *) held "$1" "$list" "$link_only" "$ram" "$stack" ;; esac
}

# test_some MACHINE FORM FIRST STEP: each STEP-th unit test, from the FIRST.
# shellcheck disable=SC2086
test_some() {
    number=0
    program=$work/test-$3 log=$work/log-$3
    for test in tests/test_*.c tests/internal/test_*.c tests/internal/list/test_*.c; do
        number=$((number + 1))
        [ $((number % $4)) -eq $(($3 % $4)) ] || continue
        if $compiler $link_tests $options $test_flags "$test" "$work/$1-support"/*.o "$work/$1-$2"/*.o \
            -Wl,--gc-sections -o "$program" >"$log" 2>&1 && run_board "$program" >>"$log"; then
            echo "$test" >>"$work/passed"
        else
            tail -n 12 "$log"
            echo "$1: FAILED with the sources $2: $test" | tee -a "$work/failed"
        fi
    done
}

# test_form MACHINE FORM: all unit tests, as many at once as there are processors.
test_form() {
    : >"$work/passed"
    : >"$work/failed"
    at_once=$(jobs_at_once)
    for first in $(seq "$at_once"); do
        test_some "$1" "$2" "$first" "$at_once" &
    done
    wait
    [ ! -s "$work/failed" ] || outcome=1
    echo "$1: $(wc -l <"$work/passed") unit tests passed on the board, sources $2${fewer:+, with $fewer: a fourth of very many}"
}

# The unit tests use the C library's heap, and buffers on the stack. The library has both forms.
test_all() {
    test_flags="-DSLNK_LOCK_TEST -Itests/support -Itests/support/standin $fewer"
    # shellcheck disable=SC2086
    objects "$1-support" "$test_flags" tests/support/test_*.c tests/support/format_oracle.c &&
        objects "$1-apart" "$test_flags" $sources &&
        objects "$1-single" "$test_flags" "$work/pair/spanlink.c" || {
        echo "$1: FAILED to build the tests"
        outcome=1
        return
    }
    test_form "$1" apart
    test_form "$1" single
}

measure_only=no
if [ "${1-}" = --measure ]; then
    measure_only=yes
    shift
fi
[ $# -ne 0 ] || set -- cortex-m0plus cortex-m3 cortex-m3-newlib cortex-m3-lm3s cortex-m4f rv32imac
for name in "$@"; do
    machine "$name"
    measure "$name"
    [ "$unit_tests$measure_only" != yesno ] || test_all "$name"
done
exit $outcome
