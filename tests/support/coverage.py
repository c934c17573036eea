# SPDX-License-Identifier: MIT
"""Adds up the coverage that llvm-cov exported from several builds, and lists what no build covers.

    python3 tests/support/coverage.py ROOT EXPORT.json EXPORT.lcov [...]

For a function in a header, llvm-cov's own summary uses only the copy that is covered best. Here a
line, a branch or a condition is covered if any copy in any build covers it.
"""
import json
import os
import sys
from collections import defaultdict

root = os.path.realpath(sys.argv[1]) + "/"
exports = sys.argv[2:]

lines = defaultdict(dict)  # file: line: times run
branches = defaultdict(lambda: defaultdict(lambda: [0, 0]))  # file: place: times true, false
conditions = defaultdict(dict)  # file: place of the decision: for each condition, shown or not


def read_lcov(path):
    name = None
    for line in open(path):
        if line.startswith("SF:"):
            name = os.path.realpath(line[3:].strip())
        elif line.startswith("DA:"):
            number, count = line[3:].split(",")[:2]
            had = lines[name].get(int(number), 0)
            lines[name][int(number)] = had + int(count)


def read_json(path):
    for file in json.load(open(path))["data"][0]["files"]:
        name = os.path.realpath(file["filename"])
        for branch in file["branches"]:
            counts = branches[name][tuple(branch[:4])]
            counts[0] += branch[4]
            counts[1] += branch[5]
        for record in file["mcdc_records"]:
            shown = record[6]
            had = conditions[name].setdefault(tuple(record[:4]), [False] * len(shown))
            conditions[name][tuple(record[:4])] = [a or b for a, b in zip(had, shown)]


def missed_of(name):
    for number, count in sorted(lines[name].items()):
        if count == 0:
            yield number, "line", "never run"
    for place, (true, false) in sorted(branches[name].items()):
        # A condition that is a constant has neither count.
        for count, side in (true, "true"), (false, "false"):
            if count == 0:
                yield place[0], "branch", "column %d never %s" % (place[1], side)
    for place, shown in sorted(conditions[name].items()):
        for number, is_shown in enumerate(shown, 1):
            if not is_shown:
                yield place[0], "condition", "number %d of column %d decides nothing" % (number, place[1])


for path in exports:
    (read_json if path.endswith(".json") else read_lcov)(path)

kinds = ("line", "branch", "condition")
# Two of the branches are in pthread_cleanup_pop() of the C library. One is a second long search of a
# table that was just reseeded, which has a probability of 10^-10.
allowed = {"line": 0, "branch": 3, "condition": 0}
totals = {kind: [0, 0] for kind in kinds}
complaints = []
for name in sorted(lines):
    counts = {
        "line": len(lines[name]),
        "branch": 2 * len(branches[name]),
        "condition": sum(len(shown) for shown in conditions[name].values()),
    }
    missed = {kind: 0 for kind in kinds}
    short = name.replace(root, "")
    for number, kind, what in missed_of(name):
        missed[kind] += 1
        complaints.append("%s:%d: %s: %s" % (short, number, kind, what))
    for kind in kinds:
        totals[kind][0] += counts[kind]
        totals[kind][1] += missed[kind]
    print("%-32s" % short + "".join("%8d %-10s%4d missed" % (counts[k], k, missed[k]) for k in kinds))

print()
print("\n".join(complaints))
for kind in kinds:
    count, missed = totals[kind]
    print("%d of %d %s covered, %.2f %%" % (count - missed, count, {"line": "lines", "branch": "branches", "condition": "conditions"}[kind], 100 * (count - missed) / count))
sys.exit(1 if not lines or any(totals[kind][1] > allowed[kind] for kind in kinds) else 0)
