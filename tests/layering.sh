#!/bin/sh
# SPDX-License-Identifier: MIT
# Checks the tree against src/package/concepts.txt: includes follow the layers, every concept has
# its three files, the name of a public function begins with its concept, and functions are short.
#
#     sh tests/layering.sh [ROOT]
#
# Prints each violation as FILE:LINE: REASON and fails if there is one.
set -u
tests=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=${1:-$tests/..}
cd "$root" || exit 1

# The list of concepts. Rows of internal names have no fourth column.
plan=$(grep -v '^#' src/package/concepts.txt)

# The headers of the C11 standard library that the sources may use.
standard=' assert.h limits.h math.h stdalign.h stdbool.h stddef.h stdint.h stdlib.h string.h time.h '
# Headers of the compiler, which src/internal may use after a test of the target.
vectors=' emmintrin.h tmmintrin.h smmintrin.h immintrin.h arm_neon.h '
# Headers that only internal/lock may use.
locks=' threads.h pthread.h windows.h '

export plan standard vectors locks

check_includes() {
    find include src -name '*.[ch]' | sort | xargs awk '
        BEGIN {
            count = split(ENVIRON["plan"], row, "\n")
            for (i = 1; i <= count; i++) {
                if (split(row[i], column, " ") >= 2) floor[column[1]] = column[2]
            }
        }
        function complain(reason) {
            print FILENAME ":" FNR ": " reason
            bad = 1
        }
        # The name of a file in the list: include/spanlink/list.h and src/list.c are list.
        function name_of(path) {
            sub(/^include\/spanlink\//, "", path)
            sub(/^src\//, "", path)
            sub(/\.[ch]$/, "", path)
            return path
        }
        function may(name, other) {
            return name == other || index("," floor[name] ",", "," other ",") > 0
        }
        # An internal header of a concept may be included by sources that may include that concept,
        # and by internal sources of such concepts; one of base by all sources.
        function may_use(name, internal,    concept) {
            concept = floor[internal]
            return concept == "base" || may(name, concept) ||
                (name ~ /^internal\// && may(floor[name], concept))
        }
        function check(name, path, quoted,    other) {
            if (!quoted && path ~ /^spanlink\//) {
                other = path
                sub(/^spanlink\//, "", other)
                sub(/\.h$/, "", other)
                if (!may(name, other)) complain(name " must not include " other)
            } else if (!quoted) {
                if (index(ENVIRON["locks"], " " path " ")) {
                    if (name != "internal/lock") complain("only internal/lock may include " path)
                } else if (index(ENVIRON["vectors"], " " path " ")) {
                    if (name !~ /^internal\//) complain("only src/internal may include " path)
                } else if (!index(ENVIRON["standard"], " " path " ")) {
                    complain(path " is not of the C11 standard library that sources may use")
                }
            } else if (FILENAME ~ /^include\//) {
                complain("a public header must not include \"" path "\"")
            } else {
                other = path
                sub(/\.h$/, "", other)
                if (other !~ /^internal\//) complain("\"" path "\" is not an internal header")
                else if (!may_use(name, other)) complain(name " must not include " other)
            }
        }
        FNR == 1 {
            name = name_of(FILENAME)
            if (name ~ /^internal\// && !(name in floor)) {
                complain(name " is not in src/package/concepts.txt")
            }
        }
        /^[ \t]*#[ \t]*include/ {
            name = name_of(FILENAME)
            if (name == "spanlink") next
            path = $0
            sub(/^[ \t]*#[ \t]*include[ \t]*/, "", path)
            if (path !~ /^["<][^">]+[">]/) {
                complain("an include that cannot be read: " path)
                next
            }
            quoted = path ~ /^"/
            path = substr(path, 2)
            sub(/[">].*$/, "", path)
            check(name, path, quoted)
        }
        END { exit bad }'
}

# Every concept has three files with one name, and is in the list and in spanlink.h.
check_files() {
    missing=0
    for file in include/spanlink/*.h src/*.c; do
        concept=$(basename "${file%.*}")
        [ "$concept" = spanlink ] && continue
        for part in "include/spanlink/$concept.h" "src/$concept.c" "tests/test_$concept.c"; do
            if [ ! -f "$part" ]; then
                echo "$file:1: $concept has no $part"
                missing=1
            fi
        done
        if ! echo "$plan" | grep -q "^$concept "; then
            echo "$file:1: $concept is not in src/package/concepts.txt"
            missing=1
        fi
    done
    if ! sh src/package/umbrella.sh | diff - include/spanlink/spanlink.h >/dev/null; then
        echo 'include/spanlink/spanlink.h:1: is not what src/package/umbrella.sh prints'
        missing=1
    fi
    return $missing
}

check_function_names() {
    awk -f "$tests/support/declared.awk" include/spanlink/*.h | awk -F '\t' '
        BEGIN {
            count = split(ENVIRON["plan"], row, "\n")
            for (i = 1; i <= count; i++) {
                fields = split(row[i], column, " ")
                for (j = 4; j <= fields; j++) prefixes[column[1]] = prefixes[column[1]] " " column[j]
            }
        }
        function allowed(concept, name,    count, list, i) {
            count = split(prefixes[concept], list, " ")
            for (i = 1; i <= count; i++) {
                if (index(name, list[i]) == 1) return 1
            }
            return 0
        }
        $2 == "function" {
            concept = $1
            gsub(/^.*\/|\.h:.*$/, "", concept)
            if (!allowed(concept, $3)) {
                print $1 ": " $3 "() is not a name of " concept
                bad = 1
            }
        }
        END { exit bad }'
}

# Functions of src have at most 40 lines between their braces, and half of them at most 5. A body
# begins where a line ends with ") {" outside of another one, and ends at the next "}" in column 1.
check_function_sizes() {
    find src -name '*.[ch]' | sort | xargs awk '
        /\) \{$/ && !begin { begin = FNR; next }
        /^}/ && begin {
            size = FNR - begin - 1
            count++
            short += size <= 5
            if (size > 40) { print FILENAME ":" begin ": " size " lines are too many"; bad = 1 }
            begin = 0
        }
        END {
            if (2 * short < count) {
                print "src: only " short " of " count " functions have at most 5 lines"
                bad = 1
            }
            exit bad
        }'
}

outcome=0
check_includes || outcome=1
check_files || outcome=1
check_function_names || outcome=1
check_function_sizes || outcome=1
exit $outcome
