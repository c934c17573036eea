# SPDX-License-Identifier: MIT
# Prints FILE:LINE and name of each function that the public headers declare. A declaration may have
# several lines; the name precedes its first parenthesis.
/^(SPANLINK_MUST_USE )?SPANLINK_(INLINE_)?API / { declaration = ""; open = 1 }
open {
    declaration = declaration " " $0
    if (declaration ~ /\(/) {
        open = 0
        sub(/\(.*/, "", declaration)
        sub(/^.*[ *]/, "", declaration)
        print FILENAME ":" FNR, declaration
    }
}
