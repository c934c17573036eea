# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Makes a Debian system in a directory, by mmdebstrap, and runs commands inside it. Needs root.

# make_root SUITE DIRECTORY OPTION...: essential packages, and those of the options. Its data is temporary,
# so nothing is synced to the disk.
make_root() {
    suite_of_root=$1
    directory_of_root=$2
    shift 2
    mmdebstrap --quiet --variant=minbase --skip=cleanup/apt --dpkgopt=force-unsafe-io \
        "$@" "$suite_of_root" "$directory_of_root" &&
        cp /etc/resolv.conf "$directory_of_root/etc/resolv.conf"
}

# in_root DIRECTORY COMMAND...: runs a command with the environment of a new login.
in_root() {
    directory_of_root=$1
    shift
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 chroot "$directory_of_root" "$@"
}
