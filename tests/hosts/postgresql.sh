#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds and installs the PostgreSQL extension, starts a separate server that listens only on a
# socket, runs the regression tests, and compares parallel plans with serial ones on a queue of
# 100,000 rows. Then stops the server and removes the extension.
#
#     sh tests/hosts/postgresql.sh BUILD       BUILD/prefix has spanlink installed
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/../.." || exit 1
build=$1
source=$build/postgresql

. tests/support/setup.sh
bin=$(pg_config --bindir)
work=$(mktemp -d)
export PKG_CONFIG_PATH="$build/prefix/lib/pkgconfig"
export PGHOST="$work" PGPORT=5433 PGUSER=postgres PGDATABASE=postgres

# in_source ARGUMENT...: make, in a copy of the extension's folder.
in_source() {
    make -C "$source" with_llvm=no "$@" >>"$source.log" 2>&1 || {
        cat "$source.log" "$source"/regression.diffs 2>/dev/null | tail -60
        return 1
    }
}

# server COMMAND...: PostgreSQL does not run as root.
server() {
    if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

finish() {
    server "$bin/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true
    as_root make -C "$source" uninstall >/dev/null 2>&1 || true
    rm -rf "$work"
}

rm -rf "$source" "$source.log"
cp -r examples/postgresql "$source"
in_source COPT=-Werror
trap finish EXIT
as_root make -C "$source" with_llvm=no install >>"$source.log"
[ "$(id -u)" -ne 0 ] || chown postgres "$work"
server "$bin/initdb" -D "$work/data" -U postgres -A trust -E UTF8 --locale=C >>"$source.log"
server "$bin/pg_ctl" -D "$work/data" -l "$work/server.log" -w start \
    -o "-c listen_addresses='' -c unix_socket_directories='$work' -c port=$PGPORT -c fsync=off \
        -c max_worker_processes=8 -c max_parallel_workers=8" >>"$source.log"

in_source installcheck
echo "postgresql: the regression tests pass"

psql() {
    command psql -X -q -v ON_ERROR_STOP=1 "$@"
}
psql -At -f tests/hosts/queue.sql

# What a client gets as bytea is what a protobuf parser reads: as many links, with the same ids.
psql -At -c "SELECT encode(links, 'base64') FROM serial WHERE batch = 139" | base64 -d |
    protoc --decode spanlink.interop.Span --proto_path=tests/interop \
        tests/interop/trace.proto >"$work/span.txt"
[ "$(grep -c '^links {' "$work/span.txt")" -eq 128 ]
[ "$(grep '^dropped_links_count: ' "$work/span.txt")" = "dropped_links_count: $(psql -At -c \
    "SELECT json ->> 'droppedLinksCount' FROM serial WHERE batch = 139")" ]
echo "postgresql: protobuf's own parser reads the bytea"
