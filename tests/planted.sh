#!/bin/sh
# SPDX-License-Identifier: MIT
# Plants one violation after another in a copy of the tree: tests/layering.sh, tests/headers.sh
# and tests/comments.sh must name each.
set -u
tests=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
copy=$work/tree
outcome=0

fresh_copy() {
    rm -rf "$copy"
    mkdir -p "$copy/tests"
    cp -R "$tests/../include" "$tests/../src" "$copy"
    cp "$tests"/test_*.c "$copy/tests"
}

# caught CHECK WANTED COMMAND...: runs the command in a copy of the tree; the check must report it.
caught() {
    check=$1
    wanted=$2
    shift 2
    fresh_copy
    (cd "$copy" && "$@")
    found=$(sh "$tests/$check.sh" "$copy" 2>&1)
    status=$?
    case $found in
    *"$wanted"*) [ "$status" -eq 0 ] || return 0 ;;
    esac
    printf 'not caught: %s\n%s\n' "$wanted" "$found"
    outcome=1
}

# plant FILE LINE...: adds lines to a file, which may be new.
plant() {
    file=$1
    shift
    printf '%s\n' "$@" >>"$file"
}

# alone LINE...: leaves only one header, with these lines.
alone() {
    rm include/spanlink/*.h
    plant include/spanlink/lonely.h "$@"
}

# guarded LINE...: leaves only one header, which may be included twice.
guarded() {
    alone '#ifndef LONELY_H' '#define LONELY_H' "$@" '#endif'
}

fresh_copy
if ! sh "$tests/layering.sh" "$copy"; then
    echo 'the unchanged tree has violations'
    outcome=1
fi

caught layering 'base must not include link' \
    plant include/spanlink/base.h '#include <spanlink/link.h>'
caught layering '41 lines are too many' \
    plant src/attribute.c 'static void long_one(void) {' "$(yes '/* */' | head -n 41)" '}'
caught layering 'functions have at most 5 lines' \
    plant src/link.c "$(awk 'BEGIN { for (i = 0; i < 2000; i++) print "int f" i "(void) {\n\n\n\n\n\n\n}" }')"
caught layering 'attribute must not include context' \
    plant src/attribute.c '  #  include <spanlink/context.h>'
caught layering 'attribute must not include internal/list/slots' \
    plant src/attribute.c '#include "internal/list/slots.h"'
caught layering 'internal/hash must not include link' \
    plant src/internal/hash.h '#include <spanlink/link.h>'
caught layering 'internal/hash must not include internal/list/link_copy' \
    plant src/internal/hash.h '#include "internal/list/link_copy.h"'
caught layering 'a public header must not include "internal/list/slots.h"' \
    plant include/spanlink/link.h '#include "internal/list/slots.h"'
caught layering '"attribute.c" is not an internal header' plant src/link.c '#include "attribute.c"'
caught layering 'stdio.h is not of the C11 standard library that sources may use' \
    plant src/link.c '#include <stdio.h>'
caught layering 'only internal/lock may include pthread.h' plant src/link.c '#include <pthread.h>'
caught layering 'only src/internal may include emmintrin.h' plant src/link.c '#include <emmintrin.h>'
caught layering 'an include that cannot be read' plant src/link.c '#include SOMETHING'
caught layering 'balcony has no include/spanlink/balcony.h' plant src/balcony.c '/* a new file */'
caught layering 'balcony is not in src/package/concepts.txt' plant src/balcony.c '/* a new file */'
caught layering 'internal/balcony is not in src/package/concepts.txt' \
    plant src/internal/balcony.h '/* a new file */'
caught layering 'link has no tests/test_link.c' rm tests/test_link.c
caught layering 'link has no src/link.c' rm src/link.c
caught layering 'is not what src/package/umbrella.sh prints' \
    sed -i '/spanlink\/link.h/d' include/spanlink/spanlink.h
caught layering 'spanlink_make_link() is not a name of link' \
    plant include/spanlink/link.h 'SPANLINK_API const char *spanlink_make_link(int a);'
caught layering 'spanlink_attribute_link() is not a name of link' plant include/spanlink/link.h \
    'SPANLINK_INLINE_API inline spanlink_link' 'spanlink_attribute_link(int a) {'

caught headers 'lonely.h does not compile alone' guarded 'size_t spanlink_lonely(void);'
caught headers 'lonely.h does not compile alone' \
    alone 'typedef struct lonely { int number; } lonely;'
caught headers 'lonely.h does not compile alone' guarded '#include <string.h>' \
    'inline void *spanlink_lonely(const void *a) { return (void *)a; }'
if command -v clang >/dev/null; then
    caught headers 'lonely.h does not compile alone with clang' \
        guarded '/** Adds. @param a,b Two. */' 'int spanlink_lonely(int a, int b);'
fi
for macro in '#define LONELY ((struct lonely){1})' '#define LONELY ((const char *[2]){NULL})' \
    '#define LONELY(T) _Atomic T' '#define LONELY restrict'; do
    caught headers 'not for a public header' alone "$macro"
done
caught headers 'not for a public header' \
    alone '/* three' 'bytes */ #define LONELY(name) char name[static 3]'
caught headers 'spanlink_lonely_parse() is not SPANLINK_MUST_USE' \
    alone 'SPANLINK_API spanlink_status spanlink_lonely_parse(int a);'

# edited HEADER WANTED SED_SCRIPT: changes the comments of a header.
edited() {
    caught comments "$2" sed -i "$3" "include/spanlink/$1"
}

edited b3.h 'the usage that a header shows does not compile' \
    's/spanlink_b3_parse(header, &context);/spanlink_b3_parse(header);/'
edited b3.h 'b3.h shows no usage' '/@code/,/@endcode/d'
edited b3.h 'spanlink_b3_parse() has the parameters header context, its comment context' \
    '/@param header/d'
edited b3.h 'spanlink_b3_parse() has no @retval SPANLINK_OK' '/@retval SPANLINK_OK/d'
edited b3.h 'there is no status SPANLINK_ERR_NOTHING' \
    's/SPANLINK_ERR_NO_CONTEXT/SPANLINK_ERR_NOTHING/'
edited b3.h 'spanlink_b3_parse() has no line "Cost:"' '/ \* Cost:/d'
edited b3.h 'spanlink_b3_parse() has no line "Thread safety:"' '/ \* Thread safety:/d'
edited b3.h 'is out of order' 's/^ \* Cost: .*/ * Thread safety: any thread./'
edited b3.h 'is out of order' 's/^ \* @param context .*/ * Cost: constant./'
edited link.h 'spanlink_link_type_name() has no @return' '/@return/d'
edited lazy.h 'spanlink_provider_fn() has no statuses' '/@return/d'
edited list.h 'the comment has 2' 's/^ \* An attribute is dropped.*/&\n * More.\n * More.\n * More./'

exit $outcome
