#!/bin/sh
# SPDX-License-Identifier: MIT
# Compares the shared library's binary interface with that of the last release, which
# tests/abi/spanlink.abi describes. Needs abidw and abidiff of libabigail, except for `exports`.
#
#     sh tests/abi.sh check      reports what breaks a program built against the release
#     sh tests/abi.sh exports    writes the list of exported names, after a new function
#     sh tests/abi.sh update     describes the current library, at a release; writes the list too
#
# New functions and new statuses are compatible and pass. A new field at the end of a struct with a
# struct_size is compatible too, but is reported: check that it is such a field, and update the
# description. First the script plants incompatible changes in a copy of the tree, each of which
# must be found.
set -eu
tree=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
released=$tree/tests/abi/spanlink.abi

# build TREE LIBRARY
build() {
    cc -std=c11 -g -O1 -shared -fPIC -fvisibility=hidden -Wl,-soname,libspanlink.so.0.2 \
        -DSPANLINK_BUILDING -DSPANLINK_SHARED -ffile-prefix-map="$1/"= -I"$1/include" -I"$1/src" -o "$2" \
        "$1"/src/*.c "$1"/src/internal/*.c "$1"/src/internal/list/*.c -pthread
}

# compare LIBRARY
compare() {
    abidiff --no-added-syms --suppressions "$tree/tests/abi/opaque.ini" "$released" "$1"
}

# planted FROM TO: an incompatible change in a copy of the tree, which must be found.
planted() {
    rm -rf "$work/copy"
    mkdir "$work/copy"
    cp -R "$tree/include" "$tree/src" "$work/copy"
    if ! grep -rlZ -- "$1" "$work/copy" >"$work/found"; then
        echo "'$1' was not found: nothing could be planted"
        exit 1
    fi
    xargs -0 sed -i "s/$1/$2/" <"$work/found"
    build "$work/copy" "$work/planted.so"
    if compare "$work/planted.so" >"$work/report"; then
        echo "not found: '$1' changed to '$2'"
        exit 1
    fi
}

check() {
    planted 'SPANLINK_API \(const char \*spanlink_version\)' '\1'
    planted 'uint64_t kept; ' 'uint32_t kept; '
    planted 'size_t max_links;' 'size_t most_bytes, max_links;'
    planted 'SPANLINK_ERR_LOCK = 4' 'SPANLINK_ERR_LOCK = 5'
    planted 'int64_t attempt' 'int32_t attempt'
    build "$tree" "$work/libspanlink.so"
    compare "$work/libspanlink.so"
}

exports() {
    build "$tree" "$work/libspanlink.so"
    nm -D --defined-only "$work/libspanlink.so" | awk '{ print $3 }' |
        LC_ALL=C sort >"$tree/tests/abi/exports.txt"
}

update() {
    exports
    abidw --no-corpus-path --no-comp-dir-path --no-show-locs --exported-interfaces-only \
        --out-file "$released" "$work/libspanlink.so"
}

case ${1-} in
check | exports | update) "$1" ;;
*)
    echo 'usage: abi.sh check | exports | update' >&2
    exit 2
    ;;
esac
