// SPDX-License-Identifier: MIT

// What Go's libraries take for the work of ../README.md.
package main

func main() {
	measureHeaders()
	measureLists()
	measureCaches()
	measureCodecs()
}
