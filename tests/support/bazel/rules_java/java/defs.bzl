# SPDX-License-Identifier: MIT
# Stands in for rules_java, which Bazel 2.1 reads even where nothing is written in Java.
java_binary = native.java_binary
java_import = native.java_import
java_runtime = native.java_runtime
java_toolchain = native.java_toolchain
