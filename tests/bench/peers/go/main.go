// SPDX-License-Identifier: MIT

// Measures Go's libraries with the workloads of ../README.md.
package main

func main() {
	measureHeaders()
	measureLists()
	measureCaches()
	measureCodecs()
}
