#!/bin/sh
# SPDX-License-Identifier: MIT
# Writes the whole library as one pair of files, spanlink.c and spanlink.h, for projects that copy
# it into their own tree.
#
#     sh src/package/amalgamate.sh DIRECTORY
#
# Each header is inserted where it is first included. Static names are unique in all of src/, so
# that they need not be changed here.
set -eu
[ $# -eq 1 ] || {
    echo 'usage: sh src/package/amalgamate.sh DIRECTORY' >&2
    exit 2
}
tree=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
mkdir -p "$1"
into=$(CDPATH='' cd -- "$1" && pwd)
cd "$tree"
export LC_ALL=C

version=$(sed -n 's/^#define SPANLINK_VERSION  *"\(.*\)"/\1/p' include/spanlink/base.h)

# The beginning of both files.
title() {
    cat <<END
/* SPDX-License-Identifier: MIT */
/*
 * spanlink $version: OpenTelemetry span links for C, the whole library in spanlink.c and spanlink.h.
 * Made by src/package/amalgamate.sh of its source tree: to change it, change that.
 *
 * Compile spanlink.c as C11. These macros leave something out:
 *
 *     SPANLINK_NO_THREADS  locks: every object belongs to one thread
 *     SPANLINK_NO_OTLP     otlp and otlp_json
 *     SPANLINK_NO_FORMATS  every header format but the W3C's
 *     SPANLINK_NO_HEAP     malloc(): every object needs an allocator
 *     SPANLINK_NO_CLOCK    the clock: tables without a hash seed start from addresses
 *     SPANLINK_NO_ENV      getenv(): no environment variable is set
 *
 * Define SPANLINK_NO_OTLP and SPANLINK_NO_FORMATS for what includes spanlink.h, too. In a part of a
 * shared library, -fvisibility=hidden keeps all of it inside.
 *
END
    sed 's/^/ * /; s/ *$//' LICENSE
    printf ' */\n'
}

# expand FILE...: inserts the included headers of the tree, each once. Public headers are left out
# of sources, which include spanlink.h.
expand() {
    awk '
        function expand(path,    line, name) {
            if (path in done) return
            done[path] = 1
            print "\n/* " path " */"
            while ((getline line <path) > 0) {
                if (line ~ /SPDX-License-Identifier/) continue
                if (line !~ /^#include (<spanlink\/|")/) {
                    print line
                    continue
                }
                name = line
                gsub(/^#include .|[>"].*$/, "", name)
                if (line ~ /"/) expand("src/" name)
                else if (path ~ /^include\//) expand("include/" name)
            }
            close(path)
        }
        BEGIN {
            for (i = 1; i < ARGC; i++) {
                if (ARGV[i] ~ /^#/) print "\n" ARGV[i]
                else expand(ARGV[i])
            }
        }' "$@"
}

# files OPTION ENDING: the sources that the option leaves out; for "-" those that are always built.
files() {
    awk -v option="$1" -v ending="$2" '/^[a-z]/ && $3 == option { print "src/" $1 ending }' \
        src/package/concepts.txt | while read -r file; do
        [ ! -f "$file" ] || echo "$file"
    done
}

# Headers first, so that none is inserted where an option leaves it out. Word splitting of the lists
# is intended.
# shellcheck disable=SC2046
set -- $(files - .h) $(files - .c)
for option in $(awk '/^[a-z]/ && $3 != "-" && !seen[$3]++ { print $3 }' src/package/concepts.txt); do
    # shellcheck disable=SC2046
    set -- "$@" "#ifndef SPANLINK_$option" $(files "$option" .h) $(files "$option" .c) '#endif'
done

{
    title
    expand include/spanlink/spanlink.h
} >"$into/spanlink.h"
{
    title
    cat <<'END'
#ifndef SPANLINK_BUILDING
#define SPANLINK_BUILDING
#endif
#ifdef __clang__ /* Which inline functions are used depends on the machine. */
#pragma clang diagnostic ignored "-Wunused-function"
#endif
#include "spanlink.h"
END
    expand "$@"
} >"$into/spanlink.c"
