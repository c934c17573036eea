#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the fuzz targets as OSS-Fuzz does, with its script and its flags, and repeats its checks:
# each target starts, has a seed corpus, and reports a planted bug.
#
#     sh tests/oss_fuzz.sh
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh

need_compiler
need_clang -fsanitize=address
need pkg-config command -v pkg-config
need libjansson-dev pkg-config --exists jansson
need zip command -v zip
need unzip command -v unzip
install_missing || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# build NAME: in $work/NAME, from $work/NAME/src/spanlink.
build() {
    mkdir -p "$work/$1/out" "$work/$1/work"
    CC=clang CXX=clang++ SRC=$work/$1/src WORK=$work/$1/work OUT=$work/$1/out \
        CFLAGS='-O1 -fno-omit-frame-pointer -gline-tables-only -fsanitize=address -fsanitize-address-use-after-scope -fsanitize=fuzzer-no-link' \
        LIB_FUZZING_ENGINE=-fsanitize=fuzzer bash -eu src/package/oss-fuzz/build.sh >"$work/log" 2>&1 || {
        tail -n 40 "$work/log"
        echo "$1: FAILED to build"
        exit 1
    }
}

# run NAME TARGET SECONDS: from its seed corpus on.
run() {
    mkdir -p "$work/$1/seeds/$2"
    unzip -qo "$work/$1/out/$2_seed_corpus.zip" -d "$work/$1/seeds/$2" &&
        "$work/$1/out/$2" -max_total_time="$3" -timeout=25 -rss_limit_mb=2560 \
            -artifact_prefix="$work/$1/" "$work/$1/seeds/$2" >"$work/run.log" 2>&1
}

sh src/package/place.sh none "$work/whole/src/spanlink" || exit 1
build whole
outcome=0
for target in "$work"/whole/out/fuzz_*; do
    name=$(basename "$target")
    case $name in *.zip) continue ;; esac
    if run whole "$name" 2; then
        echo "$name: starts, with $(find "$work/whole/seeds/$name" -type f | wc -l) seeds"
    else
        tail -n 30 "$work/run.log"
        echo "$name: FAILED"
        outcome=1
    fi
done

# Reads a byte after the header, but only if the last character matters.
sh src/package/place.sh none "$work/planted/src/spanlink" || exit 1
sed -i 's|^spanlink_status spanlink_traceparent_parse(.*{$|&\n    if (header.len == 55 \&\& header.ptr[header.len] == 1) return SPANLINK_OK;|' \
    "$work/planted/src/spanlink/src/traceparent.c"
if cmp -s src/traceparent.c "$work/planted/src/spanlink/src/traceparent.c"; then
    echo 'the bug could not be planted'
    exit 1
fi
build planted
if run planted fuzz_traceparent 20; then
    echo 'the planted bug was NOT found'
    outcome=1
elif grep -q 'ERROR: AddressSanitizer' "$work/run.log"; then
    echo 'the planted bug was found'
else
    tail -n 30 "$work/run.log"
    outcome=1
fi
exit $outcome
