#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the library, the unit tests and the single file for other systems by Zig's C compiler,
# which includes their headers and C libraries; runs them if there is an emulator. Also parses
# headers and sources in Microsoft's dialect, by clang.
#
#     sh tests/targets.sh [TARGET...]     all targets of the table if none is given
#
# Zig comes from PyPI (ziglang), into the script's own environment.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

need python3-venv python3 -c 'import ensurepip'
need qemu-user command -v qemu-riscv64
need wine64 test -x /usr/lib/wine/wine64
need_clang -fsanitize=address
install_missing || exit 1
python3 -m venv "$work/venv" && "$work/venv/bin/pip" install --quiet 'ziglang==0.17.*' || exit 1
export WINEDEBUG=-all WINEPREFIX="$work/wine"
outcome=0

# The targets, each with the emulator that runs its programs; - if there is none.
table='
x86_64-macos -
aarch64-macos -
x86_64-freebsd -
x86_64-netbsd -
x86_64-windows-gnu /usr/lib/wine/wine64
aarch64-windows-gnu -
riscv64-linux-musl qemu-riscv64
powerpc64le-linux-musl qemu-ppc64le
loongarch64-linux-musl qemu-loongarch64
aarch64-linux-musl qemu-aarch64
x86_64-linux-musl env
'
for target in $(echo "$table" | awk '{ print $1 }'); do
    grep -q "^|.*\`$target\`" tests/README.md || {
        echo "$target: tests/README.md has no row for it"
        outcome=1
    }
done
sources=$(find src -name '*.c')
sh src/package/amalgamate.sh "$work/pair" || exit 1

# zig TARGET ARGUMENT... Debian 12's QEMU has no vectors of LoongArch, which Zig uses by default.
# shellcheck disable=SC2086
zig() {
    target=$1
    shift
    case $target in loongarch64-*) cpu=-mcpu=la64v1_0-lsx ;; *) cpu='' ;; esac
    "$work/venv/bin/python3" -m ziglang cc -target "$target" $cpu -std=c11 -O1 -Wno-unused-command-line-argument "$@"
}

# compile TARGET FOLDER SOURCE...: objects for tests.
compile() {
    target=$1 folder=$work/$1/$2
    shift 2
    mkdir -p "$folder"
    for source in "$@"; do
        zig "$target" -Werror -Wall -Wextra -DSPANLINK_BUILDING -DSLNK_LOCK_TEST -Iinclude -Isrc \
            -Itests/support -Itests/support/standin -c "$source" \
            -o "$folder/$(echo "$source" | tr / _).o" || return
    done
}

# build_target TARGET EMULATOR: what tests need, and a program. Word splitting is intended.
# shellcheck disable=SC2086
build_target() {
    rm -rf "${work:?}/$1"
    compile "$1" apart $sources && compile "$1" single "$work/pair/spanlink.c" &&
        compile "$1" support tests/support/test_*.c tests/support/format_oracle.c &&
        zig "$1" -DCONSUMER_SINGLE_FILE -I"$work/pair" tests/consumer/consumer.c "$work/pair/spanlink.c" \
            -o "$work/$1/consumer.exe" && { [ "$2" = - ] || "$2" "$work/$1/consumer.exe"; }
}

# test_form TARGET EMULATOR FORM TEST: links a unit test with the library, and runs it if it can.
test_form() {
    program=$work/$1/$(basename "$4" .c).exe
    zig "$1" "$work/$1/test.o" "$work/$1/support"/*.o "$work/$1/$3"/*.o -o "$program" >"$work/log" 2>&1 &&
        { [ "$2" = - ] || (cd "$work/$1" && timeout 900 "$2" "$program") >"$work/log" 2>&1; } || {
        tail -n 5 "$work/log"
        echo "$1: FAILED with the sources $3: $4"
        outcome=1
        return 1
    }
    rm -f "$program"
}

# test_target TARGET EMULATOR: every unit test, with the sources apart and with the single file.
test_target() {
    apart=0 single=0
    for test in tests/test_*.c tests/internal/test_*.c tests/internal/list/test_*.c; do
        zig "$1" -DSLNK_LOCK_TEST -Iinclude -Isrc -Itests/support -Itests/support/standin -c "$test" \
            -o "$work/$1/test.o" || outcome=1
        test_form "$1" "$2" apart "$test" && apart=$((apart + 1))
        test_form "$1" "$2" single "$test" && single=$((single + 1))
    done
    done=passed
    [ "$2" != - ] || done='built, not run here'
    echo "$1: $apart unit tests with the sources apart, $single with the single file: $done"
}

# Microsoft's dialect, by clang: no SDK is needed if only standard C headers are included.
microsoft() {
    for header in include/spanlink/*.h; do
        for language in c c++; do
            clang --target=x86_64-pc-windows-msvc -fsyntax-only -Werror -Wall -ffreestanding -Iinclude \
                -Itests/support/freestanding -x "$language" "$header" || return
        done
    done
    for source in $sources "$work/pair/spanlink.c"; do
        clang --target=x86_64-pc-windows-msvc -fsyntax-only -Werror -Wall -ffreestanding -std=c11 \
            -DSPANLINK_BUILDING -DSPANLINK_NO_THREADS -DSPANLINK_NO_HEAP -DSPANLINK_NO_CLOCK \
            -DSPANLINK_NO_ENV -Iinclude -Isrc -Itests/support/freestanding "$source" || return
    done
}

# shellcheck disable=SC2046
[ $# -ne 0 ] || set -- $(echo "$table" | awk 'NF { print $1 }') microsoft
for target in "$@"; do
    if [ "$target" = microsoft ]; then
        if microsoft >"$work/log" 2>&1; then
            echo "x86_64-pc-windows-msvc    headers, sources and the single file parsed"
        else
            tail -n 20 "$work/log"
            echo 'microsoft: FAILED'
            outcome=1
        fi
        continue
    fi
    emulator=$(echo "$table" | awk -v target="$target" '$1 == target { print $2 }')
    if build_target "$target" "$emulator" >"$work/log" 2>&1; then
        test_target "$target" "$emulator"
    else
        tail -n 10 "$work/log"
        echo "$target: FAILED to build, or to run the single file"
        outcome=1
    fi
done
exit $outcome
