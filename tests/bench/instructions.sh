#!/bin/sh
# SPDX-License-Identifier: MIT
# Counts the instructions that each workload of the benchmark takes per operation, and holds them
# against the figures in instructions.tsv. They hardly differ from run to run, and the processor
# should make no difference, as long as compiler and C library are those that the table names.
#
#     sh tests/bench/instructions.sh [--update | --required] [WORKLOAD...]
#
# Fails where a figure is more than 5 % above the table's, or above the most that it may ever be.
# --update    writes the figures into the table.
# --required  also fails where the table is for another compiler or C library. Without it that is
#             said, and nothing is compared.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/../.." || exit 1
. tests/support/setup.sh
. tests/support/callgrind.sh
table=tests/bench/instructions.tsv
build=build/instructions
bench=${BENCH:-$build/tests/bench/bench} # builds.sh sets another one

mode=compare
case ${1-} in
--update | --required | --measure)
    mode=${1#--}
    shift
    ;;
-*)
    echo 'usage: instructions.sh [--update | --required] [WORKLOAD...]' >&2
    exit 2
    ;;
esac

# What the figures hold for; the first line of the table.
toolchain() {
    echo "# gcc $(gcc -dumpfullversion), $(getconf GNU_LIBC_VERSION), $(uname -m), $flags"
}

# instructions WORKLOAD N: what N operations take. Callgrind counts only what runs inside of
# bench_measured_work(): what a workload prepares is not in it.
instructions() {
    count_inside bench_measured_work --callgrind-out-file=/dev/null \
        "$bench" --only "$1" --count "$2" 2>&1 | sed -n 's/^==.*Collected : \([0-9]*\)$/\1/p'
}

# measure WORKLOAD N: a line of the table. What 2 n operations take more than n do is free of all
# that happens once.
measure() {
    once=$(instructions "$1" "$2")
    twice=$(instructions "$1" "$((2 * $2))")
    if [ -z "$once" ] || [ -z "$twice" ]; then
        echo "$1: callgrind did not count" >&2
        return 1
    fi
    awk -v name="$1" -v once="$once" -v twice="$twice" -v n="$2" \
        'BEGIN { printf "%s\t%.1f\n", name, (twice - once) / n }'
}

# measure_all WORKLOAD...: those named, or all, in the order of the benchmark.
measure_all() {
    "$bench" --list | awk -F '\t' -v names=" $* " '
        $3 != 0 && (names ~ /^ *$/ || index(names, " " $1 " ")) { print $1, $3 }' >"$build/wanted"
    xargs -P "$(jobs_at_once)" -n 2 sh tests/bench/instructions.sh --measure \
        <"$build/wanted" >"$build/unordered" || return
    awk 'NR == FNR { line[$1] = $0; next } { print line[$1] }' "$build/unordered" "$build/wanted"
}

# Columns of the table: workload, instructions per operation, the most that they may ever be or -.
# Prints what was found beside it; fails if it is too much, or a workload has no line.
compare() {
    awk -F '\t' '
        NR == FNR { if ($0 !~ /^#/) { known[$1] = $2; most[$1] = $3 } next }
        {
            verdict = ""
            if (!($1 in known)) verdict = "NOT IN THE TABLE: run with --update"
            else if ($2 > known[$1] * 1.05) verdict = "TOO MANY"
            else if (most[$1] != "-" && $2 > most[$1] + 0) verdict = "ABOVE THE MOST"
            if (verdict != "") failed = 1
            else if ($2 < known[$1] * 0.95) verdict = "fewer: renew the table with --update"
            printf "%-28s %12.1f  table %12.1f  most %8s  %s\n", $1, $2, known[$1], most[$1], verdict
        }
        END { exit failed }' "$table" "$build/found"
}

# The new table: the figures found, the rest as it was.
update() {
    toolchain >"$build/table"
    awk '/^#/ && NR > 1' "$table" >>"$build/table"
    awk -F '\t' '
        FILENAME == ARGV[1] { if ($0 !~ /^#/) { old[$1] = $2; most[$1] = $3 } next }
        FILENAME == ARGV[2] { new[$1] = $2; next }
        $3 != 0 {
            figure = $1 in new ? new[$1] : old[$1]
            if (figure != "") printf "%s\t%s\t%s\n", $1, figure, ($1 in most) ? most[$1] : "-"
        }' "$table" "$build/found" "$build/list" >>"$build/table"
    cp "$build/table" "$table"
}

if [ "$mode" = measure ]; then
    measure "$1" "$2"
    exit
fi

need_to_count
install_missing && build_to_count bench || exit
if [ "$mode" != update ] && [ "$(toolchain)" != "$(head -n 1 "$table")" ]; then
    echo 'The instructions were NOT COMPARED: the table is for another compiler or C library.'
    echo "here:  $(toolchain)"
    echo "table: $(head -n 1 "$table")"
    [ "$mode" != required ]
    exit
fi
measure_all "$@" >"$build/found" || exit
if [ "$mode" = update ]; then
    "$bench" --list >"$build/list"
    update
fi
compare
