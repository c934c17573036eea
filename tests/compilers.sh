#!/bin/sh
# SPDX-License-Identifier: MIT
# Compiles every source and the single file with each compiler of the Debian releases, in each
# dialect, without a warning, and runs a program with the result if this machine can.
#
#     sh tests/compilers.sh            the compilers of this Debian
#     sh tests/compilers.sh SUITE...   those of other releases, each in its own root (needs root)
#
# The dialects: C11, C17 and C23, strict; unsigned char; 32 bits, and 32 bits on 64; -O3 with
# link-time optimisation; and -ffreestanding -fno-builtin, for code that needs no library.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh
. tests/support/root.sh
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
outcome=0
warnings='-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wvla
    -Wmissing-prototypes -Wstrict-prototypes -Wcast-align -Werror'

# in_suite SUITE: runs this script in a minimal system of that release.
in_suite() {
    root=$work/$1
    make_root "$1" "$root" && mkdir "$root/srv/tree" &&
        git ls-files -z | tar -c --null -T - | tar -x -C "$root/srv/tree" &&
        in_root "$root" sh -c 'cd /srv/tree && apt-get -q update && exec sh tests/compilers.sh' \
            2>"$work/err" ||
        {
            tail -n 20 "$work/err"
            echo "$1: FAILED"
            outcome=1
        }
}

if [ $# -ne 0 ]; then
    need mmdebstrap command -v mmdebstrap
    install_missing || exit 1
    for suite in "$@"; do
        echo "--- $suite"
        in_suite "$suite"
    done
    exit $outcome
fi

need tcc command -v tcc
need "$(apt-cache depends gcc-multilib | sed -n 's/.*Depends: \(gcc-[0-9]*-multilib\)/\1/p')" links cc -m32
need libc6-dev links cc
install_missing || exit 1

# installs COMPILER: in a subshell, so that one that is missing is not asked for again.
installs() (
    need "$1" command -v "$1"
    install_missing
)

# All versions that this Debian lists, oldest first. A mirror may lack one that is listed.
known=''
for compiler in $(apt-cache search --names-only '^(gcc|clang)-[0-9]+$' | awk '{ print $1 }' | sort -V); do
    if installs "$compiler"; then
        known="$known $compiler"
    else
        echo "$compiler: not tried: it is listed, but cannot be installed"
    fi
done
sh src/package/amalgamate.sh "$work/pair" || exit 1

# attempt WHAT COMMAND...: prints the compiler's output, if any.
attempt() {
    what=$1
    shift
    if "$@" >"$work/log" 2>&1 && ! grep -q warning "$work/log"; then
        tried=$((tried + 1))
    else
        head -n 20 "$work/log"
        echo "FAILED: $what"
        outcome=1
    fi
}

# single_file COMPILER FLAG...
# shellcheck disable=SC2086
single_file() {
    "$@" $warnings -c "$work/pair/spanlink.c" -o "$work/spanlink.o"
}

# sources COMPILER FLAG...: compiles each source by itself.
# shellcheck disable=SC2086
sources() {
    find src -name '*.c' | while read -r source; do
        "$@" $warnings -DSPANLINK_BUILDING -Iinclude -Isrc -c "$source" -o "$work/one.o" || exit 1
    done
}

# program COMPILER FLAG...: builds a program with the single file, and runs it.
program() {
    "$@" -DCONSUMER_SINGLE_FILE -I"$work/pair" tests/consumer/consumer.c "$work/pair/spanlink.c" \
        -o "$work/program" -pthread && "$work/program"
}

# Each version is run with its own set of warnings, except those that are wrong in that version.
for compiler in $known; do
    tried=0
    c23=-std=c2x
    links "$compiler" -std=c23 2>/dev/null && c23=-std=c23
    for flags in '-std=c11 -O2' '-std=c17 -O3' "$c23 -O2" '-std=c11 -O1 -funsigned-char' '-std=c11 -Os'; do
        # shellcheck disable=SC2086
        attempt "$compiler $flags" single_file "$compiler" $flags
        # shellcheck disable=SC2086
        attempt "$compiler $flags, a program" program "$compiler" $flags
    done
    attempt "$compiler, each source" sources "$compiler" -std=c11 -O2
    attempt "$compiler -ffreestanding" single_file "$compiler" -std=c11 -ffreestanding -fno-builtin \
        -DSPANLINK_NO_THREADS -DSPANLINK_NO_HEAP -DSPANLINK_NO_CLOCK -DSPANLINK_NO_ENV
    if links "$compiler" -m32; then
        attempt "$compiler -m32" program "$compiler" -std=c11 -O2 -m32
    fi
    if links "$compiler" -mx32; then
        attempt "$compiler -mx32" single_file "$compiler" -std=c11 -O2 -mx32
    fi
    if links "$compiler" -flto; then
        attempt "$compiler -O3 -flto" program "$compiler" -std=c11 -O3 -flto
    fi
    echo "$compiler: $tried of its variants compile and run"
done
tried=0
attempt tcc program tcc -std=c11 -DSPANLINK_NO_THREADS
echo "tcc: $tried"
exit $outcome
