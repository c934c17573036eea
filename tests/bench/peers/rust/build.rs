// SPDX-License-Identifier: MIT
// Generates the messages of quick-protobuf from the project's own .proto file.
use pb_rs::{types::FileDescriptor, ConfigBuilder};
use std::path::PathBuf;

fn main() {
    let proto = PathBuf::from(std::env::var("PEERS_PROTO").expect("PEERS_PROTO names trace.proto"));
    let directory = PathBuf::from(std::env::var("OUT_DIR").unwrap());
    let include = proto.parent().unwrap().to_path_buf();
    let config = ConfigBuilder::new(&[proto.clone()], None, Some(&directory), &[include])
        .unwrap()
        .single_module(true)
        .headers(false);
    FileDescriptor::run(&config.build()).expect("code from trace.proto");
    println!("cargo:rerun-if-changed={}", proto.display());
    println!("cargo:rerun-if-env-changed=PEERS_PROTO");
}
