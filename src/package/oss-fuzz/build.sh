#!/bin/bash -eu
# SPDX-License-Identifier: MIT
# Builds every target of tests/fuzz for OSS-Fuzz and ClusterFuzzLite, with its corpus as seeds. They
# set CC, CFLAGS, LIB_FUZZING_ENGINE, SANITIZER, SRC, WORK and OUT.
cd "$SRC/spanlink"
cmake -S . -B "$WORK/spanlink" -DCMAKE_BUILD_TYPE=None -DSPANLINK_FUZZ=ON -DSPANLINK_TEST_STANDIN=ON \
    -DSPANLINK_FUZZ_ENGINE="$LIB_FUZZING_ENGINE" -DCMAKE_FIND_LIBRARY_SUFFIXES=.a -DSPANLINK_BUILD_EXAMPLES=OFF
for corpus in tests/fuzz/corpus/*; do
    target=fuzz_$(basename "$corpus")
    # It compares with jansson, whose writes MemorySanitizer does not see.
    [ "${SANITIZER-} $target" != 'memory fuzz_otlp_json' ] || continue
    cmake --build "$WORK/spanlink" --target "$target" --parallel "$(nproc)"
    cp "$WORK/spanlink/tests/fuzz/$target" "$OUT/"
    zip -q -j "$OUT/${target}_seed_corpus.zip" "$corpus"/*
done
