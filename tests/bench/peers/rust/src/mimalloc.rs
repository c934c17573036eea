// SPDX-License-Identifier: MIT
#[global_allocator]
static MIMALLOC: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    peers::measure_allocator(", mimalloc");
}
