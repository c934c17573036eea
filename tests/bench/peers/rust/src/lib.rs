// SPDX-License-Identifier: MIT
//! Measures Rust's libraries with the workloads of ../../README.md.
mod cache;
mod common;
mod headers;
mod lists;
mod otlp;

/// All workloads, with the system's allocator.
pub fn measure() {
    lists::measure_add();
    cache::measure();
    headers::measure();
    lists::measure();
    otlp::measure();
}

/// The workloads that depend on the allocator, whose name is appended to those of the peers.
pub fn measure_allocator(name: &'static str) {
    common::ALLOCATOR.set(name).unwrap();
    lists::measure_add();
    cache::measure();
    otlp::measure_allocating();
}
