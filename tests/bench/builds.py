#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the tables of README.md from what builds.sh has measured.

    builds.py DIRECTORY

A line of DIRECTORY/results is: build, workload, figure; the least figure counts. DIRECTORY/versions
goes above the tables.
"""

import pathlib
import sys

README = pathlib.Path(__file__).resolve().parent / "README.md"
BASE = "gcc_O3_static"

WORKLOADS = {
    "traceparent_parse": "parse a traceparent",
    "extract_w3c_8": "extract W3C from 8 headers",
    "list_add_reused": "add a link with 2 attributes",
    "list_add_4_texts": "add a link with 4 texts",
    "dedup_10000": "dedup of 10,000, per link",
    "otlp_encode": "encode 128 links",
    "otlp_decode": "decode 128 links",
    "collector_add_1": "add to a collector",
    "cache_hit_1": "find in a cache of about 1,000",
}

# With the names of peers/, and the goals: parts of what 0.1 takes.
GOALS = {
    "add a link with 4 texts": ("add_4_reused", 0.78),
    "add a link with 2 texts": ("add_2_reused", 0.81),
    "add a bare link": ("add_0_reused", 0.70),
    "collect, then clear, 1 thread": ("collect_1", 0.70),
    "collect, then clear, 2 threads": ("collect_2", 0.88),
    "cache hit among 1,000, 1 thread": ("cache_1000_1", 0.69),
    "cache hit among 10,000, 1 thread": ("cache_10000_1", 0.64),
    "cache hit among 10,000, 2 threads": ("cache_10000_2", 0.60),
    "dedup of 128, per link": ("dedup_128", 0.95),
    "dedup of 10,000, per link": ("dedup_10000", 0.88),
    "dedup of 1,000,000, per link": ("dedup_1000000", 0.93),
    "encode 128 batch items": ("encode", 0.81),
    "decode 128 batch items": ("decode", 0.81),
    "extract W3C from 8 headers": ("extract_8", 0.74),
}


def read(path):
    """{build: {workload: the least figure}}"""
    results = {}
    for line in path.read_text().splitlines():
        build, workload, figure = line.split("\t")
        least = results.setdefault(build, {})
        least[workload] = min(float(figure), least.get(workload, float("inf")))
    return results


def figure(number):
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}"


def compared(number, base):
    """With what it is more or less than the base, if that is more than 5 %."""
    change = round((number / base - 1) * 100)
    return figure(number) if abs(change) <= 5 else f"{figure(number)} ({change:+} %)"


def table(*rows):
    head, *rest = [f"| {' | '.join(row)} |" for row in rows]
    return [head, "|---|" + "---:|" * (len(rows[0]) - 1), *rest]


def title_of(name):
    return "CMake's default" if name == "default" else name.replace("_O", " -O").replace("_", " ")


def builds(results):
    base = results[BASE]
    names = [name for name in results if name == "default" or "_O" in name]
    rows = (
        [title, *(compared(results[name][work], base[work]) for name in names)]
        for work, title in WORKLOADS.items()
    )
    return table(["work", *map(title_of, names)], *rows)


def goals(results):
    rows = []
    for title, (work, goal) in GOALS.items():
        before, now = results["0.1"][work], results["now"][work]
        rows.append([title, figure(before), figure(now), f"{now / before:.2f}", f"{goal:.2f}"])
    return table(["work", "0.1, ns", "now, ns", "now / 0.1", "goal"], *rows)


def write(lines):
    """Replaces what is between the marks."""
    begin, end = "<!-- builds: written by tests/bench/builds.sh -->\n", "<!-- /builds -->"
    head, rest = README.read_text().split(begin)
    _, tail = rest.split(end)
    README.write_text(head + begin + "\n" + "\n".join(lines) + "\n\n" + end + tail)


def main():
    directory = pathlib.Path(sys.argv[1])
    results = read(directory / "results")
    lines = [*(directory / "versions").read_text().splitlines(), "", "Instructions per operation:", "", *builds(results)]
    lines += ["", "Version 0.1 and this one in turns, in the works of [peers](peers/README.md), with gcc -O3 static:"]
    lines += ["", *goals(results)]
    write(lines)


if __name__ == "__main__":
    main()
