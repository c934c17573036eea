#!/bin/sh
# SPDX-License-Identifier: MIT
# Copies the tree to a new directory, with the files that a package manager needs at its root. They
# are in src/package/KIND; in those that end in .in, @VERSION@ and @SOVERSION@ are replaced.
#
#     sh src/package/place.sh KIND DIRECTORY     bazel, conan, debian, meson, rpm, vcpkg or zig
#     sh src/package/place.sh none DIRECTORY     only the tree
#
# debian goes to DIRECTORY/debian, the others to DIRECTORY itself.
set -eu
usage() {
    echo 'usage: sh src/package/place.sh bazel|conan|debian|meson|rpm|vcpkg|zig|none DIRECTORY' >&2
    exit 2
}
[ $# -eq 2 ] || usage
kind=$1
tree=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
[ "$kind" = none ] || [ -d "$tree/src/package/$kind" ] || usage
mkdir -p "$2"
into=$(CDPATH='' cd -- "$2" && pwd)

version=$(sed -n 's/^#define SPANLINK_VERSION  *"\(.*\)"/\1/p' "$tree/include/spanlink/base.h")
soversion=${version%.*} # until 1.0 a minor version breaks the ABI

(cd "$tree" && tar -c --exclude=./build --exclude='./build-*' --exclude=./request.json --exclude=./.git --sort=name .) |
    tar -x -C "$into"
[ "$kind" != none ] || exit 0

target=$into
[ "$kind" != debian ] || target=$into/debian
mkdir -p "$target"
cp -R "$tree/src/package/$kind/." "$target"
find "$target" -name '*.in' -path "$target/*" | while read -r template; do
    case $template in
    "$into"/src/* | "$into"/tests/*) ;;
    *)
        sed "s/@VERSION@/$version/g; s/@SOVERSION@/$soversion/g" "$template" >"${template%.in}"
        rm "$template"
        ;;
    esac
done
if [ "$kind" = debian ]; then
    sh "$tree/src/package/debian/symbols.sh" "$soversion" >"$target/libspanlink$soversion.symbols"
    rm "$target/symbols.sh"
fi
for template in "$target"/*@SOVERSION@*; do
    [ ! -f "$template" ] || mv "$template" "$(echo "$template" | sed "s/@SOVERSION@/$soversion/")"
done
