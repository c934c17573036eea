# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034
# What the tests of examples share: a scratch folder that is the current one, and words for what must
# hold. Sourced by a test that has set outcome=0, and ends with `exit $outcome`.
export LC_ALL=C
unset OTEL_PROPAGATORS
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1

wrong() {
    echo "WRONG: $1"
    outcome=1
}

# same WHAT A B: two files that must not differ.
same() {
    diff "$2" "$3" >difference || {
        wrong "$1 differs from what it must be"
        head -n 6 difference
    }
}

# says FILE TEXT: a line of the file is the text.
says() {
    grep -qxF -- "$2" "$1" || {
        wrong "no line says: $2"
        head -n 6 "$1"
    }
}

# holds FILE COUNT TEXT: COUNT lines of the file contain the text.
holds() {
    found=$(grep -cF -- "$3" "$1")
    [ "$found" -eq "$2" ] || wrong "$found lines of $1, not $2, hold: $3"
}

# ends STATUS COMMAND...: the exit status; standard output and error are in `out` and `err`. Reads
# the file `in` if there is one.
ends() {
    wanted=$1
    shift
    if [ -e in ]; then
        "$@" >out 2>err <in
    else
        "$@" >out 2>err </dev/null
    fi
    status=$?
    [ "$status" -eq "$wanted" ] || {
        wrong "status $status, not $wanted: $*"
        head -n 6 err
    }
}
