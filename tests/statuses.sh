#!/bin/sh
# SPDX-License-Identifier: MIT
# Checks that no public function returns, in the unit tests, a status that its comment does not list.
# The unit tests decide every condition, so that they see each status that there is.
#
#     sh tests/statuses.sh
#
# A function that also returns what a callback of the caller returned may return any status.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."
. tests/support/setup.sh
tree=$PWD/build/statuses
mkdir -p "$tree/seen"
rm -f "$tree"/seen/*

# Each line: a function and a status that its comment lists. "As for f()" adds those of f().
awk -f tests/support/declared.awk include/spanlink/*.h | awk -F '\t' '
    function list(status) {
        listed[$3, status] = 1
        print $3, status
    }
    function list_those_of(other,    each, part) {
        for (each in listed)
            if (split(each, part, SUBSEP) == 2 && part[1] == other) print $3, part[2]
    }
    $2 == "function" {
        returning = 0
        count = split($7, lines, "\001")
        for (i = 1; i <= count; i++) {
            line = lines[i]
            if (line ~ /^@return /) returning = 1
            if (line == "") returning = 0
            if (!returning && line !~ /^@retval /) continue
            if (match(line, /as for spanlink_[a-z0-9_]+/)) list_those_of(substr(line, RSTART + 7, RLENGTH - 7))
            if (line ~ /what create|what the provider|status of `set`/) list("any")
            for (; match(line, /SPANLINK_(OK|ERR_[A-Z0-9_]+)/); line = substr(line, RSTART + RLENGTH))
                list(substr(line, RSTART, RLENGTH))
        }
    }' | sort -u >"$tree/documented"

# A header that is included only into the tests, and records the status of each call.
{
    cat <<'END_OF_HEADER'
#include <spanlink/spanlink.h>
#include <stdio.h>
#include <stdlib.h>
__attribute__((unused)) static spanlink_status note_status(const char *function,
                                                           spanlink_status status) {
    static unsigned char noted[4096][128];
    static const char *names[4096];
    size_t slot = (uintptr_t)function / 4 % 4096;
    if ((unsigned)status < 128 && (names[slot] != function || !noted[slot][status])) {
        FILE *file = fopen(SEEN, "a");
        fprintf(file, "%s %d\n", function, (int)status);
        fclose(file);
        names[slot] = function;
        noted[slot][status] = 1;
    }
    return status;
}
END_OF_HEADER
    cut -d ' ' -f 1 "$tree/documented" | sort -u | while read -r name; do
        echo "#define $name(...) note_status(\"$name\", $name(__VA_ARGS__))"
    done
} >"$tree/note.h"
cat >"$tree/compile" <<END
#!/bin/sh
for source; do :; done
case \$source in
*/tests/test_*.c | */tests/scenarios/test_*.c | */tests/support/*.c)
    set -- "\$@" -include "$tree/note.h" -DSEEN="\"$tree/seen/\$(basename "\$source")\"" ;;
esac
exec "\$@"
END
chmod +x "$tree/compile"
quietly build_in "$tree" -DCMAKE_C_COMPILER_LAUNCHER="$tree/compile" -DCMAKE_BUILD_TYPE=None \
    -DCMAKE_C_FLAGS='-O1 -w' -DSPANLINK_BUILD_EXAMPLES=OFF
quietly test_in "$tree" --label-exclude 'tree|fuzz'

sed -n 's/^    \(SPANLINK_[A-Z0-9_]*\) = \([0-9]*\).*/\2 \1/p' include/spanlink/base.h |
    awk 'NR == FNR { name[$1] = $2; next } $2 in name { print $1, name[$2] }' - "$tree"/seen/* |
    sort -u >"$tree/returned"
awk '
    NR == FNR { documented[$1, $2] = 1; next }
    !(($1, $2) in documented) && !(($1, "any") in documented) {
        print $1 "() has returned " $2 ", which is not listed in its comment"
        failed = 1
    }
    END { exit failed }' "$tree/documented" "$tree/returned"
