#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs missing packages, builds the examples and runs batch_consumer on
# examples/data/messages.tsv.
#
#     sh examples/run.sh [OPTION OF batch_consumer...]
#
# Only the request is written to standard output.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh

build() {
    need_compiler
    need pkg-config command -v pkg-config
    need libjansson-dev pkg-config --exists jansson
    install_missing &&
        cmake -S . -B build/examples -DCMAKE_BUILD_TYPE=Release -DSPANLINK_BUILD_TESTS=OFF &&
        cmake --build build/examples --parallel "$(jobs_at_once)"
}

build >&2 || exit 1
build/examples/examples/batch_consumer "$@" examples/data/messages.tsv
