#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the library as for firmware, without heap, clock, threads and environment, runs
# tests/bare/bare.c with it, and compares the symbols that it needs from the C library with a list.
# Then checks that each option alone leaves out what it should, and that a build on a system without
# threads reports the option for that.
#
#     sh tests/bare.sh
set -u
tree=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$tree" || exit 1
outcome=0

complain() {
    echo "$*"
    outcome=1
}

sh src/package/amalgamate.sh "$work" || exit 1

# build NAME OPTION...: the single file with these options, as NAME.o; NAME.taken has, on one line,
# the external symbols that it needs in addition to those of every build.
build() {
    built=$1
    shift
    for option; do
        printf '#define SPANLINK_%s\n' "$option"
    done >"$work/$built.h"
    cc -std=c11 -O1 -DNDEBUG -fno-stack-protector -U_FORTIFY_SOURCE -include "$work/$built.h" \
        -c "$work/spanlink.c" -o "$work/$built.o" || complain "it does not build with: $*"
    nm -u "$work/$built.o" | awk '{ print $2 }' |
        grep -vE '^(memchr|memcmp|memcpy|memmove|memset|strlen|_GLOBAL_OFFSET_TABLE_)$' |
        tr '\n' ' ' >"$work/$built.taken"
}

takes() {
    grep -Eq "(^| )($2)( |\$)" "$work/$1.taken"
}

build bare NO_HEAP NO_CLOCK NO_THREADS NO_ENV
[ -s "$work/bare.taken" ] &&
    complain "without heap, clock, threads and environment it needs: $(cat "$work/bare.taken")"
if cc -std=c11 -I include tests/bare/bare.c "$work/bare.o" -o "$work/bare"; then
    "$work/bare" || outcome=1
else
    complain 'tests/bare/bare.c cannot be linked'
fi

# leaves_out OPTION PATTERN: checks that a full build needs symbols that match, and that a build with
# the option needs none of them.
build whole
leaves_out() {
    takes whole "$2" || complain "a full build needs nothing of $2"
    build "$1" "$1"
    if takes "$1" "$2"; then
        complain "with SPANLINK_$1 it needs: $(cat "$work/$1.taken")"
    fi
}
leaves_out NO_HEAP 'malloc|realloc|free'
leaves_out NO_CLOCK 'timespec_get|time|clock'
leaves_out NO_ENV 'getenv'
leaves_out NO_THREADS '(mtx|cnd|thrd|pthread)_[a-z_]*'

# With only the compiler's own headers there are no threads: the error message must name the missing
# option.
headers=$(cc -print-file-name=include)
looks_for_threads() {
    printf '#include <internal/lock.h>\n' |
        cc -std=c11 -ffreestanding -nostdinc -isystem "$headers" -I src "$@" -x c -fsyntax-only - 2>&1
}
for option in -DSPANLINK_PORTABLE -DSPANLINK_C11_THREADS; do
    looks_for_threads "$option" | grep -q 'error.*define SPANLINK_NO_THREADS' ||
        complain "a build with $option and without threads does not name SPANLINK_NO_THREADS"
done
looks_for_threads -DSPANLINK_NO_THREADS || complain 'SPANLINK_NO_THREADS needs threads'
exit $outcome
