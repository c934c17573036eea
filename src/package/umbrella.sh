#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints include/spanlink/spanlink.h, made of the list of concepts. After a new concept:
#
#     sh src/package/umbrella.sh > umbrella && mv umbrella include/spanlink/spanlink.h
set -eu
list=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)/concepts.txt

cat <<'END'
/* SPDX-License-Identifier: MIT */
/**
 * @file spanlink.h
 * All of spanlink. Made by src/package/umbrella.sh. An option such as SPANLINK_NO_OTLP says that
 * the library is built without the concepts in its block.
 */
#ifndef SPANLINK_SPANLINK_H
#define SPANLINK_SPANLINK_H

END
# includes OPTION: the concepts that the option leaves out; for "-" those that are always built.
includes() {
    awk -v option="$1" '!/^#/ && NF >= 4 && $3 == option { print "#include <spanlink/" $1 ".h>" }' \
        "$list" | LC_ALL=C sort
}
includes -
awk '!/^#/ && NF >= 4 && $3 != "-" && !seen[$3]++ { print $3 }' "$list" | while read -r option; do
    echo "#ifndef SPANLINK_$option"
    includes "$option"
    echo '#endif'
done
printf '\n#endif\n'
