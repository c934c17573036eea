# SPDX-License-Identifier: MIT
# The files of `cmake --install`: headers, library, CMake package, spanlink.pc, licence.
#
# The installed tree may be moved as a whole: files refer to each other by relative paths. Only
# directories outside of the prefix are absolute.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# inside_prefix(DIRECTORY RESULT): an absolute directory inside the prefix becomes relative to it;
# any other is unchanged.
function(inside_prefix directory result)
  if(IS_ABSOLUTE "${directory}")
    cmake_path(IS_PREFIX CMAKE_INSTALL_PREFIX "${directory}" NORMALIZE inside)
    if(inside)
      file(RELATIVE_PATH directory "${CMAKE_INSTALL_PREFIX}" "${directory}")
    endif()
  endif()
  set(${result} "${directory}" PARENT_SCOPE)
endfunction()

inside_prefix("${CMAKE_INSTALL_LIBDIR}" spanlink_libdir)
inside_prefix("${CMAKE_INSTALL_INCLUDEDIR}" spanlink_includedir)
set(spanlink_cmakedir "${spanlink_libdir}/cmake/spanlink")

install(TARGETS spanlink EXPORT spanlinkTargets
  LIBRARY DESTINATION "${spanlink_libdir}"
  ARCHIVE DESTINATION "${spanlink_libdir}"
  RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}"
  INCLUDES DESTINATION "${spanlink_includedir}")
foreach(concept IN LISTS spanlink_concepts ITEMS spanlink)
  install(FILES "include/spanlink/${concept}.h" DESTINATION "${spanlink_includedir}/spanlink")
endforeach()
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")

# The CMake package. Until 1.0 a minor version may change the interface: 0.2 does not satisfy a
# request for 0.1.
install(EXPORT spanlinkTargets NAMESPACE spanlink:: DESTINATION "${spanlink_cmakedir}")
configure_package_config_file(src/package/spanlinkConfig.cmake.in spanlinkConfig.cmake
  INSTALL_DESTINATION "${spanlink_cmakedir}"
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(spanlinkConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  "${CMAKE_CURRENT_BINARY_DIR}/spanlinkConfig.cmake"
  "${CMAKE_CURRENT_BINARY_DIR}/spanlinkConfigVersion.cmake"
  DESTINATION "${spanlink_cmakedir}")

# spanlink.pc is in libdir/pkgconfig; its paths are relative to that.
set(spanlink_pc_prefix "${CMAKE_INSTALL_PREFIX}")
if(NOT IS_ABSOLUTE "${spanlink_libdir}")
  string(REGEX REPLACE "[^/]+" ".." spanlink_pc_prefix "${spanlink_libdir}/pkgconfig")
  string(PREPEND spanlink_pc_prefix "\${pcfiledir}/")
endif()
set(spanlink_pc_includedir "${spanlink_includedir}")
if(NOT IS_ABSOLUTE "${spanlink_includedir}")
  string(PREPEND spanlink_pc_includedir "\${prefix}/")
endif()
set(spanlink_pc_cflags "")
get_target_property(definitions spanlink INTERFACE_COMPILE_DEFINITIONS)
foreach(definition IN LISTS definitions)
  if(definition)
    string(APPEND spanlink_pc_cflags " -D${definition}")
  endif()
endforeach()
# Programs must link the dependencies of a static library; a shared one links its own.
set(spanlink_pc_libs "")
set(spanlink_pc_private "")
if(CMAKE_USE_PTHREADS_INIT AND NOT SPANLINK_NO_THREADS)
  if(BUILD_SHARED_LIBS)
    set(spanlink_pc_private " -pthread")
  else()
    set(spanlink_pc_libs " -pthread")
  endif()
endif()
configure_file(src/package/spanlink.pc.in spanlink.pc @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/spanlink.pc" DESTINATION "${spanlink_libdir}/pkgconfig")

# The man pages, if the target `docs` has made them.
install(DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/docs/man/" DESTINATION "${CMAKE_INSTALL_MANDIR}"
  OPTIONAL)
