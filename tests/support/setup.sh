# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034
# What many scripts do: find what they need and install what is missing, build the project in one of
# its variants, run one thing after another and say how each went. Sourced by them; plain POSIX sh.

missing=''

# need PACKAGES COMMAND...: if the command fails, the packages go on the list.
need() {
    packages=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $packages"
}

# compiles COMPILER LANGUAGE: whether a program with a standard header compiles. A compiler without
# the C library's headers is a common half-installation.
compiles() {
    echo '#include <stdlib.h>' | "$1" -x "$2" -fsyntax-only -
}

# links COMPILER FLAG...: whether a program is linked with these flags. The run-time library of a
# sanitizer is often in a package of its own.
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

# need_clang FLAG...: clang, and the run-time library that it links with these flags.
need_clang() {
    need 'clang libc6-dev' links clang
    need libclang-rt-dev links clang "$@"
}

# Prints on standard error why the packages can't be installed, and the command that would; fails.
cannot_install() {
    echo "$1 Install what is missing, then run this again:" >&2
    echo "    apt-get install$missing" >&2
    return 1
}

# as_root COMMAND...
as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs the list, if there is anything on it. Touches no network otherwise.
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
    as_root apt-get -q update >&2 || echo 'apt-get update failed: trying with what it knew before.' >&2
    # The list is meant to split into words. Other installers get a minute to let go of the lock.
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=60 \
        install --no-install-recommends $missing </dev/null >&2 || {
        cannot_install 'apt-get could not install what is missing.'
        return
    }
    missing=''
}

# How many jobs to run at once.
jobs_at_once() {
    getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2
}

# build_in TREE CMAKE OPTION...: builds this project another way.
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

# quietly COMMAND...: what it prints is shown only if it fails.
quietly() {
    printed=$("$@" 2>&1 </dev/null) || {
        printf '%s\n' "$printed" | tail -n 60
        return 1
    }
}

# `outcome` is 0 as long as all have succeeded that were tried.
outcome=0

# try WHAT COMMAND...: says what failed, with what the command printed, and goes on.
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

# attempt WHAT COMMAND...: as try, and says what succeeded.
attempt() {
    says_ok=yes
    try "$@"
    says_ok=''
}

# run_each NAME...: runs job_NAME of each, and counts them. A job that lacks what it needs returns 77:
# it is skipped, which fails only with CI=true.
run_each() {
    passed=0 failed=0 skipped=0
    for name in "$@"; do
        "job_$name"
        case $? in
        0) passed=$((passed + 1)) ;;
        77)
            echo "$name: skipped: what it needs is not installed"
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
