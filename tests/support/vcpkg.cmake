# SPDX-License-Identifier: MIT
# Runs a portfile of vcpkg on stand-ins for the functions of vcpkg that it calls: what they pass on
# to CMake is passed on, and a feature or option that is not there fails.
#
#     cmake -DPORT=FILE -DINTO=DIRECTORY -P tests/support/vcpkg.cmake
set(CURRENT_PACKAGES_DIR "${INTO}")
set(CURRENT_BUILDTREES_DIR "${INTO}-build")

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# The features of the manifest must be those that the portfile knows; all are on.
function(vcpkg_check_features)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "OUT_FEATURE_OPTIONS" "INVERTED_FEATURES")
  set(options "")
  while(arg_INVERTED_FEATURES)
    list(POP_FRONT arg_INVERTED_FEATURES feature option)
    file(READ "${CMAKE_CURRENT_LIST_DIR}/vcpkg.json" manifest)
    string(JSON description GET "${manifest}" features ${feature} description)
    list(APPEND options "-D${option}=OFF")
  endwhile()
  set(${arg_OUT_FEATURE_OPTIONS} ${options} PARENT_SCOPE)
endfunction()

function(vcpkg_cmake_configure)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "SOURCE_PATH" "OPTIONS")
  run("${CMAKE_COMMAND}" -S "${arg_SOURCE_PATH}" -B "${CURRENT_BUILDTREES_DIR}"
    -DCMAKE_INSTALL_LIBDIR=lib "-DCMAKE_INSTALL_PREFIX=${CURRENT_PACKAGES_DIR}" ${arg_OPTIONS}
    --warn-uninitialized)
endfunction()

function(vcpkg_cmake_install)
  run("${CMAKE_COMMAND}" --build "${CURRENT_BUILDTREES_DIR}" --target install)
endfunction()

function(vcpkg_cmake_config_fixup)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "CONFIG_PATH" "")
  if(NOT EXISTS "${CURRENT_PACKAGES_DIR}/${arg_CONFIG_PATH}/spanlinkConfig.cmake")
    message(FATAL_ERROR "${arg_CONFIG_PATH} holds no spanlinkConfig.cmake")
  endif()
endfunction()

function(vcpkg_fixup_pkgconfig)
  if(NOT EXISTS "${CURRENT_PACKAGES_DIR}/lib/pkgconfig/spanlink.pc")
    message(FATAL_ERROR "there is no spanlink.pc")
  endif()
endfunction()

function(vcpkg_install_copyright)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "FILE_LIST")
  file(INSTALL ${arg_FILE_LIST} DESTINATION "${CURRENT_PACKAGES_DIR}/share/spanlink"
    RENAME copyright)
endfunction()

include("${PORT}")
