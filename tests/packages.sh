#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the library with each package manager that src/package supports, and a consumer with each
# of the packages.
#
#     sh tests/packages.sh [debian|rpm|meson|conan|zig|bazel|vcpkg]...     all if none is given
#
# conan and zig come from PyPI, bazel from npm, into the script's own directory. vcpkg needs its network:
# its portfile runs on stand-ins for vcpkg's functions. Needs root, for chroot.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1
. tests/support/setup.sh
. tests/support/root.sh
work=$(mktemp -d) || exit 1
# What is mounted in a root is not to be deleted, even if the script is ended early.
trap 'rm -rf --one-file-system "$work"' EXIT
# A copy, so that the tree may change meanwhile.
tree=$work/tree
sh src/package/place.sh none "$tree" || exit 1
version=$(sed -n 's/^#define SPANLINK_VERSION  *"\(.*\)"/\1/p' include/spanlink/base.h)

place() { sh "$tree/src/package/place.sh" "$1" "$2"; }

# archive FILE: packs the sources, in a folder with the release's name.
archive() {
    place none "$work/archive/spanlink-$version" &&
        tar -C "$work/archive" --sort=name --owner=0 --group=0 --numeric-owner \
            --mtime='2026-11-27 00:00Z' -caf "$1" "spanlink-$version"
}

# from_pypi PACKAGE: installs its programs in $work/venv/bin.
from_pypi() {
    [ -d "$work/venv" ] || python3 -m venv "$work/venv" || return
    "$work/venv/bin/pip" install --quiet "$1"
}

# says_ok COMMAND...: whether the consumer prints ok.
says_ok() {
    "$@" 2>&1 | grep -x 'consumer: ok'
}

# by_pkg_config LIBDIR: the consumer, with the flags of the spanlink.pc there.
by_pkg_config() {
    # The flags are meant to split into words.
    # shellcheck disable=SC2046
    cc -std=c11 tests/consumer/consumer.c -o "$work/consumer" \
        $(PKG_CONFIG_PATH=$1/pkgconfig pkg-config --cflags --libs spanlink) &&
        LD_LIBRARY_PATH=$1 says_ok "$work/consumer"
}

# debian_build DIRECTORY OPTION...: builds source and binary packages in DIRECTORY.
debian_build() {
    into=$1
    shift
    mkdir -p "$into"
    archive "$into/spanlink_$version.orig.tar.xz" &&
        place debian "$into/spanlink-$version" &&
        (cd "$into/spanlink-$version" && dpkg-buildpackage -us -uc "$@")
}

# Another path, time zone, language and number of processes must give the same bytes. The tests run once.
debian_twice() {
    debian_build "$work/first" &&
        LC_ALL=C TZ=Pacific/Kiritimati DEB_BUILD_OPTIONS=nocheck debian_build "$work/the/second" -J1 ||
        return
    for package in "$work"/first/*.deb; do
        cmp "$package" "$work/the/second/$(basename "$package")" || return
    done
}

# In a separate root: the package is installed, used by its autopkgtest, and purged completely.
debian_install() {
    root=$work/root
    make_root bookworm "$root" --include=build-essential,cmake,pkg-config &&
        mkdir "$root/srv/packages" "$root/srv/out" &&
        cp "$work"/first/*.deb "$root/srv/packages" &&
        cp -R "$work/first/spanlink-$version" "$root/srv/tree" &&
        in_root "$root" sh -e -c 'find /etc /usr /var/lib/dpkg/info | sort >/srv/before
            dpkg -i /srv/packages/*.deb
            [ "$(ls /usr/share/man/man3/spanlink_* | wc -l)" -gt 50 ]
            cd /srv/tree
            AUTOPKGTEST_TMP=/srv/out sh debian/tests/consumer
            dpkg -P $(dpkg-query -W -f "\${Package} " "libspanlink*")
            find /etc /usr /var/lib/dpkg/info | sort | diff /srv/before -'
}

job_debian() {
    need 'devscripts lintian' command -v lintian
    need 'debhelper dpkg-dev' command -v dh
    need fakeroot command -v fakeroot
    need mmdebstrap command -v mmdebstrap
    need doxygen command -v doxygen
    need mandoc command -v mandoc
    need_test_tools
    install_missing && debian_twice &&
        lintian --pedantic --fail-on error,warning,pedantic --allow-root "$work"/first/*.changes &&
        debian_install
}

job_rpm() {
    need rpm command -v rpmbuild
    need pkg-config command -v pkg-config
    need_compiler
    install_missing && mkdir -p "$work/rpm/SOURCES" &&
        archive "$work/rpm/SOURCES/spanlink-$version.tar.gz" && place rpm "$work/rpm/spec" &&
        rpmbuild --define "_topdir $work/rpm" -ba "$work/rpm/spec/spanlink.spec" || return
    root=$work/rpm/root
    mkdir -p "$root" && in_rpm --initdb && in_rpm --nodeps -i "$work"/rpm/RPMS/*/*.rpm || return
    by_pkg_config "$(dirname "$(find "$root" -name libspanlink.so)")" || return
    # Word splitting of the names is intended.
    # shellcheck disable=SC2046
    in_rpm --nodeps -e $(in_rpm -qa) && ! find "$root" -name '*spanlink*' | grep .
}

