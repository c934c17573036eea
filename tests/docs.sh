#!/bin/sh
# SPDX-License-Identifier: MIT
# Generates the reference of the public headers, as HTML and as man pages, and fails if a comment is
# missing or incomplete.
#
#     sh tests/docs.sh [DIRECTORY]     build/docs if none is given
set -eu
tree=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
for tool in doxygen mandoc; do
    command -v "$tool" >/dev/null || missing="${missing-} $tool"
done
if [ -n "${missing-}" ]; then
    echo "The reference needs more packages. On Debian: apt-get install$missing" >&2
    exit 1
fi
output=${1:-$tree/build/docs}
mkdir -p "$output/man/man3"
output=$(CDPATH='' cd -- "$output" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$tree"
version=$(sed -n 's/^#define SPANLINK_VERSION  *"\(.*\)"/\1/p' include/spanlink/base.h)

rm -rf "$output/html"
DOCS_VERSION=$version DOCS_OUTPUT=$work doxygen src/package/Doxyfile
mv "$work/html" "$output/html"

# Each concept shows a program that is compiled and run: examples/concepts/X.c.
for header in include/spanlink/*.h; do
    concept=$(basename "$header" .h)
    [ "$concept" = spanlink ] && continue
    if ! grep -q "^ \* @snippet concepts/$concept\.c " "$header"; then
        echo "$header shows no part of examples/concepts/$concept.c"
        exit 1
    fi
done

# functions_of CONCEPT: the functions whose page is that concept's.
functions_of() {
    grep -lxF ".so man3/$1.h.3" "$work"/man/man3/spanlink_*.3 |
        sed 's|.*/||; s|\.3$||' | grep -xFf tests/abi/exports.txt
}

# One man page per concept, and a reference to it under the name of each function.
for header in include/spanlink/*.h; do
    concept=$(basename "$header" .h)
    [ "$concept" = spanlink ] && continue
    functions=$(functions_of "$concept")
    page=$output/man/man3/spanlink_$concept.3
    awk -v concept="$concept" -v version="$version" -v functions="$functions" '
        BEGIN { gsub(/\n/, ", ", functions) }
        /^\.TH / { print ".TH spanlink_" concept " 3 \"\" \"spanlink " version "\" spanlink"; next }
        /^\.SH "Author"/ { exit }
        /^\.SH / { synopsis = $2 == "SYNOPSIS" }
        /^\.SS / { synopsis = 0 }
        /^\.SH SYNOPSIS/ { print; print "\\fB#include <spanlink/" concept ".h>\\fP"; next }
        synopsis { next }
        /^\.nf/ { verbatim = 1 }
        /^\.fi/ { verbatim = 0 }
        {
            if (index($0, "spanlink/" concept ".h \\-") == 1)
                sub(/^[^ ]+/, "spanlink_" concept ", " functions)
            gsub(/\\fC/, "\\fB")
            sub(/^\047/, "\\(aq")
            gsub(/\\n/, "\\en")
            gsub(/\\x/, "\\ex")
            gsub(/,SPANLINK_/, ", SPANLINK_")
            # Doxygen puts a whole table on one line: four spaces end a row, three a cell.
            if (/[^ ]   [^ ]/ && !verbatim) {
                sub(/ +$/, "")
                gsub(/    /, "\n.br\n")
                gsub(/   /, " \\(-> ")
            }
            sub(/ +$/, "")
            print
        }' "$work/man/man3/$concept.h.3" >"$page"
    for function in $functions; do
        [ "$function" = "spanlink_$concept" ] ||
            echo ".so man3/spanlink_$concept.3" >"$output/man/man3/$function.3"
    done
done
missing=$(while read -r function; do
    [ -f "$output/man/man3/$function.3" ] || echo "$function"
done <tests/abi/exports.txt)
if [ -n "$missing" ]; then
    echo "No man page: $missing"
    exit 1
fi
cd "$output/man" && mandoc -T lint -W error man3/*.3
