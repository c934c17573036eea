# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# A Debian of its own in a directory, by mmdebstrap, and commands inside it. Takes root.

# make_root SUITE DIRECTORY OPTION...: nothing but what is essential, and what the options ask for. It
# is thrown away, so nothing has to reach the disk.
make_root() {
    suite_of_root=$1
    directory_of_root=$2
    shift 2
    mmdebstrap --quiet --variant=minbase --skip=cleanup/apt --dpkgopt=force-unsafe-io \
        "$@" "$suite_of_root" "$directory_of_root" &&
        cp /etc/resolv.conf "$directory_of_root/etc/resolv.conf"
}

# in_root DIRECTORY COMMAND...: with as little environment as a new login has.
in_root() {
    directory_of_root=$1
    shift
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 chroot "$directory_of_root" "$@"
}
