#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the library with each option that changes it and runs the tests; and sees that the options
# that add targets can be off.
#
#     sh tests/options.sh [OPTION...]     NO_THREADS, NO_OTLP and PORTABLE if none is given
set -u
tree=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)

# tested OPTION
tested() {
    build=$tree/build/$1
    cmake -S "$tree" -B "$build" "-DSPANLINK_$1=ON" -DSPANLINK_WERROR=ON -DCMAKE_BUILD_TYPE=Debug &&
        cmake --build "$build" --parallel 2 &&
        ctest --test-dir "$build" --parallel 2 --output-on-failure -LE tree
}

# alone: without tests, examples and installation there is the library, and nothing to install.
alone() {
    build=$tree/build/alone
    cmake -S "$tree" -B "$build" -DSPANLINK_BUILD_TESTS=OFF -DSPANLINK_BUILD_EXAMPLES=OFF \
        -DSPANLINK_INSTALL=OFF >/dev/null || return
    targets=$(cmake --build "$build" --target help)
    if echo "$targets" | grep -E 'test_|batch_consumer|example'; then
        echo 'Above: targets that no option asked for.'
        return 1
    fi
    if DESTDIR=$build/installed cmake --install "$build" | grep -v 'Install configuration'; then
        echo 'Above: what was installed although no option asked for it.'
        return 1
    fi
}

if [ $# -eq 0 ]; then
    set -- NO_THREADS NO_OTLP PORTABLE
    alone || exit 1
fi
for option in "$@"; do
    tested "$option" || exit 1
done
