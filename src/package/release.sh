#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the files of a release: the archive of the sources, the single file, the man pages, the bill
# of materials, and the checksums. The same commit always gives the same bytes.
#
#     sh src/package/release.sh DIRECTORY
set -eu
tree=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
mkdir -p "$1"
into=$(CDPATH='' cd -- "$1" && pwd)
cd "$tree"
export LC_ALL=C TZ=UTC
version=$(sed -n 's/^#define SPANLINK_VERSION  *"\(.*\)"/\1/p' include/spanlink/base.h)
name=spanlink-$version
time=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# pack FILE FOLDER: archives a folder of $work, without properties of this machine.
pack() {
    tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --mode=u+rw,go+r,go-w \
        --mtime="@$time" --format=ustar -cf - "$2" | gzip -n -9 >"$into/$1"
}

sh src/package/place.sh none "$work/$name"
pack "$name.tar.gz" "$name"

mkdir "$work/$name-single-file"
sh src/package/amalgamate.sh "$work/$name-single-file"
pack "$name-single-file.tar.gz" "$name-single-file"

sh tests/docs.sh "$work/docs"
mkdir "$work/$name-man"
cp -R "$work/docs/man/man3" "$work/$name-man"
pack "$name-man.tar.gz" "$name-man"

sh src/package/sbom.sh "$time" >"$into/$name.spdx.json"
(cd "$into" && sha256sum "$name"* >SHA256SUMS)
