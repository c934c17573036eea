#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the fuzz targets as OSS-Fuzz does, with its script and its flags for each sanitizer, and
# repeats its checks: each target starts, has a seed corpus, and reports a planted bug.
#
#     sh tests/oss_fuzz.sh [SANITIZER...]     those of project.yaml if none is given
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
# Wrapping of unsigned integers is looked at, but is no bug.
export UBSAN_OPTIONS=silence_unsigned_overflow=1

# flags_of SANITIZER: OSS-Fuzz's.
flags_of() {
    undefined=array-bounds,bool,builtin,enum,function,integer-divide-by-zero,null,object-size,return,returns-nonnull-attribute,shift,signed-integer-overflow,unreachable,vla-bound,vptr
    case $1 in
    address) echo '-fsanitize=address -fsanitize-address-use-after-scope' ;;
    undefined) echo "-fsanitize=$undefined,unsigned-integer-overflow -fno-sanitize-recover=$undefined" ;;
    memory) echo '-fsanitize=memory -fsanitize-memory-track-origins' ;;
    *) return 1 ;;
    esac
}

# build NAME SANITIZER: in $work/NAME, from $work/NAME/src/spanlink.
build() {
    mkdir -p "$work/$1/out" "$work/$1/objects"
    flags=$(flags_of "$2") || {
        echo "$2: flags of this sanitizer are not known"
        exit 1
    }
    CC=clang CXX=clang++ SRC=$work/$1/src WORK=$work/$1/objects OUT=$work/$1/out SANITIZER=$2 \
        CFLAGS="-O1 -fno-omit-frame-pointer -gline-tables-only $flags -fsanitize=fuzzer-no-link" \
        LIB_FUZZING_ENGINE=-fsanitize=fuzzer bash -eu src/package/oss-fuzz/build.sh >"$work/log" 2>&1 || {
        tail -n 40 "$work/log"
        echo "$1: FAILED to build"
        exit 1
    }
}

# targets_of SANITIZER: all that CMake knows, except those that build.sh leaves out with a reason.
targets_of() {
    cmake --build "$work/$1/objects/spanlink" --target help |
        sed -n 's/^\.\.\. \(fuzz_[a-z0-9_]*\)$/\1/p' | grep -vx 'fuzz_support' |
        if [ "$1" = memory ]; then grep -vx 'fuzz_otlp_json'; else cat; fi
}

# run NAME TARGET SECONDS: from its seed corpus on.
run() {
    mkdir -p "$work/$1/seeds/$2"
    unzip -qo "$work/$1/out/$2_seed_corpus.zip" -d "$work/$1/seeds/$2" >"$work/run.log" 2>&1 &&
        "$work/$1/out/$2" -max_total_time="$3" -timeout=25 -rss_limit_mb=2560 \
            -artifact_prefix="$work/$1/" "$work/$1/seeds/$2" >"$work/run.log" 2>&1
}

# each_target SANITIZER
each_target() {
    sh src/package/place.sh none "$work/$1/src/spanlink" || exit 1
    build "$1" "$1"
    targets_of "$1" >"$work/targets"
    [ -s "$work/targets" ] || outcome=1
    while read -r target; do
        if run "$1" "$target" 2; then
            echo "$1: $target: starts, with $(find "$work/$1/seeds/$target" -type f | wc -l) seeds"
        else
            tail -n 30 "$work/run.log"
            echo "$1: $target: FAILED"
            outcome=1
        fi
    done <"$work/targets"
}

# A byte after the header is read, but only if the last character matters.
planted() {
    sh src/package/place.sh none "$work/planted/src/spanlink" || exit 1
    sed -i 's|^spanlink_status spanlink_traceparent_parse(.*{$|&\n    if (header.len == 55 \&\& header.ptr[header.len] == 1) return SPANLINK_OK;|' \
        "$work/planted/src/spanlink/src/traceparent.c"
    if cmp -s src/traceparent.c "$work/planted/src/spanlink/src/traceparent.c"; then
        echo 'the bug could not be planted'
        exit 1
    fi
    build planted address
    if run planted fuzz_traceparent 20; then
        echo 'the planted bug was NOT found'
        outcome=1
    elif grep -q 'ERROR: AddressSanitizer' "$work/run.log"; then
        echo 'the planted bug was found'
    else
        tail -n 30 "$work/run.log"
        outcome=1
    fi
}

if [ $# -eq 0 ]; then
    # Names are meant to split into words.
    # shellcheck disable=SC2046
    set -- $(sed -n '/^sanitizers:/,$ s/^  - //p' src/package/oss-fuzz/project.yaml)
fi
for sanitizer in "$@"; do
    each_target "$sanitizer"
done
planted
exit $outcome
