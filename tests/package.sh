#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs the library, static and shared, and builds and runs a consumer outside of the tree, in
# every way that the README offers. The installed trees are moved in between.
#
#     sh tests/package.sh
set -u
tree=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cp -R "$tree/tests/consumer" "$work/consumer"
mkdir "$work/programs"
. "$tree/tests/support/setup.sh"

# library KIND OPTION...: configures and builds the library alone in $work/KIND.
library() {
    kind=$1
    shift
    cmake -S "$tree" -B "$work/$kind" -DSPANLINK_BUILD_TESTS=OFF -DSPANLINK_BUILD_EXAMPLES=OFF \
        -DCMAKE_BUILD_TYPE=Debug -DBUILD_SHARED_LIBS="$(shared "$kind")" "$@" &&
        cmake --build "$work/$kind" --parallel 2
}

shared() {
    if [ "$1" = shared ]; then echo ON; else echo OFF; fi
}

# runs PROGRAM [LIBRARY DIRECTORY]
runs() {
    LD_LIBRARY_PATH=${2-} "$1" | grep -x 'consumer: ok'
}

# with_cmake NAME OPTION...: builds the consumer with CMake, and runs it.
with_cmake() {
    name=$1
    shift
    cmake -S "$work/consumer" -B "$work/cmake-$name" "$@" &&
        cmake --build "$work/cmake-$name" &&
        runs "$work/cmake-$name/consumer"
}

# with_compiler NAME LIBDIR COMMAND...: builds the consumer with one command, and runs it.
with_compiler() {
    name=$1
    libdir=$2
    shift 2
    "$@" -o "$work/programs/$name" && runs "$work/programs/$name" "$libdir"
}

# with_pkg_config NAME LIBDIR COMPILER...: with the flags of the spanlink.pc in that directory.
with_pkg_config() {
    name=$1
    libdir=$2
    shift 2
    # Word splitting of the flags is intended.
    # shellcheck disable=SC2086
    flags=$(PKG_CONFIG_PATH="$libdir/pkgconfig" pkg-config --cflags --libs spanlink) &&
        with_compiler "$name" "$libdir" "$@" "$work/consumer/consumer.c" -x none $flags
}

# installed PREFIX: builds and runs the consumer with the library installed there.
installed() {
    prefix=$1
    try "find_package, $prefix" with_cmake "$prefix" -DLANGUAGE=C -DCMAKE_PREFIX_PATH="$work/$prefix"
    try "pkg-config, $prefix" with_pkg_config "$prefix" "$work/$prefix/lib" cc -std=c11
}

for kind in static shared; do
    try "the $kind library" library "$kind" -DCMAKE_INSTALL_LIBDIR=lib \
        -DCMAKE_INSTALL_PREFIX="$work/first-$kind"
    try "its installation" cmake --install "$work/$kind"
    installed "first-$kind"
    mv "$work/first-$kind" "$work/moved-$kind"
    installed "moved-$kind"

    moved=$work/moved-$kind
    try "C++17 and find_package, $kind" with_cmake "$kind-c++" -DLANGUAGE=CXX \
        -DCMAKE_PREFIX_PATH="$moved"
    try "C++17 and pkg-config, $kind" with_pkg_config "$kind-c++" "$moved/lib" c++ -std=c++17 -x c++
    try "add_subdirectory, $kind" with_cmake "$kind-subdirectory" -DLANGUAGE=C -DTREE="$tree" \
        -DBUILD_SHARED_LIBS="$(shared "$kind")"
    try "the licence, $kind" cmp "$tree/LICENSE" "$moved/share/doc/spanlink/LICENSE"
done

# Library directories given as absolute paths: one in the prefix moves with it, one elsewhere stays.
try 'a library directory inside the prefix' library static \
    -DCMAKE_INSTALL_PREFIX="$work/deep" -DCMAKE_INSTALL_LIBDIR="$work/deep/lib/deep"
try 'its installation' cmake --install "$work/static"
mv "$work/deep" "$work/moved-deep"
try 'pkg-config from it' with_pkg_config deep "$work/moved-deep/lib/deep" cc -std=c11
try 'find_package from it' with_cmake deep -DLANGUAGE=C \
    -DCMAKE_PREFIX_PATH="$work/moved-deep/lib/deep/cmake/spanlink"
try 'a library directory outside of the prefix' library static \
    -DCMAKE_INSTALL_PREFIX="$work/wide" -DCMAKE_INSTALL_LIBDIR="$work/elsewhere"
try 'its installation' cmake --install "$work/static"
try 'pkg-config from it' with_pkg_config wide "$work/elsewhere" cc -std=c11

# library_alone: with all other options off there is one library, and nothing to install.
library_alone() {
    library alone -DSPANLINK_INSTALL=OFF &&
        ! cmake --build "$work/alone" --target help | grep -E 'test_|batch_consumer|fuzz|bench' &&
        ! DESTDIR="$work/nothing" cmake --install "$work/alone" | grep -v 'Install configuration'
}

try 'the library alone' library_alone

# threads_of LIBDIR: what pkg-config and CMake let programs link of the threads.
threads_of() {
    PKG_CONFIG_PATH="$1/pkgconfig" pkg-config --libs spanlink | grep -oe -pthread
    grep -o Threads::Threads "$1/cmake/spanlink/spanlinkTargets.cmake"
}

links_threads() { [ "$(threads_of "$1" | xargs)" = '-pthread Threads::Threads' ]; }
links_no_threads() { [ -f "$1/pkgconfig/spanlink.pc" ] && [ -z "$(threads_of "$1")" ]; }

# Only programs with a static library link threads, and only if it has them.
try 'the library without threads' library unthreaded -DSPANLINK_NO_THREADS=ON \
    -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_INSTALL_PREFIX="$work/installed-unthreaded"
try 'its installation' cmake --install "$work/unthreaded"
installed installed-unthreaded
try 'a static library links threads' links_threads "$work/moved-static/lib"
try 'a shared library has linked them itself' links_no_threads "$work/moved-shared/lib"
try 'a library without threads links none' links_no_threads "$work/installed-unthreaded/lib"

# exports_nothing ARCHIVE: as a part of another shared library.
exports_nothing() {
    cc -shared -o "$work/host.so" -Wl,--whole-archive "$1" -Wl,--no-whole-archive -pthread &&
        ! nm -D --defined-only "$work/host.so" | grep .
}

try 'what a library that holds the static one exports' \
    exports_nothing "$work/moved-static/lib/libspanlink.a"
try 'the names that the shared library exports' sh "$tree/tests/exports.sh" \
    "$work/moved-shared/lib/libspanlink.so"
try 'its soname' sh -c "readelf -d '$work/moved-shared/lib/libspanlink.so' |
    grep -F 'soname: [libspanlink.so.0.2]'"
exit $outcome
