#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the README's two commands, and then the install step of .ci/run, on a Debian with essential
# packages only: in its own root, made by mmdebstrap.
#
#     sh tests/fresh.sh [SUITE...]     bookworm and trixie if none is given
#
# Needs root. The tree is the last commit, without uncommitted changes, in a folder whose name has a
# space, an apostrophe and a letter outside ASCII.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh
. tests/support/root.sh

need mmdebstrap command -v mmdebstrap
need git command -v git
install_missing || exit 1
work=$(mktemp -d) || exit 1
# Must not delete mounted directories, even if the script is ended early.
trap 'umount -l "$work"/*/dev "$work"/*/proc 2>/dev/null; rm -rf --one-file-system "$work"' EXIT
folder="/srv/spanlink's café"

# inside COMMAND...: runs a command in the project's folder of the new root.
inside() {
    in_root "$root" sh -c 'cd "$1" && shift && exec "$@"' sh "$folder" "$@"
}

root_with_tree() {
    make_root "$suite" "$root" && mkdir -p "$root$folder" &&
        git archive HEAD | tar -x -C "$root$folder"
}

# Some tests need processes and devices.
mount_both() {
    mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev"
}

follow() {
    attempt "$suite: processes and devices" mount_both
    attempt "$suite: sh examples/run.sh" inside sh examples/run.sh
    attempt "$suite: sh tests/run.sh" inside sh tests/run.sh
    attempt "$suite: bash .ci/run install" inside bash .ci/run install
    umount "$root/proc"
    umount -l "$root/dev"
}

[ $# -ne 0 ] || set -- bookworm trixie
for suite in "$@"; do
    root=$work/$suite
    attempt "$suite: a new root" root_with_tree
    follow
done
exit $outcome
