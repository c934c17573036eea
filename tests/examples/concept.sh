#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs an example and holds what it prints against the comment at the end of its source.
#
#     sh tests/examples/concept.sh PROGRAM SOURCE
set -eu
wanted=$(sed -n '/^\/\* Prints:/,/^ \*\// s/^ \* //p' "$2")
printed=$("$1")
if [ "$wanted" != "$printed" ] || [ -z "$wanted" ]; then
    printf '%s says that it prints\n%s\nbut it prints\n%s\n' "$2" "$wanted" "$printed"
    exit 1
fi
