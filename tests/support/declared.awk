# SPDX-License-Identifier: MIT
# Reads the public headers. Prints a line, in fields separated by tabs, for each function, each type
# of a callback, and each other comment that begins with "/**":
#
#  1  FILE:LINE, where its comment begins; without a comment, where it begins itself
#  2  function, callback or other
#  3  its name
#  4  MUST_USE or -
#  5  the type that it returns
#  6  its parameters, as declared, separated by commas
#  7  the lines of its comment, separated by \001

function report(    kind, head, name, type) {
    kind = declaration ~ /SPANLINK_(INLINE_)?API / ? "function" : "other"
    if (declaration ~ /^typedef .*\(\*spanlink_/) kind = "callback"
    head = declaration
    if (sub(/\(\*/, "", head)) sub(/\)/, "", head)
    if (match(head, /[a-z0-9_]+\(/)) name = substr(head, RSTART, RLENGTH - 1)
    type = substr(head, 1, RSTART - 1)
    gsub(/typedef|SPANLINK_[A-Z_]+|inline|^ +| +$/, "", type)
    gsub(/^ +/, "", type)
    head = substr(head, RSTART + RLENGTH)
    sub(/\)[^)]*$/, "", head)
    if (kind == "other") name = type = head = ""
    print place "\t" kind "\t" name "\t" (declaration ~ /SPANLINK_MUST_USE/ ? "MUST_USE" : "-") \
        "\t" type "\t" head "\t" comment
    place = comment = declaration = ""
}

/^ *\/\*\*([^<]|$)/ {
    if (place != "") report()
    place = FILENAME ":" FNR
    commenting = 1
}
commenting {
    line = $0
    sub(/^ *\/?\*+\/? ?/, "", line)
    sub(/ *\*+\/ *$/, "", line)
    comment = comment line "\001"
    if (/\*\//) commenting = 0
    next
}
/^#/ && place != "" { report() }
/^(SPANLINK_MUST_USE )?SPANLINK_(INLINE_)?API / && place == "" { place = FILENAME ":" FNR }
place != "" {
    sub(/^ */, "")
    declaration = declaration (declaration == "" ? "" : " ") $0
    if (sub(/ *[;{].*/, "", declaration)) report()
}
END { if (place != "") report() }
