# SPDX-License-Identifier: MIT
# The target `amalgamation`: the whole library as spanlink.c and spanlink.h in build/.../amalgamation.
# With SPANLINK_AMALGAMATED, the library and so all tests of it are built from that pair.
set(spanlink_pair "${PROJECT_BINARY_DIR}/amalgamation")
file(GLOB_RECURSE spanlink_tree CONFIGURE_DEPENDS src/*.c src/*.h include/*.h)
add_custom_command(
  OUTPUT "${spanlink_pair}/spanlink.c" "${spanlink_pair}/spanlink.h"
  COMMAND sh "${PROJECT_SOURCE_DIR}/src/package/amalgamate.sh" "${spanlink_pair}"
  DEPENDS ${spanlink_tree} src/package/amalgamate.sh LICENSE
  VERBATIM)
add_custom_target(amalgamation DEPENDS "${spanlink_pair}/spanlink.c" "${spanlink_pair}/spanlink.h")

if(SPANLINK_AMALGAMATED)
  # Tests include headers of concepts: each of these includes the single header.
  foreach(concept IN LISTS spanlink_concepts ITEMS spanlink)
    file(CONFIGURE OUTPUT "${spanlink_pair}/include/spanlink/${concept}.h"
      CONTENT "#include \"../../spanlink.h\"\n")
  endforeach()
  set_target_properties(spanlink PROPERTIES
    SOURCES "${spanlink_pair}/spanlink.c"
    INCLUDE_DIRECTORIES "${spanlink_pair}/include"
    INTERFACE_INCLUDE_DIRECTORIES "$<BUILD_INTERFACE:${spanlink_pair}/include>")
  add_dependencies(spanlink amalgamation)
endif()
