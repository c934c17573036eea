#!/bin/sh
# SPDX-License-Identifier: MIT
# Checks a change before it is committed, in less than a minute: format, clang-tidy on changed
# files, layering, the single file, and the unit tests. CI does more: bash .ci/run
#
#     sh tests/check.sh
#     ln -s ../../tests/check.sh .git/hooks/pre-commit     runs it before each commit
set -u
# As a hook it is in .git/hooks, but runs in the root of the tree.
case $0 in
*/hooks/*) ;;
*) CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1 ;;
esac
. tests/support/setup.sh
need_test_tools
need clang-format-19 command -v clang-format-19
need clang-tidy-19 command -v clang-tidy-19
install_missing || exit 1

format() {
    find include src tests examples -name '*.[ch]' -exec clang-format-19 --dry-run --Werror {} +
}

# The sources that differ from the last commit.
tidy() {
    changed=$(git status --porcelain --no-renames --untracked-files=all -- src |
        sed -n '/^D/d; /^.D/d; s/^...\(.*\.c\)$/\1/p')
    # No source has a space in its name.
    # shellcheck disable=SC2086
    [ -z "$changed" ] || sh tests/tidy.sh $changed
}

unit_tests() {
    cmake --preset default -DSPANLINK_WERROR=ON &&
        cmake --build --preset default --parallel "$(jobs_at_once)" &&
        ctest --preset default --parallel "$(jobs_at_once)" --label-exclude tree
}

attempt format format
attempt layering sh tests/layering.sh
attempt 'the single file' sh tests/amalgamation.sh
attempt 'clang-tidy on what has changed' tidy
attempt 'unit tests' unit_tests
exit $outcome
