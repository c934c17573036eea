#!/bin/sh
# SPDX-License-Identifier: MIT
# Compares the names that a shared library exports with tests/abi/exports.txt, and both with the
# functions that the public headers declare.
#
#     sh tests/exports.sh LIBRARY
#
# Prints the differences, and fails if there are any. `sh tests/abi.sh exports` writes the list.
set -eu
tree=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
list=$tree/tests/abi/exports.txt
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C

nm -D --defined-only "$1" | awk '{ print $3 }' | sort >"$work/exported"

# From the tree's root, so that no folder name is split into words.
cd "$tree"
awk -f tests/support/declared.awk include/spanlink/*.h |
    awk -F '\t' '$2 == "function" { print $3 }' | sort >"$work/declared"

outcome=0
if ! diff "$work/declared" "$work/exported"; then
    echo 'Above: < is declared but not exported, > is exported but not declared.'
    outcome=1
fi
if ! diff "$list" "$work/exported"; then
    echo 'Above: < is missing, > is new. If that is meant: sh tests/abi.sh exports'
    outcome=1
fi
exit $outcome
