#!/bin/sh
# SPDX-License-Identifier: MIT
# Holds the tree against its floor plan: who may include whom, that every concept has its three
# files, and that a public function's name begins with its concept.
#
#     sh tests/layering.sh [ROOT]
#
# Prints each violation as FILE:LINE: REASON and fails if there is one.
set -u
tests=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=${1:-$tests/..}
cd "$root" || exit 1

# Each concept, what it may include (comma-separated, - for nothing) and how its functions may begin.
concepts='
base        -                        spanlink_str_ spanlink_status_ spanlink_pool_ spanlink_version
context     base                     spanlink_context_ spanlink_trace_id_ spanlink_span_id_
traceparent context                  spanlink_traceparent_
tracestate  base                     spanlink_tracestate_
propagation traceparent,tracestate   spanlink_context_from_headers spanlink_extract spanlink_inject spanlink_headers_
attribute   base                     spanlink_attribute_ spanlink_value_
link        context,attribute        spanlink_link_
list        link                     spanlink_list_ spanlink_limits_
dedup       list                     spanlink_list_dedup
truncate    list                     spanlink_list_truncate
factory     link,list                spanlink_factory_ spanlink_list_add_
lazy        list                     spanlink_lazy_
collector   list                     spanlink_collector_
cache       list                     spanlink_cache_
otlp        link,list                spanlink_otlp_
otlp_json   link                     spanlink_otlp_json_
'

# Names in src/internal that stand on a concept above base. Whoever may include that concept, and
# the concept itself, may use them. All other internal names know nothing above base.
internals='
internal/list        list
internal/link_copy   list
internal/link_plain  list
internal/span_index  list
internal/otlp_rules  link
'

# The headers of the C11 standard library that the sources may use.
standard=' assert.h limits.h math.h stdalign.h stdbool.h stddef.h stdint.h stdlib.h string.h time.h '
# Headers of the compiler, which src/internal may use behind a test of what the compiler targets.
vectors=' emmintrin.h tmmintrin.h smmintrin.h immintrin.h arm_neon.h '
# What only internal/lock may use besides.
locks=' threads.h pthread.h stdatomic.h '

export concepts internals standard vectors locks

check_includes() {
    find include src -name '*.[ch]' | sort | xargs awk '
        BEGIN {
            count = split(ENVIRON["concepts"] ENVIRON["internals"], row, "\n")
            for (i = 1; i <= count; i++) {
                if (split(row[i], column, " ") >= 2) floor[column[1]] = column[2]
            }
        }
        function complain(reason) {
            print FILENAME ":" FNR ": " reason
            bad = 1
        }
        # The name in the plan of a file: include/spanlink/list.h and src/list.c are list.
        function name_of(path) {
            sub(/^include\/spanlink\//, "", path)
            sub(/^src\//, "", path)
            sub(/\.[ch]$/, "", path)
            return path
        }
        function what_may(name) {
            return name in floor ? floor[name] : name ~ /^internal\// ? "base" : ""
        }
        function may(name, other) {
            return name == other || index("," what_may(name) ",", "," other ",") > 0
        }
        # An internal header on `other` is open to those who stand on other, and on base to all.
        function may_use(name, internal) {
            return what_may(internal) == "base" || may(name, what_may(internal))
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
                if (name ~ /^internal\// && path !~ /\//) other = "internal/" path
                sub(/\.h$/, "", other)
                if (other !~ /^internal\//) complain("\"" path "\" is not an internal header")
                else if (!may_use(name, other)) complain(name " must not include " other)
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

# Every concept is three files with one name, stands in the plan, and in spanlink.h.
check_rooms() {
    rooms=0
    for file in include/spanlink/*.h src/*.c; do
        concept=$(basename "${file%.*}")
        [ "$concept" = spanlink ] && continue
        for room in "include/spanlink/$concept.h" "src/$concept.c" "tests/test_$concept.c"; do
            if [ ! -f "$room" ]; then
                echo "$file:1: $concept has no $room"
                rooms=1
            fi
        done
        if ! echo "$concepts" | grep -q "^$concept "; then
            echo "$file:1: $concept is not in the plan of tests/layering.sh"
            rooms=1
        fi
        if ! grep -q "^#include <spanlink/$concept.h>" include/spanlink/spanlink.h; then
            echo "$file:1: spanlink.h does not include $concept.h"
            rooms=1
        fi
    done
    return $rooms
}

check_function_names() {
    awk -f "$tests/support/declared.awk" include/spanlink/*.h | awk '
        BEGIN {
            count = split(ENVIRON["concepts"], row, "\n")
            for (i = 1; i <= count; i++) {
                fields = split(row[i], column, " ")
                for (j = 3; j <= fields; j++) prefixes[column[1]] = prefixes[column[1]] " " column[j]
            }
        }
        function allowed(concept, name,    count, list, i) {
            count = split(prefixes[concept], list, " ")
            for (i = 1; i <= count; i++) {
                if (index(name, list[i]) == 1) return 1
            }
            return 0
        }
        {
            concept = $1
            gsub(/^.*\/|\.h:.*$/, "", concept)
            if (!allowed(concept, $2)) {
                print $1 ": " $2 "() is not a name of " concept
                bad = 1
            }
        }
        END { exit bad }'
}

outcome=0
check_includes || outcome=1
check_rooms || outcome=1
check_function_names || outcome=1
exit $outcome
