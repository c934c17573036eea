#!/bin/sh
# SPDX-License-Identifier: MIT
# The README's first program has at most 15 lines and prints what the README says that it prints.
#
#     sh tests/readme.sh PROGRAM
set -u
readme=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)/README.md

lines=$(awk '/^```c$/ { inside = 1; next } /^```$/ && inside { exit } inside { lines++ } END { print lines }' "$readme")
if [ "$lines" -gt 15 ]; then
    echo "the program has $lines lines"
    exit 1
fi

printed=$("$1") || exit 1
if ! grep -qxF -- "$printed" "$readme"; then
    echo "README.md does not hold what the program prints:"
    echo "$printed"
    exit 1
fi
