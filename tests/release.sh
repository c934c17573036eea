#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes a release twice, the second time from another folder, and tests each of its files according
# to its README.
#
#     sh tests/release.sh [DIRECTORY]     build/release if none is given
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh
need_test_tools
need doxygen command -v doxygen
need mandoc command -v mandoc
need reuse command -v reuse
install_missing || exit 1
into=${1:-build/release}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
version=$(sed -n 's/^#define SPANLINK_VERSION  *"\(.*\)"/\1/p' include/spanlink/base.h)
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH

# release_twice: from clean copies, because untracked files are not part of a release.
release_twice() {
    mkdir -p "$work/first" "$work/another folder" &&
        git archive HEAD | tar -x -C "$work/first" &&
        git archive HEAD | tar -x -C "$work/another folder" &&
        sh "$work/first/src/package/release.sh" "$into" &&
        LC_ALL=C.UTF-8 TZ=Asia/Tokyo sh "$work/another folder/src/package/release.sh" "$work/again" &&
        diff -r "$into" "$work/again"
}

checksums() {
    (cd "$into" && sha256sum -c SHA256SUMS)
}

# The README's two commands, on the archive.
archive() {
    tar -C "$work" -xzf "$into/spanlink-$version.tar.gz" &&
        (cd "$work/spanlink-$version" && sh examples/run.sh >/dev/null && sh tests/run.sh)
}

single_file() {
    tar -C "$work" -xzf "$into/spanlink-$version-single-file.tar.gz" &&
        cc -std=c11 -DCONSUMER_SINGLE_FILE -I "$work/spanlink-$version-single-file" \
            tests/consumer/consumer.c "$work/spanlink-$version-single-file/spanlink.c" -pthread \
            -o "$work/consumer" && "$work/consumer"
}

man_pages() {
    tar -C "$work" -xzf "$into/spanlink-$version-man.tar.gz" &&
        mandoc -T utf8 "$work/spanlink-$version-man/man3/spanlink_list.3" | grep -q spanlink_list_add
}

# Every listed file exists and has that checksum.
bill_of_materials() {
    python3 - "$into/spanlink-$version.spdx.json" "$work/spanlink-$version" <<'END'
import hashlib, json, sys
bill = json.load(open(sys.argv[1], encoding="utf-8"))
assert bill["spdxVersion"] == "SPDX-2.3" and len(bill["files"]) > 50
for file in bill["files"]:
    content = open(f"{sys.argv[2]}/{file['fileName']}", "rb").read()
    sums = {entry["algorithm"]: entry["checksumValue"] for entry in file["checksums"]}
    assert sums["SHA256"] == hashlib.sha256(content).hexdigest(), file
    assert sums["SHA1"] == hashlib.sha1(content).hexdigest(), file
END
}

# REUSE requires the licence in a separate folder: a copy of the tree has it.
licences() {
    git init -q "$work/first" && mkdir "$work/first/LICENSES" &&
        cp LICENSE "$work/first/LICENSES/MIT.txt" && (cd "$work/first" && git add -A && reuse lint)
}

mkdir -p "$into"
rm -f "$into"/*
try 'the same bytes twice' release_twice
try 'its checksums' checksums
try 'the archive' archive
try 'the single file' single_file
try 'the man pages' man_pages
try 'the bill of materials' bill_of_materials
try 'the licences' licences
ls -l "$into"
exit $outcome
