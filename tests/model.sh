#!/bin/sh
# SPDX-License-Identifier: MIT
# Searches all interleavings of small models of the threads' shared state, tests/model/*.pml, with
# spin.
#
#     sh tests/model.sh [MODEL]...     all if none is given: cache, collector
#
# The start of a model lists its properties, the sizes to search, and bugs that can be planted in
# it. Each size is searched completely for violations and deadlocks (SIZE), or for runs that never
# end (ENDS); each step of the model must be taken in some size. Then each bug is planted alone, and
# the search must find an error of the listed kind.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh

need 'gcc libc6-dev' compiles gcc c
need tcc command -v tcc
need spin command -v spin
install_missing || exit 1

build=$PWD/build/model

# search COMPILER NAME KIND OPTION...: a directory of the name, in which `log` is the output of
# the search. No run reaches the depth limit: the log would show it.
search() {
    compiler=$1
    directory=$build/$model/$2
    case $3 in
    ENDS | cycle) compiler_flag=-DNP program_flag=-l ;;
    *) compiler_flag=-DSAFETY program_flag= ;;
    esac
    shift 3
    mkdir -p "$directory"
    cp "tests/model/$model.pml" "$directory"
    (cd "$directory" && spin -a "$@" "$model.pml" &&
        $compiler -w "$compiler_flag" -o pan pan.c && ./pan -m5000 $program_flag
    ) >"$directory/log" 2>&1 </dev/null
}

# Prints the finding of the last search, the run that leads to it, and the reason.
complain() {
    grep -v '^Depth=' "$directory/log"
    [ ! -f "$directory/$model.pml.trail" ] ||
        (cd "$directory" && spin -t -p -g "$model.pml" | tail -n 100)
    echo "$model: $1"
    return 1
}

# Prints the steps that the last search never took, as PROCESS FILE:LINE.
list_unreached() {
    awk '/^unreached in/ { process = $4 } /^\t.*\.pml:/ { sub(",.*", ""); print process, $1 }' \
        "$directory/log" | sort -u
}

# verify KIND SIZE: searches the unchanged model completely.
verify() {
    sizes=$((sizes + 1))
    # The size is meant to split into options.
    # shellcheck disable=SC2086
    if ! search 'gcc -O1' "$sizes" "$1" $2 || ! grep -q 'errors: 0$' "$directory/log"; then
        complain "FAILED with $2"
    elif ! grep -q '^Full statespace' "$directory/log" ||
        grep -q -e 'not completed' -e 'too small' "$directory/log"; then
        complain "not searched to the end with $2"
    else
        list_unreached >>"$build/$model/unreached"
        awk -v what="$model $2" '
            /depth reached/ { depth = $6 + 0 }
            /states, stored/ { states = $1 }
            END { print what ": " states " states, " depth " steps deep" }' "$directory/log"
    fi
}

# must_find BUG KIND SIZE: with the fastest compiler options, because a bug is found quickly.
must_find() {
    case $2 in
    assertion) text='assertion violated' ;;
    deadlock) text='invalid end state' ;;
    cycle) text='non-progress cycle' ;;
    *) text='a kind that is named' ;;
    esac
    # shellcheck disable=SC2086
    search tcc "$1" "$2" $3 "-D$1"
    found=$(sed -n "s/^pan:1: \($text.*\)/\1/p" "$directory/log")
    [ -n "$found" ] || complain "$1 was not found" || return
    echo "$model $1: $found"
}

# The file's own list of sizes and bugs: SIZE OPTIONS, ENDS OPTIONS or PLANT_BUG KIND, each followed
# by a description.
list_checks() {
    sed -n 's/^ \* //; /^SIZE /p; /^ENDS /p; /^PLANT_/p' "tests/model/$model.pml"
}

# Whether the list names all bugs in the model.
lists_all_bugs() {
    grep -o 'PLANT_[A-Z_]*' "tests/model/$model.pml" | sort -u >"$build/$model/bugs"
    list_checks | grep -o '^PLANT_[A-Z_]*' | sort | cmp -s - "$build/$model/bugs"
}

# check MODEL
check() {
    model=$1
    sizes=0
    lists_all_bugs || {
        echo "$model: the list of bugs differs from the bugs in the model"
        return 1
    }
    list_checks >"$build/$model/checks"
    while read -r what rest; do
        case $what in
        PLANT_*) must_find "$what" "${rest%% *}" "$size" || return ;;
        *)
            size=${rest%%   *}
            verify "$what" "$size" || return
            ;;
        esac
    done <"$build/$model/checks"
    never=$(sort "$build/$model/unreached" | uniq -c | awk -v n="$sizes" '$1 == n')
    [ -z "$never" ] || {
        printf '%s\n%s: these steps are never taken\n' "$never" "$model"
        return 1
    }
}

[ $# -ne 0 ] || set -- cache collector
# All at once; the output of each is printed at the end.
for name in "$@"; do
    rm -rf "${build:?}/$name"
    mkdir -p "$build/$name"
    (check "$name" || echo "$name: FAILED") >"$build/$name/said" 2>&1 &
done
wait
outcome=0
for name in "$@"; do
    cat "$build/$name/said"
    ! grep -q "^$name: FAILED$" "$build/$name/said" || outcome=1
done
exit $outcome
