#!/bin/sh
# SPDX-License-Identifier: MIT
# Measures spanlink beside libraries of Rust, Go, C++ and C that do the same work, in turns, and
# writes the tables of README.md here. Optional: no other command runs it.
#
#     sh tests/bench/peers/run.sh [--build | ROUNDS]
#
# --build only builds. There are 11 rounds; the fastest of them counts. Installs what is missing,
# takes crates and Go modules from their registries, and leaves out what can't be built, with a line
# that says why. Fails if two peers give different answers.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/../../.." || exit 1
. tests/support/setup.sh

here=tests/bench/peers
build=$PWD/build/peers
out=$build/out
left_out=$build/left_out
flags='-O3 -DNDEBUG'
works='encode encode_texts json json_texts'

install() {
    need_compiler
    need g++ compiles g++ c++
    need pkg-config command -v pkg-config
    need protobuf-compiler command -v protoc
    need libprotobuf-dev pkg-config --exists protobuf
    need libabsl-dev pkg-config --exists absl_flat_hash_set
    need libconcurrentqueue-dev test -d /usr/include/concurrentqueue
    need libprotozero-dev test -d /usr/include/protozero
    need rapidjson-dev pkg-config --exists RapidJSON
    need uthash-dev test -f /usr/include/uthash.h
    need 'libprotobuf-c-dev protobuf-c-compiler' pkg-config --exists libprotobuf-c
    need 'libnanopb-dev nanopb' command -v protoc-gen-nanopb
    if apt-cache show libyyjson-dev >/dev/null 2>&1; then
        need libyyjson-dev pkg-config --exists yyjson
    fi
    install_missing || echo 'What needs these packages is left out.'
}

# OTLP's messages for all generators of code; without a package their names are short.
messages() {
    mkdir -p "$build" && grep -v '^package' tests/interop/trace.proto >"$build/trace.proto"
}

# generate DIRECTORY OPTION: protoc's code into $build/DIRECTORY.
generate() {
    mkdir -p "$build/$1" && (cd "$build" && protoc "$2$1" trace.proto)
}

build_spanlink() {
    cmake -S . -B "$build/spanlink" -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_COMPILER=gcc \
        -DSPANLINK_BUILD_TESTS=OFF -DSPANLINK_BUILD_EXAMPLES=OFF &&
        cmake --build "$build/spanlink" --target spanlink --parallel "$(jobs_at_once)" &&
        c spanlink -Iinclude "$build/spanlink/libspanlink.a"
}

# c NAME ARGUMENT..., cpp NAME ARGUMENT...: a program of one file. $flags is meant to split.
c() {
    name=$1
    shift
    # shellcheck disable=SC2086
    gcc -std=c11 -D_POSIX_C_SOURCE=200809L $flags $here/c/"$name".c "$@" -lpthread \
        -o "$build/c_$name"
}

cpp() {
    name=$1
    shift
    # shellcheck disable=SC2086
    g++ -std=c++17 $flags $here/cpp/"$name".cpp "$@" -lpthread -o "$build/cpp_$name"
}

build_c_uthash() { c uthash; }
build_c_protobuf_c() {
    generate protobuf_c --c_out= &&
        c protobuf_c -I"$build/protobuf_c" "$build/protobuf_c/trace.pb-c.c" -lprotobuf-c
}
build_c_nanopb() {
    generate nanopb "--nanopb_out=-f$PWD/$here/c/nanopb.options:" &&
        c nanopb -I"$build/nanopb" "$build/nanopb/trace.pb.c" -lprotobuf-nanopb
}
build_c_yyjson() {
    pkg-config --exists yyjson || {
        echo 'this Debian has no libyyjson-dev'
        return 1
    }
    c yyjson -lyyjson
}

build_cpp_standard() { cpp standard; }
build_cpp_moodycamel() { cpp moodycamel; }
build_cpp_protozero() { cpp protozero; }
build_cpp_rapidjson() { cpp rapidjson; }
build_cpp_abseil() {
    # shellcheck disable=SC2046
    cpp abseil $(pkg-config --cflags --libs absl_flat_hash_set)
}
build_cpp_protobuf() {
    generate protobuf --cpp_out= &&
        cpp protobuf -I"$build/protobuf" "$build/protobuf/trace.pb.cc" -lprotobuf
}

# Two programs: with the system's allocator, and with mimalloc.
build_rust() {
    PEERS_PROTO=$build/trace.proto cargo build --locked --release --target-dir "$build/target" \
        --manifest-path $here/rust/Cargo.toml &&
        cp "$build/target/release/rust" "$build/target/release/rust_mimalloc" "$build"
}
build_go() {
    go build -C $here/go -o "$build/go" .
}

peers='c_uthash c_protobuf_c c_nanopb c_yyjson cpp_standard cpp_moodycamel cpp_protozero
    cpp_rapidjson cpp_abseil cpp_protobuf rust go'

build_all() {
    : >"$left_out"
    if ! build_spanlink >"$build/spanlink.log" 2>&1; then
        tail -n 20 "$build/spanlink.log"
        return 1
    fi
    rm -f "$build/rust_mimalloc"
    for peer in $peers; do
        if ! "build_$peer" >"$build/$peer.log" 2>&1; then
            rm -f "$build/$peer"
            echo "$peer: $(grep -v '^ *$' "$build/$peer.log" | tail -n 1)" | tee -a "$left_out"
        fi
    done
}

# What was measured with what; the versions of crates and modules are in the tables' script.
versions() {
    echo "processor: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)," \
        "$(getconf _NPROCESSORS_ONLN) cores"
    echo "spanlink: $(git describe --always --dirty 2>/dev/null), the fastest of $round rounds"
    echo "C, C++: gcc $(gcc -dumpfullversion) $flags, $(getconf GNU_LIBC_VERSION)"
    ! command -v rustc >/dev/null || echo "Rust: $(rustc --version | cut -d ' ' -f 2), release, fat LTO"
    ! command -v go >/dev/null || echo "Go: $(go env GOVERSION | sed 's/^go//')"
    printf 'Debian: '
    dpkg-query -W -f '${Package} ${Version}, ' libprotobuf-dev libprotozero-dev libabsl-dev \
        libconcurrentqueue-dev rapidjson-dev uthash-dev libprotobuf-c-dev libnanopb-dev \
        libyyjson-dev 2>/dev/null | sed 's/, $//'
    echo
}

measure() {
    : >"$build/results"
    round=0
    while [ "$round" -lt "$1" ]; do
        round=$((round + 1))
        for peer in c_spanlink $peers rust_mimalloc; do
            if [ -x "$build/$peer" ]; then
                "$build/$peer" "$out" >>"$build/results" || return
            fi
        done
        echo "round $round of $1 done"
    done
}

case ${1-} in
'' | --build | [1-9] | [1-9][0-9]) ;;
*)
    echo 'usage: run.sh [--build | ROUNDS]' >&2
    exit 2
    ;;
esac
messages && install && build_all || exit
[ "${1-}" != --build ] || exit 0
rm -rf "$out"
for work in $works; do
    mkdir -p "$out/$work"
done
measure "${1:-11}" && versions >"$build/versions" && python3 $here/tables.py "$build"
