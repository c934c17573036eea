#!/bin/sh
# SPDX-License-Identifier: MIT
# The examples that live beside other people's programs, Kafka and MQTT, each end to end on this
# machine. Installs what is missing.
#
#     sh tests/hosts.sh [kafka|mqtt]...
#
# A host that can't be had on this machine is skipped, and a line says why; with CI=true that fails.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh

build=$PWD/build/hosts
passed=0
skipped=0
failed=0

install() {
    need_compiler
    need pkg-config command -v pkg-config
    need python3 test -x /usr/bin/python3
    need librdkafka-dev pkg-config --exists rdkafka
    need mosquitto test -x /usr/sbin/mosquitto
    need kcat command -v kcat
    need mosquitto-clients command -v mosquitto_pub
    need libmosquitto-dev pkg-config --exists libmosquitto
    install_missing
}

# The library as a user installs it, where pkg-config finds it, and the examples that CMake builds.
build() {
    cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DSPANLINK_WERROR=ON \
        -DSPANLINK_BUILD_TESTS=OFF -DCMAKE_INSTALL_PREFIX="$build/prefix" >"$build.log" &&
        cmake --build "$build" --parallel "$(jobs_at_once)" >>"$build.log" &&
        cmake --install "$build" >>"$build.log" || {
        tail -40 "$build.log"
        return 1
    }
}

# host NAME: runs it and counts how it went.
host() {
    case $1 in
    kafka | mqtt) sh "tests/hosts/$1.sh" "$build" ;;
    *)
        echo "there is no host $1"
        false
        ;;
    esac
    case $? in
    0) passed=$((passed + 1)) ;;
    77) skipped=$((skipped + 1)) ;;
    *)
        echo "$1: FAILED"
        failed=$((failed + 1))
        ;;
    esac
}

mkdir -p build
install || exit 1
build || exit 1
[ $# -ne 0 ] || set -- kafka mqtt
for name in "$@"; do
    host "$name"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && { [ "$skipped" -eq 0 ] || [ "${CI:-}" != true ]; }
