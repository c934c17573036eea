#!/bin/sh
# SPDX-License-Identifier: MIT
# Holds the shared library's binary interface against that of the last release, which
# tests/abi/spanlink.abi describes. Takes abidw and abidiff of libabigail, but for the list.
#
#     sh tests/abi.sh check      says what a program built against the release would trip over
#     sh tests/abi.sh exports    writes the list of exported names anew, after a new function
#     sh tests/abi.sh update     describes the library as it is now, at a release; the list too
#
# New functions and new status codes break nothing and pass. A new field at the end of a struct with
# a struct_size breaks nothing either, but is shown: a person should see that it is one of those,
# and describe the library anew. Before it checks, it plants breaks in a copy of the tree, each of
# which must be caught.
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

# planted FROM TO: a break in a copy of the tree, which must be caught.
planted() {
    rm -rf "$work/copy"
    mkdir "$work/copy"
    cp -R "$tree/include" "$tree/src" "$work/copy"
    if ! grep -rlZ -- "$1" "$work/copy" >"$work/found"; then
        echo "'$1' is nowhere: nothing could be planted"
        exit 1
    fi
    xargs -0 sed -i "s/$1/$2/" <"$work/found"
    build "$work/copy" "$work/planted.so"
    if compare "$work/planted.so" >"$work/report"; then
        echo "not caught: '$1' became '$2'"
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
