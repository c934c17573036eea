# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034
# Functions for scripts, which source this file: install missing packages, build a variant of the
# project, run several checks and report the result of each. Plain POSIX sh.

missing=''

# need PACKAGES COMMAND...: if the command fails, adds the packages to the list of missing ones.
need() {
    packages=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $packages"
}

# compiles COMPILER LANGUAGE: whether a program with a standard header compiles. Often a compiler is
# installed without the C library's headers.
compiles() {
    echo '#include <stdlib.h>' | "$1" -x "$2" -fsyntax-only -
}

# links COMPILER FLAG...: whether a program can be linked with these flags. The run-time library of a
# sanitizer is often in a separate package.
links() {
    linked=$(mktemp) || return 1
    echo 'int main(void) { return 0; }' | "$@" -x c -o "$linked" -
    outcome_of_link=$?
    rm -f "$linked"
    return $outcome_of_link
}

need_compiler() {
    need 'gcc libc6-dev' links cc
    need make command -v make
    need cmake command -v cmake
}

need_test_tools() {
    need_compiler
    need g++ compiles c++ c++
    need pkg-config command -v pkg-config
    need libcmocka-dev pkg-config --exists cmocka
    need libjansson-dev pkg-config --exists jansson
    need protobuf-compiler command -v protoc
}

# need_clang FLAG...: clang, and the run-time library that these flags require.
need_clang() {
    need 'clang libc6-dev' links clang
    need libclang-rt-dev links clang "$@"
}

# Prints why the packages cannot be installed, and the command to install them; fails.
cannot_install() {
    echo "$1 Install what is missing, then run this again:" >&2
    echo "    apt-get install$missing" >&2
    return 1
}

# as_root COMMAND...
as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs the missing packages. Uses no network if there are none.
install_missing() {
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null; then
        cannot_install 'Some packages are missing, and there is no apt-get here.'
        return
    fi
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        cannot_install 'Some packages are missing, and installing them takes root or sudo.'
        return
    fi
    echo "Installing with apt-get:$missing" >&2
    as_root apt-get -q update >&2 || echo 'apt-get update failed: using the old package lists.' >&2
    # Word splitting of the list is intended. Waits a minute if another installer holds the lock.
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=60 \
        install --no-install-recommends $missing </dev/null >&2 || {
        cannot_install 'apt-get could not install what is missing.'
        return
    }
    missing=''
}

# The number of jobs to run at once.
jobs_at_once() {
    getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2
}

# build_in TREE CMAKE OPTION...: builds this project in TREE, with these options.
build_in() {
    tree_built=$1
    shift
    cmake -S . -B "$tree_built" "$@" && cmake --build "$tree_built" --parallel "$(jobs_at_once)"
}

# test_in TREE CTEST OPTION...
test_in() {
    tree_tested=$1
    shift
    ctest --test-dir "$tree_tested" --parallel "$(jobs_at_once)" --output-on-failure --no-tests=error "$@"
}

# quietly COMMAND...: prints the command's output only if it fails.
quietly() {
    printed=$("$@" 2>&1 </dev/null) || {
        printf '%s\n' "$printed" | tail -n 60
        return 1
    }
}

# The exit status: 0 until a command of try or attempt fails.
outcome=0

# try WHAT COMMAND...: reports a failure with the command's output, and continues.
try() {
    what=$1
    shift
    quietly "$@" || {
        echo "FAILED: $what"
        outcome=1
        return 0
    }
    [ -z "${says_ok-}" ] || echo "ok: $what"
}

# attempt WHAT COMMAND...: as try, and also reports success.
attempt() {
    says_ok=yes
    try "$@"
    says_ok=''
}

# needs_of NAME: what only this job needs, if it has such a function.
needs_of() {
    ! command -v "needs_$1" >/dev/null || "needs_$1"
}

# run_jobs DEFAULTS NAME...: runs job_NAME for each name, or for those of the list DEFAULTS if none is
# given, and counts the results. First installs what all jobs need according to `needs`, and each
# according to needs_NAME, and calls the script's `build`. A job whose packages are missing, or that
# returns 77, is skipped, which is a failure only with CI=true.
run_jobs() {
    defaults=$1
    shift
    # Word splitting of the list is intended.
    # shellcheck disable=SC2086
    [ $# -ne 0 ] || set -- $defaults
    passed=0 failed=0 skipped=0
    needs
    for name in "$@"; do needs_of "$name"; done
    install_missing
    quietly build || return
    for name in "$@"; do
        missing=''
        needs_of "$name"
        if [ -n "$missing" ]; then (exit 77); else "job_$name"; fi
        case $? in
        0) passed=$((passed + 1)) ;;
        77)
            echo "$name: skipped: not installed:${missing:- something that it needs}"
            skipped=$((skipped + 1))
            ;;
        *)
            echo "$name: FAILED"
            failed=$((failed + 1))
            ;;
        esac
    done
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ] && { [ "$skipped" -eq 0 ] || [ "${CI:-}" != true ]; }
}
