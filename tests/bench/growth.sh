#!/bin/sh
# SPDX-License-Identifier: MIT
# Measures how the cost of a link grows with the number of links and of threads, and draws it: writes
# growth.tsv, growth_links.svg and growth_threads.svg beside this script. Takes minutes, on an idle
# machine.
#
#     sh tests/bench/growth.sh [--build | --draw]
#
# --build only builds; --draw draws what was measured before.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/../.." || exit 1
. tests/support/setup.sh
build=build/growth
table=tests/bench/growth.tsv

build() {
    cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=Release -DSPANLINK_BUILD_TESTS=OFF \
        -DSPANLINK_BUILD_EXAMPLES=OFF -DSPANLINK_BUILD_BENCH=ON >"$build.log" &&
        cmake --build "$build" --target bench --parallel "$(jobs_at_once)" >>"$build.log"
}

# As many threads as there are processors, 16 at most.
measure() {
    threads=$(jobs_at_once)
    [ "$threads" -le 16 ] || threads=16
    echo "# $(date +%F), $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)," \
        "$(jobs_at_once) cores, $(cc --version | head -n 1), Release"
    "$build/tests/bench/bench" --growth "$threads"
}

need_compiler
need gnuplot-nox command -v gnuplot
mkdir -p build
install_missing || exit
case ${1-} in
--draw) ;;
--build)
    build
    exit
    ;;
'')
    build && measure >"$build.tsv" && cp "$build.tsv" "$table" || exit
    ;;
*)
    echo 'usage: growth.sh [--build | --draw]' >&2
    exit 2
    ;;
esac
cd tests/bench && gnuplot growth.gnuplot
