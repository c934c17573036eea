#!/bin/sh
# SPDX-License-Identifier: MIT
# Plants one violation after another in a copy of the tree: tests/layering.sh, tests/headers.sh
# and tests/comments.sh must name each.
set -u
tests=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
copy=$(mktemp -d) || exit 1
trap 'rm -rf "$copy"' EXIT
outcome=0

fresh_copy() {
    rm -rf "$copy/tree"
    mkdir -p "$copy/tree"
    cp -R "$tests/../include" "$tests/../src" "$copy/tree/"
    mkdir "$copy/tree/tests"
    cp "$tests"/test_*.c "$copy/tree/tests/"
}

# caught WANTED [CHECK]: the planted violation is reported; then the tree is restored.
caught() {
    found=$(sh "$tests/${2:-layering}.sh" "$copy/tree" 2>&1)
    status=$?
    case $found in
    *"$1"*) ;;
    *) status=0 ;;
    esac
    if [ "$status" -eq 0 ]; then
        printf 'not caught: %s\n%s\n' "$1" "$found"
        outcome=1
    fi
    fresh_copy
}

# plant FILE LINE: adds a line to a file, which may be new.
plant() {
    printf '%s\n' "$2" >>"$copy/tree/$1"
}

fresh_copy
if ! sh "$tests/layering.sh" "$copy/tree"; then
    echo 'the unchanged tree has violations'
    outcome=1
fi

plant include/spanlink/base.h '#include <spanlink/link.h>'
caught 'base must not include link'

plant src/attribute.c "$(printf 'static void long_one(void) {\n'; yes '' | head -n 41; printf '}\n')"
caught '41 lines are too many'

for i in $(seq 2000); do plant src/link.c "$(printf 'int f%s(void) {\n\n\n\n\n\n\n}' "$i")"; done
caught 'functions have at most 5 lines'

plant src/attribute.c '  #  include <spanlink/context.h>'
caught 'attribute must not include context'

plant src/attribute.c '#include "internal/list/slots.h"'
caught 'attribute must not include internal/list/slots'

plant src/internal/hash.h '#include <spanlink/link.h>'
caught 'internal/hash must not include link'

plant src/internal/hash.h '#include "internal/list/link_copy.h"'
caught 'internal/hash must not include internal/list/link_copy'

plant include/spanlink/link.h '#include "internal/list/slots.h"'
caught 'a public header must not include "internal/list/slots.h"'

plant src/link.c '#include "attribute.c"'
caught '"attribute.c" is not an internal header'

plant src/link.c '#include <stdio.h>'
caught 'stdio.h is not of the C11 standard library that sources may use'

plant src/link.c '#include <pthread.h>'
caught 'only internal/lock may include pthread.h'

plant src/link.c '#include <emmintrin.h>'
caught 'only src/internal may include emmintrin.h'

plant src/link.c '#include SOMETHING'
caught 'an include that cannot be read'

plant src/balcony.c '/* a room of its own */'
caught 'balcony has no include/spanlink/balcony.h'

plant src/balcony.c '/* a room of its own */'
caught 'balcony is not in src/package/concepts.txt'

plant src/internal/balcony.h '/* an internal one */'
caught 'internal/balcony is not in src/package/concepts.txt'

rm "$copy/tree/tests/test_link.c"
caught 'link has no tests/test_link.c'

rm "$copy/tree/src/link.c"
caught 'link has no src/link.c'

grep -v 'spanlink/link.h' "$copy/tree/include/spanlink/spanlink.h" >"$copy/all.h"
mv "$copy/all.h" "$copy/tree/include/spanlink/spanlink.h"
caught 'is not what src/package/umbrella.sh prints'

plant include/spanlink/link.h 'SPANLINK_API const char *spanlink_make_link(int a);'
caught 'spanlink_make_link() is not a name of link'

plant include/spanlink/link.h 'SPANLINK_INLINE_API inline spanlink_link
spanlink_attribute_link(int a) {'
caught 'spanlink_attribute_link() is not a name of link'

# alone LINE...: a tree with one header with these lines.
alone() {
    rm "$copy/tree/include/spanlink"/*.h
    printf '%s\n' "$@" >"$copy/tree/include/spanlink/lonely.h"
}

alone '#ifndef LONELY_H' '#define LONELY_H' 'size_t spanlink_lonely(void);' '#endif'
caught 'lonely.h does not compile alone' headers

alone 'typedef struct lonely { int number; } lonely;'
caught 'lonely.h does not compile alone' headers

alone '#ifndef LONELY_H' '#define LONELY_H' '#include <string.h>' \
    'inline void *spanlink_lonely(const void *a) { return (void *)a; }' '#endif'
caught 'lonely.h does not compile alone' headers

if command -v clang >/dev/null; then
    alone '#ifndef LONELY_H' '#define LONELY_H' '/** Adds. @param a,b Two. */' \
        'int spanlink_lonely(int a, int b);' '#endif'
    caught 'lonely.h does not compile alone with clang' headers
fi

alone '#define LONELY ((struct lonely){1})'
caught 'not for a public header' headers

alone '#define LONELY ((const char *[2]){NULL})'
caught 'not for a public header' headers

alone '#define LONELY(T) _Atomic T'
caught 'not for a public header' headers

alone '#define LONELY restrict'
caught 'not for a public header' headers

alone '/* three' 'bytes */ #define LONELY(name) char name[static 3]'
caught 'not for a public header' headers

alone 'SPANLINK_API spanlink_status spanlink_lonely_parse(int a);'
caught 'spanlink_lonely_parse() is not SPANLINK_MUST_USE' headers

# edit HEADER SED_SCRIPT: changes the comments of a header.
edit() {
    sed "$2" "$copy/tree/include/spanlink/$1" >"$copy/edited"
    mv "$copy/edited" "$copy/tree/include/spanlink/$1"
}

edit b3.h 's/spanlink_b3_parse(header, &context);/spanlink_b3_parse(header);/'
caught 'the usage that a header shows does not compile' comments

edit b3.h '/@code/,/@endcode/d'
caught 'b3.h shows no usage' comments

edit b3.h '/@param header/d'
caught 'spanlink_b3_parse() has the parameters header context, its comment context' comments

edit b3.h '/@retval SPANLINK_OK/d'
caught 'spanlink_b3_parse() has no @retval SPANLINK_OK' comments

edit b3.h 's/SPANLINK_ERR_NO_CONTEXT/SPANLINK_ERR_NOTHING/'
caught 'there is no status SPANLINK_ERR_NOTHING' comments

edit b3.h '/ \* Cost:/d'
caught 'spanlink_b3_parse() has no line "Cost:"' comments

edit b3.h '/ \* Thread safety:/d'
caught 'spanlink_b3_parse() has no line "Thread safety:"' comments

edit b3.h 's/^ \* Cost: .*/ * Thread safety: any thread./'
caught 'is out of order' comments

edit b3.h 's/^ \* @param context .*/ * Cost: constant./'
caught 'is out of order' comments

edit link.h '/@return/d'
caught 'spanlink_link_type_name() has no @return' comments

edit lazy.h '/@return/d'
caught 'spanlink_provider_fn() has no statuses' comments

edit list.h 's/^ \* An attribute is dropped.*/&\n * More.\n * More.\n * More./'
caught 'the comment has 2' comments

exit $outcome
