# SPDX-License-Identifier: MIT
# Stands in for rules_cc, which Bazel would load from its registry: Bazel 2.1 has these rules itself.
cc_binary = native.cc_binary
cc_library = native.cc_library
cc_toolchain = native.cc_toolchain
cc_toolchain_suite = native.cc_toolchain_suite