# in_rpm OPTION...: rpm in a root of its own, whose database does not know Debian's packages.
in_rpm() {
    rpm --root "$root" --dbpath /var/lib/rpm "$@"
}

# As a subproject by its wrap, of which only the target that is used is built.
meson_wrap() {
    host=$work/host/subprojects
    mkdir -p "$host/packagefiles" &&
        archive "$host/packagefiles/spanlink-$version.tar.gz" &&
        cp -R "$work/meson/src/package/meson" "$host/packagefiles/spanlink" &&
        cp "$work/meson/meson.build" "$host/packagefiles/spanlink" &&
        cp "$work/meson/spanlink.wrap" "$host" &&
        cp tests/consumer/consumer.c "$work/host" &&
        printf '%s\n' "project('host', 'c')" \
            "executable('consumer', 'consumer.c', dependencies: dependency('spanlink'))" \
            >"$work/host/meson.build" &&
        meson setup "$work/host/build" "$work/host" && ninja -C "$work/host/build" consumer &&
        says_ok "$work/host/build/consumer"
}

# As a project of its own, with all unit tests and each option, then installed, then as a subproject.
job_meson() {
    need meson command -v meson
    need ninja-build command -v ninja
    need_test_tools
    install_missing && place meson "$work/meson" || return
    for option in -Dthreads=true -Dthreads=false -Dotlp=false -Dformats=false -Ddefault_library=static; do
        meson setup "$work/meson$option" "$work/meson" "$option" \
            --prefix="$work/installed$option" --libdir=lib &&
            meson test -C "$work/meson$option" --print-errorlogs &&
            meson install -C "$work/meson$option" && by_pkg_config "$work/installed$option/lib" || return
    done
    meson_wrap
}

job_conan() {
    need python3-venv python3 -c 'import ensurepip'
    need_compiler
    install_missing && from_pypi conan && place conan "$work/conan" || return
    export CONAN_HOME="$work/conan-home"
    conan=$work/venv/bin/conan
    "$conan" profile detect || return
    for options in '' '-o *:shared=True' '-o *:threads=False' '-o *:otlp=False' '-o *:formats=False'; do
        # The options are meant to split into words.
        # shellcheck disable=SC2086
        says_ok "$conan" create "$work/conan" $options || return
    done
}

# zig_exports: what a shared library exports that holds all of Zig's static one.
zig_exports() {
    $zig cc -shared -o host.so -Wl,--whole-archive zig-out/lib/libspanlink.a && nm -D --defined-only host.so
}

job_zig() {
    need python3-venv python3 -c 'import ensurepip'
    need binutils command -v nm
    install_missing && from_pypi 'ziglang==0.17.*' && place zig "$work/zig" || return
    zig="$work/venv/bin/python3 -m ziglang"
    for options in '' '-DNO_THREADS=true' '-DNO_OTLP=true' '-DNO_FORMATS=true'; do
        # shellcheck disable=SC2086
        (cd "$work/zig" && $zig build $options &&
            $zig cc -std=c11 ${options:+"-DSPANLINK_${options#-D}"} tests/consumer/consumer.c \
                -Izig-out/include -Lzig-out/lib -lspanlink -o consumer && says_ok ./consumer &&
            zig_exports >exported && ! grep spanlink_ exported) || return
    done
}

