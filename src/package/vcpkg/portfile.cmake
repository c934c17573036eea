# SPDX-License-Identifier: MIT
# spanlink for vcpkg, as an overlay port beside the sources: SPANLINK_SOURCE names the tree.
if(NOT DEFINED ENV{SPANLINK_SOURCE})
  message(FATAL_ERROR "Set SPANLINK_SOURCE to the folder with spanlink's CMakeLists.txt.")
endif()
set(SOURCE_PATH "$ENV{SPANLINK_SOURCE}")

vcpkg_check_features(OUT_FEATURE_OPTIONS options
  INVERTED_FEATURES
    formats SPANLINK_NO_FORMATS
    otlp SPANLINK_NO_OTLP
    threads SPANLINK_NO_THREADS)
vcpkg_cmake_configure(SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS ${options} -DSPANLINK_BUILD_TESTS=OFF -DSPANLINK_BUILD_EXAMPLES=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH lib/cmake/spanlink)
vcpkg_fixup_pkgconfig()
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include" "${CURRENT_PACKAGES_DIR}/debug/share"
  "${CURRENT_PACKAGES_DIR}/share/doc")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
