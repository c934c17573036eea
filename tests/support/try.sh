# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154
# For scripts that try many things. Wants $work, a directory of the script's own; `outcome` is 0 as
# long as all have succeeded.

outcome=0

# try WHAT COMMAND...: says what failed, with all that the command printed, and goes on.
try() {
    what=$1
    shift
    if ! "$@" >"$work/log" 2>&1; then
        echo "FAILED: $what: $*"
        cat "$work/log"
        outcome=1
    fi
}
