#!/bin/sh
# SPDX-License-Identifier: MIT
# Compiles each public header alone and twice over, as C11 and as C++11, 17 and 20, and looks for
# what C and C++ don't share.
#
#     sh tests/headers.sh [ROOT]
set -u
root=${1-$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)}
cd "$root" || exit 1
outcome=0
compiled=0

# compile COMPILER LANGUAGE STANDARD HEADER
compile() {
    printf '#include <spanlink/%s>\n#include <spanlink/%s>\n' "$4" "$4" |
        "$1" -x "$2" "-std=$3" -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I include - &&
        return
    echo "include/spanlink/$4 does not compile alone with $1 as $3"
    outcome=1
}

compile_all() {
    for header in include/spanlink/*.h; do
        compile "$1" "$2" "$3" "$(basename "$header")"
        compiled=$((compiled + 1))
    done
}

for compiler in gcc clang; do
    command -v "$compiler" >/dev/null && compile_all "$compiler" c c11
done
for compiler in g++ clang++; do
    for standard in c++11 c++17 c++20; do
        command -v "$compiler" >/dev/null && compile_all "$compiler" c++ "$standard"
    done
done
if [ "$compiled" -eq 0 ]; then
    echo 'no compiler was found'
    outcome=1
fi

# Macros compile only where they are used, so their text is searched. A brace behind a type in
# parentheses is a compound literal.
if awk '
    {
        # Comments go: whole ones, one that starts here, one that ends here.
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
