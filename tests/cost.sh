#!/bin/sh
# SPDX-License-Identifier: MIT
# Attacks the library with hostile inputs (tests/cost) in sizes n, 2n, 4n and 8n, and counts the
# instructions and the heap bytes of each. Counts, unlike times, are the same on a busy machine.
#
#     sh tests/cost.sh [ATTACK...]
#
# Fails if twice the input takes more than 2.3 times the instructions, or more heap than the
# attack's bound. Linear work takes twice as many instructions, n log n up to 2.2 times at these
# sizes; n to the power 1.5 takes 2.8 times as many, and quadratic work 4 times. If input beyond a
# limit is not read at all, the bound is 1.1 times.
#
# The table also has planted attacks that must be found. In addition, a quadratic part of a tenth of
# the smallest figure is added to each figure: that must be found too.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh
. tests/support/callgrind.sh
build=build/instructions

# attack ATTACK...: writes `found` with the columns attack, growth, whether it must be caught, size,
# heap, bound of the heap, instructions. Callgrind counts each attack, in the same order.
attack() {
    count_inside cost_measured_work --dump-after=cost_measured_work --combine-dumps=yes \
        --callgrind-out-file="$build/counts" "$build/tests/cost/cost" "$@" \
        >"$build/attacks" 2>"$build/log" || {
        cat "$build/log"
        return 1
    }
    awk '/^desc: Trigger: --dump-after/ { counted = 1 }
         /^totals: / && counted { print $2; counted = 0 }' "$build/counts" |
        paste "$build/attacks" - >"$build/found"
}

judge() {
    awk -F '\t' '
        # The largest ratio of the cost of a size to that of the previous one, with an added part.
        function steepest(part, power,    k, steepest_yet, before, now) {
            steepest_yet = 0
            for (k = 1; k < 4; k++) {
                before = count[k - 1] + part * power ^ (k - 1)
                now = count[k] + part * power ^ k
                if (now / before > steepest_yet) steepest_yet = now / before
            }
            return steepest_yet
        }
        function verdict(    most, growth, broken) {
            most = $2 == "linear" ? 2.3 : 1.1
            growth = steepest(0, 1)
            broken = growth > most ? "TOO MUCH WORK" : hoarded ? "TOO MUCH HEAP" : ""
            if ($3) return broken != "" ? "caught, as it must be" : "NOT CAUGHT"
            if (broken != "") return broken
            return steepest(count[0] / 10, $2 == "linear" ? 4 : 2) > most ? "" : "TOO DULL"
        }
        {
            k = (NR - 1) % 4
            count[k] = $7
            hoarded = (k != 0 && hoarded) || $5 > $6
            if ($7 == "" || $7 == 0) { print $1 ": callgrind did not count"; failed = 1; exit }
            if (k < 3) next
            said = verdict()
            if (said ~ /^[A-Z]/) failed = 1
            printf "%-29s %-8s %7d %9d %9d %9d %9d  %4.2f  heap %8d of %8d  %s\n", $1, $2,
                $4, count[0], count[1], count[2], count[3], steepest(0, 1), $5, $6, said
        }
        BEGIN {
            printf "%-29s %-8s %7s %9s %9s %9s %9s  %4s\n", "attack", "growth", "8n", "n", "2n",
                "4n", "8n", "most"
        }
        END {
            if (NR == 0 || NR % 4 != 0) { print "the attacks are not complete"; failed = 1 }
            exit failed
        }' "$build/found"
}

need_to_count
install_missing && build_to_count cost && attack "$@" && judge
