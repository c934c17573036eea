#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs commands on a copy of the tree in a folder whose name has a space, an apostrophe and a letter
# outside ASCII. The copy contains git's files as they are in the working tree.
#
#     sh tests/folder.sh [SCRIPT...]
#
# Without a script it runs the README's two commands and the quick scripts of tests/. A script with
# options is one argument: 'sh tests/amalgamation.sh all'.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
folder="$work/spanlink's café"
mkdir "$folder" && git ls-files -z | tar -c --null -T - | tar -x -C "$folder" || exit 1
cd "$folder" || exit 1

[ $# -ne 0 ] || set -- 'sh examples/run.sh' 'sh tests/run.sh' 'sh tests/abi.sh check' \
    'sh tests/docs.sh' 'sh tests/size.sh' 'sh tests/fuzz.sh 1' 'sh tests/tidy.sh src/truncate.c'
for command in "$@"; do
    attempt "$command" sh -c "$command"
done
exit $outcome
