#!/bin/sh
# SPDX-License-Identifier: MIT
# Checks the comments of the public headers:
#
# - Each header shows a usage between @code and @endcode, which compiles as C11 and as C++17.
# - A comment has at most 25 lines.
# - A function's comment is in this order: what it does, @param, @retval, @return, then the lines
#   "Ownership:", "Thread safety:", "Cost:", "Specification:". It has all parameters in their order,
#   @return for a value, @retval SPANLINK_OK for a status, thread safety and cost.
# - Each name of a status exists.
#
#     sh tests/comments.sh [ROOT]
set -eu
tests=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
cd "${1-$tests/..}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
outcome=0

# What a usage does not declare itself is a parameter here.
cat >"$work/usage" <<'END_OF_USAGE'
#include <spanlink/spanlink.h>
#include <stdio.h>
#include <stdlib.h>
#define USAGE(name)                                                                                \
    static void name(spanlink_list *list, spanlink_collector *collector, spanlink_context context, \
                     spanlink_link link, spanlink_str key, spanlink_str header, int64_t index,     \
                     const uint8_t *bytes, size_t size, spanlink_headers headers,                  \
                     spanlink_str sql, spanlink_str trace_id, spanlink_str parent_id,              \
                     spanlink_str priority, spanlink_str tags, spanlink_create_fn create,          \
                     spanlink_provider_fn provider, void *state)
END_OF_USAGE
awk '
    /^ \* @endcode/ { shown = 0; print "}\n}" }
    shown { sub(/^ \* ?/, ""); print }
    /^ \* @code/ {
        shown = 1
        print "USAGE(usage_" ++number ") {\n{"
        print "#line " FNR + 1 " \"" FILENAME "\""
    }
    END { print "int main(void) { return 0; }" }' include/spanlink/*.h >>"$work/usage"

# compile LANGUAGE COMPILER STANDARD
compile() {
    "$2" -x "$1" "-std=$3" -Wall -Wextra -Werror -Wno-unused -I include -fsyntax-only "$work/usage"
}
if ! compile c cc c11 || ! compile c++ c++ c++17; then
    echo 'the usage that a header shows does not compile'
    outcome=1
fi
for header in include/spanlink/*.h; do
    if [ "$header" != include/spanlink/spanlink.h ] && ! grep -q '^ \* @code' "$header"; then
        echo "$header shows no usage between @code and @endcode"
        outcome=1
    fi
done

awk -f "$tests/support/declared.awk" include/spanlink/*.h | awk -F '\t' '
    function fail(text) {
        print $1 ": " text
        failed = 1
    }

    # How far down a line belongs; 0 for a line that goes on.
    function rank_of(line) {
        if (line ~ /^@param /) return 2
        if (line ~ /^@retval /) return 3
        if (line ~ /^@return /) return 4
        if (line ~ /^Ownership: /) return 5
        if (line ~ /^Thread safety: /) return 6
        if (line ~ /^Cost: /) return 7
        if (line ~ /^Specification: /) return 8
        return 0
    }

    function read_line(line,    rank, words, name) {
        rank = rank_of(line)
        if (rank != 0 && (rank < last || (rank == last && rank > 3)))
            fail("\"" line "\" is out of order")
        if (rank != 0) {
            last = rank
            has[rank] = 1
        }
        split(line, words, " ")
        if (rank == 2) documented = documented " " words[2]
        if (rank == 3) statuses = statuses " " words[2]
        for (; match(line, /SPANLINK_ERR_[A-Z0-9_]*[A-Z0-9]/); line = substr(line, RSTART + RLENGTH)) {
            name = substr(line, RSTART, RLENGTH)
            if (!(name in known)) fail("there is no status " name)
        }
    }

    function check_function(name, type, list, implemented,    count, i, parts, parameters) {
        count = split(list, parts, ",")
        for (i = 1; i <= count; i++) {
            gsub(/\[[^]]*\]/, "", parts[i])
            sub(/^.*[^a-z0-9_]/, "", parts[i])
            if (parts[i] != "void") parameters = parameters " " parts[i]
        }
        if (documented != parameters)
            fail(name "() has the parameters" parameters ", its comment" documented)
        if (type == "spanlink_status") {
            if (statuses !~ / SPANLINK_OK/ && !implemented) fail(name "() has no @retval SPANLINK_OK")
            if (statuses == "" && !(4 in has)) fail(name "() has no statuses")
        } else if (type != "void" && !(4 in has)) {
            fail(name "() has no @return")
        }
        if (!(6 in has)) fail(name "() has no line \"Thread safety:\"")
        if (!(7 in has) && !implemented) fail(name "() has no line \"Cost:\"")
    }

    FILENAME ~ /base\.h$/ {
        split($0, words, " ")
        if (words[2] == "=") known[words[1]]
        next
    }
    {
        last = 0
        documented = statuses = ""
        split("", has)
        count = split($7, lines, "\001")
        for (i = 1; i <= count; i++) read_line(lines[i])
        # The first and last line are those of the signs around it, then comes an empty field.
        if (count - 3 > 25) fail("the comment has " count - 3 " lines")
        if ($2 != "other") check_function($3, $5, $6, $2 == "callback")
    }
    END { exit failed }' include/spanlink/base.h - || outcome=1
exit $outcome
