#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the nginx module, starts nginx on 127.0.0.1, sends 10,000 requests of all kinds over eight
# connections with a reload half-way, and compares every line of the log with its request.
#
#     sh tests/hosts/nginx.sh BUILD       BUILD/prefix has spanlink installed
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/../.." || exit 1
here=$PWD
build=$1
requests=10000

build_module() {
    cd /usr/share/nginx/src
    PKG_CONFIG_PATH=$build/prefix/lib/pkgconfig bash -c '
        . ./conf_flags && ./configure "${NGX_CONF_FLAGS[@]}" --with-cc-opt="-O2 -fPIC -std=gnu11" \
            --add-dynamic-module="$1/examples/nginx" --builddir="$2/nginx" &&
            make -f "$2/nginx/Makefile" modules' build "$here" "$build" >"$build/nginx.log" 2>&1 || {
        tail -40 "$build/nginx.log"
        exit 1
    }
    cd "$here"
}

work=$(mktemp -d)
nginx() {
    command nginx -p "$work" -c nginx.conf "$@" 2>>"$work/error.log"
}
finish() {
    nginx -s stop || true
    rm -rf "$work"
}

# memory: the resident KiB of all workers, after those from before a reload have ended.
memory() {
    sleep 1
    cat /proc/[0-9]*/status 2>/dev/null |
        awk -v parent="$(cat "$work/nginx.pid")" '
            $1 == "PPid:" { mine = $2 == parent }
            $1 == "VmRSS:" && mine { sum += $2 }
            END { print sum + 0 }'
}

# send: sends all requests once, with a reload half-way, and compares each line with its request. A
# worker that has not reopened the log yet would write to the removed file.
send() {
    rm -f "$work/spans.jsonl"
    nginx -s reopen
    for _ in $(seq 100); do
        sleep 0.1
        find /proc/[0-9]*/fd -lname "$work/spans.jsonl (deleted)" 2>/dev/null | grep -q . || break
    done
    /usr/bin/python3 tests/hosts/nginx.py "$work" $requests
}

build_module
trap finish EXIT
chmod 755 "$work"
cp "$build/nginx/ngx_http_spanlink_module.so" examples/nginx/nginx.conf "$work"
OTEL_PROPAGATORS=tracecontext,b3,smoke nginx
grep -q '"smoke" is unknown' "$work/error.log"

send
before=$(memory)
send
after=$(memory)
complaints=$(grep -c 'no link to the caller' "$work/error.log")
echo "nginx: $complaints requests had no valid context; error.log has the cause of each"
echo "nginx: the workers used $before KiB, and $after KiB after $requests more requests"
[ "$complaints" -eq $((2 * requests / 5)) ]
[ $((after - before)) -lt 512 ]
