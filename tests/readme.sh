#!/bin/sh
# SPDX-License-Identifier: MIT
# Checks that the README's first program has at most 15 lines and prints the README's output, that
# the README's figures are those of tests/bench/peers/README.md, and the figures of
# tests/bench/README.md those of tests/bench/instructions.tsv.
#
#     sh tests/readme.sh [PROGRAM]
set -u
tree=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
readme=$tree/README.md

lines=$(awk '/^```c$/ { inside = 1; next } /^```$/ && inside { exit } inside { lines++ } END { print lines }' "$readme")
if [ "$lines" -gt 15 ]; then
    echo "the program has $lines lines"
    exit 1
fi

printed=$("${1-$tree/build/default/tests/readme_program}") || exit 1
if ! grep -qxF -- "$printed" "$readme"; then
    echo "README.md does not contain the program's output:"
    echo "$printed"
    exit 1
fi

# The README has the beginnings of some rows.
awk '
    FNR == NR { row[$0]; next }
    /^<!-- peers/ { inside = 1 }
    /^<!-- .peers/ { inside = 0 }
    inside && /[0-9] ×/ {
        rows++
        for (each in row) if (index(each, $0) == 1) next
        print "README.md: tests/bench/peers/README.md does not have: " $0
        wrong = 1
    }
    END { exit wrong || rows == 0 }' "$tree/tests/bench/peers/README.md" "$readme" || exit 1

# A row begins with the name of its workload. The tolerance is that of CI, 5 %.
awk -F '[|\t]' '
    FILENAME == ARGV[1] { if ($0 !~ /^#/) counted[$1] = $2; next }
    $2 ~ /^ `[a-z0-9_]+` $/ {
        name = $2
        gsub(/[ `]/, "", name)
        figure = $4
        gsub(/[ ,]/, "", figure)
        figure += 0
        if (figure == 0) next
        listed[name]
        if (figure < counted[name] * 0.95 - 1 || figure > counted[name] * 1.05 + 1) {
            print FILENAME ": " name " takes " counted[name] " instructions, not " figure
            wrong = 1
        }
    }
    END {
        for (name in counted) {
            if (!(name in listed)) {
                print ARGV[2] ": there is no row of " name
                wrong = 1
            }
        }
        exit wrong
    }' "$tree/tests/bench/instructions.tsv" "$tree/tests/bench/README.md"
