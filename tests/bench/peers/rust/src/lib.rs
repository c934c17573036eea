// SPDX-License-Identifier: MIT
//! What Rust's libraries take for the work of ../../README.md.
mod cache;
mod common;
mod headers;
mod lists;
mod otlp;

/// Everything, with the system's allocator.
pub fn measure() {
    lists::measure_add();
    cache::measure();
    headers::measure();
    lists::measure();
    otlp::measure();
}

/// What an allocator makes faster. Its name follows those of the peers.
pub fn measure_allocator(name: &'static str) {
    common::ALLOCATOR.set(name).unwrap();
    lists::measure_add();
    cache::measure();
    otlp::measure_allocating();
}
