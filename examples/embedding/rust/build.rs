// SPDX-License-Identifier: MIT
//! Links the library that pkg-config finds.
use std::process::Command;

fn main() {
    let output = Command::new("pkg-config").args(["--libs-only-L", "spanlink"]).output().expect("pkg-config");
    for word in String::from_utf8_lossy(&output.stdout).split_whitespace() {
        println!("cargo:rustc-link-search=native={}", &word[2..]);
    }
    println!("cargo:rustc-link-lib=spanlink");
}
