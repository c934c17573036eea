// SPDX-License-Identifier: MIT
fn main() {
    peers::measure();
}