# bazel_host: a workspace with programs that use the library.
bazel_host() {
    mkdir "$work/bazel-host" && cp tests/consumer/consumer.c "$work/bazel-host" &&
        cp tests/support/bazel/host.BUILD "$work/bazel-host/BUILD.bazel" &&
        echo "local_repository(name = 'spanlink', path = '$work/bazel')" >"$work/bazel-host/WORKSPACE" &&
        printf '%s\n' '#if __has_include("internal/bytes.h")' \
            '#error internal headers are in the way of those of the host' '#endif' \
            'typedef int foreign;' >"$work/bazel-host/foreign.c"
}

# bazel_module: what MODULE.bazel says, to stand-ins for its functions.
bazel_module() {
    python3 - "$work/bazel/MODULE.bazel" "$version" <<'END'
import sys
modules, dependencies = [], []
exec(open(sys.argv[1], encoding="utf-8").read(),
     {"module": lambda **given: modules.append(given), "bazel_dep": lambda **given: dependencies.append(given)})
assert modules == [{"name": "spanlink", "version": sys.argv[2]}], modules
assert [given["name"] for given in dependencies] == ["rules_cc"], dependencies
END
}

# bazel_run: Bazel in the host's workspace. Its programs print ok; its library exports none of our names.
bazel_run() {
    cd "$work/bazel-host" && bazel=$(echo "$work"/npm/node_modules/@bazel/bazel-linux_x64/bazel-*) &&
        chmod +x "$bazel" || return
    for target in consumer as_test libhost.so; do
        "$bazel" --batch --output_user_root="$work/bazel-root" build "//:$target" \
            --override_repository=rules_cc="$tree/tests/support/bazel/rules_cc" \
            --override_repository=rules_java="$tree/tests/support/bazel/rules_java" || return
    done
    says_ok bazel-bin/consumer && says_ok bazel-bin/as_test &&
        nm -D --undefined-only bazel-bin/libhost.so | grep -q . &&
        ! nm -D --defined-only bazel-bin/libhost.so | grep spanlink_
}

# Bazel reads MODULE.bazel from 5.0 on. npm has 2.1 and Debian 4.2; newer ones come from GitHub alone.
job_bazel() {
    echo 'note: by Bazel 2.1, with stand-ins for rules_cc; MODULE.bazel was read by stand-ins alone,'
    echo 'note: as no package registry has a Bazel that reads it (5.0 or newer)'
    need npm command -v npm
    need_compiler
    need python3 command -v python3
    install_missing && place bazel "$work/bazel" && touch "$work/bazel/WORKSPACE" &&
        bazel_module && bazel_host &&
        npm install --silent --prefix "$work/npm" @bazel/bazel-linux_x64@2.1.0 || return
    (bazel_run)
    outcome_of_run=$?
    chmod -R u+w "$work/bazel-root"
    return $outcome_of_run
}

job_vcpkg() {
    echo "note: on stand-ins for vcpkg's functions, which vcpkg would download"
    need_compiler
    need pkg-config command -v pkg-config
    install_missing && place vcpkg "$work/vcpkg" &&
        python3 -m json.tool "$work/vcpkg/vcpkg.json" >/dev/null &&
        SPANLINK_SOURCE=$tree cmake -DPORT="$work/vcpkg/portfile.cmake" -DINTO="$work/vcpkg/packages" \
            -P tests/support/vcpkg.cmake &&
        by_pkg_config "$work/vcpkg/packages/lib"
}

[ $# -ne 0 ] || set -- debian rpm meson conan zig bazel vcpkg
outcome=0
mkdir -p build
for kind in "$@"; do
    if ("job_$kind") >"build/package-$kind.log" 2>&1 </dev/null; then
        echo "$kind: built, and used by a consumer"
        sed -n 's/^note:/   /p' "build/package-$kind.log"
    else
        tail -n 40 "build/package-$kind.log"
        echo "$kind: FAILED"
        outcome=1
    fi
done
exit $outcome
