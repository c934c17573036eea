#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints the symbols file of the shared library from tests/abi/exports.txt: each name exists since
# the first version of this soname.
#
#     sh src/package/debian/symbols.sh SOVERSION
set -eu
tree=$(CDPATH='' cd -- "$(dirname -- "$0")/../../.." && pwd)
echo "libspanlink.so.$1 libspanlink$1 #MINVER#"
echo '* Build-Depends-Package: libspanlink-dev'
sed "s/.*/ &@Base $1.0/" "$tree/tests/abi/exports.txt"
