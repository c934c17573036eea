#!/bin/sh
# SPDX-License-Identifier: MIT
# Starts and stops a RabbitMQ broker for the example message_queue. It listens on 127.0.0.1 only, and
# keeps its data in a separate folder.
#
#     sh examples/rabbitmq.sh start [PORT]    returns when the broker answers
#     sh examples/rabbitmq.sh stop
set -eu

folder=${RABBITMQ_FOLDER:-${TMPDIR:-/tmp}/spanlink-rabbitmq}
port=${2:-5672}

export RABBITMQ_NODENAME=spanlink@localhost
export RABBITMQ_NODE_IP_ADDRESS=127.0.0.1
export RABBITMQ_NODE_PORT="$port"
export RABBITMQ_DIST_PORT=25673
export RABBITMQ_MNESIA_BASE="$folder/data"
export RABBITMQ_LOG_BASE="$folder/log"
export RABBITMQ_PID_FILE="$folder/pid"
export RABBITMQ_ENABLED_PLUGINS_FILE="$folder/plugins"
# The broker starts Erlang's name server. A separate one can be stopped without affecting others.
export ERL_EPMD_ADDRESS=127.0.0.1
export ERL_EPMD_PORT=24369
export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}"

need() {
    if ! command -v "$1" >/dev/null 2>&1; then
        echo "rabbitmq.sh: $1 is missing: install Debian's package rabbitmq-server" >&2
        exit 1
    fi
}

start() {
    mkdir -p "$folder/data" "$folder/log"
    echo '[].' >"$folder/plugins"
    # If root starts the broker, Debian's scripts run it as this user.
    if [ "$(id -u)" = 0 ]; then
        chown -R rabbitmq "$folder"
    fi
    rabbitmq-server -detached >"$folder/start.txt" 2>&1
    for _ in $(seq 60); do
        if rabbitmqctl -q --timeout 5 await_startup >/dev/null 2>&1; then
            echo "rabbitmq.sh: listening on 127.0.0.1:$port"
            return
        fi
        sleep 1
    done
    cat "$folder/start.txt" "$folder"/log/*.log >&2
    echo "rabbitmq.sh: the broker did not start" >&2
    exit 1
}

# The name server refuses to stop as long as the broker is registered there, so this retries.
stop() {
    rabbitmqctl -q stop "$RABBITMQ_PID_FILE" >/dev/null 2>&1 || true
    for _ in $(seq 20); do
        epmd -kill 2>/dev/null | grep -q 'not allowed' || break
        sleep 1
    done
    rm -rf "$folder"
}

need rabbitmq-server
case ${1:-} in
    start) start ;;
    stop) stop ;;
    *)
        echo "usage: sh examples/rabbitmq.sh start|stop [PORT]" >&2
        exit 2
        ;;
esac
