#!/bin/sh
# SPDX-License-Identifier: MIT
# Tests the examples inside other software: nginx, PostgreSQL, and clients of Kafka and MQTT, each
# end to end on this machine, with its own servers. Installs missing packages; outside of
# containers, Debian also starts the servers that it installs.
#
#     sh tests/hosts.sh [nginx|postgresql|kafka|mqtt]...
#
# Software that cannot be installed on this machine is skipped, with the reason; with CI=true that is a
# failure.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh

build=$PWD/build/hosts

needs() {
    need_compiler
    need pkg-config command -v pkg-config
    need python3 test -x /usr/bin/python3
}

needs_nginx() { need 'nginx nginx-dev' test -x /usr/share/nginx/src/configure; }
needs_postgresql() {
    need protobuf-compiler command -v protoc
    need 'postgresql postgresql-server-dev-all' test -f "$(pg_config --includedir-server 2>/dev/null)/postgres.h"
}
needs_kafka() {
    need librdkafka-dev pkg-config --exists rdkafka
    need kcat command -v kcat
}
needs_mqtt() {
    need mosquitto test -x /usr/sbin/mosquitto
    need mosquitto-clients command -v mosquitto_pub
    need libmosquitto-dev pkg-config --exists libmosquitto
}

# Installs the library for pkg-config, and builds the examples of CMake.
build() {
    build_in "$build" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DSPANLINK_WERROR=ON \
        -DSPANLINK_BUILD_TESTS=OFF -DCMAKE_INSTALL_PREFIX="$build/prefix" &&
        cmake --install "$build"
}

job_nginx() { sh tests/hosts/nginx.sh "$build"; }
job_postgresql() { sh tests/hosts/postgresql.sh "$build"; }
job_kafka() { sh tests/hosts/kafka.sh "$build"; }
job_mqtt() { sh tests/hosts/mqtt.sh "$build"; }

run_jobs 'nginx postgresql kafka mqtt' "$@"
