#!/bin/sh
# SPDX-License-Identifier: MIT
# Changes the sources in one small place after another, and says which changes no unit test notices.
#
#     sh tests/mutation.sh [--sample N] [--seed S] [--minutes M] [--jobs J] [--all] [--again LOG]
#                          [FILE...]
#
# FILE is one of src/, or all of them. All changes take an hour or two. With --sample, N changes of
# each file are made, chosen by the seed; with --again, only those that an earlier run's output says
# to have survived. --minutes ends the run early. tests/mutation-equivalent.txt holds changes that
# make no difference: they are left out, unless --all or --again asks whether that is so. One that a
# test does notice is a failure, and so is one that the sources hold no more.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh

need 'gcc libc6-dev' compiles gcc c
need 'gcc libc6-dev' compiles cc c
need tcc command -v tcc
need python3 command -v python3
mkdir -p build
install_missing && python3 tests/support/mutation.py "$PWD/build/mutation" --jobs "$(jobs_at_once)" "$@"
