#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs an example and compares its output with the comment at the end of its source.
#
#     sh tests/examples/concept.sh PROGRAM SOURCE
set -eu
wanted=$(sed -n '/^\/\* Prints:/,/^ \*\// s/^ \* //p' "$2")
printed=$("$1")
if [ "$wanted" != "$printed" ] || [ -z "$wanted" ]; then
    printf 'the output in %s is\n%s\nbut the program prints\n%s\n' "$2" "$wanted" "$printed"
    exit 1
fi
