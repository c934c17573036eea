#!/bin/sh
# SPDX-License-Identifier: MIT
# Compiles each public header alone and included twice, in every dialect of C and C++ that the
# installed compilers support, by gcc and clang; then a program that uses all of them. Every warning
# is an error, and ignoring a status must give a warning. Also searches for constructs that C and
# C++ do not share.
#
#     sh tests/headers.sh [ROOT]
set -u
tests=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
cd "${1-$tests/..}" || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
outcome=0
compiled=0

warnings='-Wall -Wextra -Wpedantic -Wnull-dereference -Wcast-qual -Wundef -Werror'

# flags COMPILER LANGUAGE: these warnings and the compiler's own.
flags() {
    case $1-$2 in
    clang++*) echo "$warnings -Wdocumentation" ;;
    clang*) echo "$warnings -Wdocumentation -Wc++-compat" ;;
    gcc*) echo "$warnings -Wc++-compat" ;;
    *) echo "$warnings" ;;
    esac
}

# complains SOURCE COMPILER LANGUAGE STANDARD [FLAG]: whether the compiler prints anything.
complains() {
    # shellcheck disable=SC2046 # one word a flag
    ! "$2" -x "$3" "-std=$4" $(flags "$2" "$3") "${5--fsyntax-only}" -I include "$1" \
        -o "$work/object" 2>"$work/log" || [ -s "$work/log" ]
}

# A program with every struct that has defaults, and a call of an inline function.
{
    echo '#include <spanlink/spanlink.h>'
    echo 'int main(void) {'
    sed -n 's/^#define SPANLINK_\([A-Z_]*\)_INIT\( .*\|$\)/\1/p' include/spanlink/*.h |
        while read -r name; do
            type=spanlink_$(echo "$name" | tr '[:upper:]' '[:lower:]')
            echo "    $type a_$type = SPANLINK_${name}_INIT;"
            echo "    (void)a_$type;"
        done
    echo '    return spanlink_value_empty().type != 0;'
    echo '}'
} >"$work/program"

# Each function that returns a status: MUST_USE or -, its name, its parameters.
awk -f "$tests/support/declared.awk" include/spanlink/*.h |
    awk -F '\t' '$2 == "function" && $5 == "spanlink_status" { print $4, $3, $6 }' >"$work/prototypes"
must_use=$(grep -c '^MUST_USE' "$work/prototypes")

# The status of a function that parses, creates or encodes must not be ignored.
kinds='parse(_multi)?|create|copy|encode(_list)?|decode|format|from_[a-z_]*|extract(_all)?|inject'
if awk -v kinds="_($kinds)$|_tracestate_" '
    $1 == "-" && $2 ~ kinds { print $2 "() is not SPANLINK_MUST_USE"; found = 1 }
    END { exit !found }' "$work/prototypes"; then
    outcome=1
fi

# A program that ignores all statuses that must be used. It is only compiled.
{
    echo '#include <spanlink/spanlink.h>'
    echo 'int main(void) {'
    sed -n 's/^MUST_USE //p' "$work/prototypes" | awk '{
        name = $1
        sub(/^[^ ]* /, "")
        count = split($0, parameters, ",")
        call = ""
        for (i = 1; i <= count; i++) {
            is_text = parameters[i] ~ /spanlink_str [a-z]/
            call = call (i == 1 ? "" : ", ") (is_text ? "spanlink_str_from(\"\")" : "0")
        }
        print "    " name "(" call ");"
    }'
    echo '    return 0;'
    echo '}'
} >"$work/careless"

# count_ignored COMPILER LANGUAGE STANDARD: prints the number of calls for which the compiler warns
# that the result is ignored.
count_ignored() {
    "$1" -x "$2" "-std=$3" -S -I include "$work/careless" \
        -o "$work/object" 2>&1 | grep -c 'ignoring return value'
}

# compile_all COMPILER LANGUAGE STANDARD...: in each standard that the compiler supports.
compile_all() {
    compiler=$1
    language=$2
    shift 2
    command -v "$compiler" >/dev/null || return
    for standard; do
        echo 'int main(void) { return 0; }' >"$work/nothing"
        complains "$work/nothing" "$compiler" "$language" "$standard" && continue
        for header in include/spanlink/*.h; do
            name=$(basename "$header")
            printf '#include <spanlink/%s>\n#include <spanlink/%s>\n' "$name" "$name" >"$work/alone"
            if complains "$work/alone" "$compiler" "$language" "$standard"; then
                cat "$work/log"
                echo "include/spanlink/$name does not compile alone with $compiler as $standard"
                outcome=1
            fi
        done
        if complains "$work/program" "$compiler" "$language" "$standard" -O2; then
            cat "$work/log"
            echo "a program with all headers does not compile with $compiler as $standard"
            outcome=1
        fi
        ignored=$(count_ignored "$compiler" "$language" "$standard")
        if [ "$ignored" -ne "$must_use" ]; then
            echo "with $compiler as $standard $((must_use - ignored)) statuses may be ignored"
            outcome=1
        fi
        compiled=$((compiled + 1))
    done
}

for compiler in gcc clang clang-19; do
    compile_all "$compiler" c c11 c17 c2x c23
done
for compiler in g++ clang++ clang++-19; do
    compile_all "$compiler" c++ c++11 c++14 c++17 c++20 c++23
done
if [ "$compiled" -eq 0 ]; then
    echo 'no compiler was found'
    outcome=1
fi

# Macros compile only where they are used, so their text is searched. A brace after a type in
# parentheses is a compound literal.
if awk '
    {
        # Removes comments: whole ones, one that starts here, one that ends here.
        gsub(/\/\*([^*]|\*+[^*\/])*\*+\//, "")
        if (comment && !sub(/^.*\*\//, "")) next
        comment = sub(/\/\*.*$/, "")
    }
    /(^|[^a-z_])(_Atomic|restrict)([^a-z_]|$)/ || /\[ *static/ ||
    /\( *(const +)?(struct +)?[a-z_0-9]+[ *]*(\[[^]]*\])?\) *\{/ && !/\(void\) *\{/ {
        print FILENAME ":" FNR ": not for a public header: " $0
        found = 1
    }
    END { exit !found }' include/spanlink/*.h; then
    outcome=1
fi
exit $outcome
