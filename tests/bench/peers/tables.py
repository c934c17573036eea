#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Joins what the programs of run.sh have measured into the tables of README.md and ../../../README.md.

    tables.py DIRECTORY

A line of DIRECTORY/results is: work, peer, nanoseconds, answer, what the peer leaves out. Fails if
answers to the same work differ, or what was encoded says something else.
"""

import collections
import datetime
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent

WORKS = {
    "parse_traceparent": "parse a traceparent",
    "parse_b3": "parse a B3 header",
    "extract_8": "extract W3C from 8 headers",
    "add_4_reused": "add a link with 4 texts, list reused",
    "add_4_fresh": "add a link with 4 texts, fresh list",
    "add_2_reused": "add a link with 2 texts, list reused",
    "add_2_fresh": "add a link with 2 texts, fresh list",
    "add_0_reused": "add a bare link, list reused",
    "add_0_fresh": "add a bare link, fresh list",
    "collect_1": "collect, then clear, 1 thread",
    "collect_2": "collect, then clear, 2 threads",
    "drain_1": "collect and drain, 1 thread",
    "drain_2": "collect and drain, 2 threads",
    "cache_1000_1": "cache hit among 1,000, 1 thread",
    "cache_1000_2": "cache hit among 1,000, 2 threads",
    "cache_10000_1": "cache hit among 10,000, 1 thread",
    "cache_10000_2": "cache hit among 10,000, 2 threads",
    "dedup_128": "dedup of 128, per link",
    "dedup_10000": "dedup of 10,000, per link",
    "dedup_1000000": "dedup of 1,000,000, per link",
    "encode": "encode 128 batch items as OTLP",
    "encode_texts": "encode 128 links with 4 texts",
    "json": "encode 128 batch items as OTLP/JSON",
    "json_texts": "encode 128 links with 4 texts as JSON",
    "decode": "decode 128 batch items",
    "decode_texts": "decode 128 links with 4 texts",
}

IN_README = [
    "parse_traceparent", "extract_8", "add_4_reused", "cache_10000_1", "dedup_10000", "drain_1",
    "encode", "decode",
]  # fmt: skip


def read_results(path):
    """Of each work and peer: the fewest nanoseconds, all answers, what is left out."""
    results = {}
    for line in path.read_text().splitlines():
        work, peer, nanoseconds, answer, lighter = line.split("\t")
        least, answers, _ = results.get((work, peer), (float("inf"), set(), lighter))
        results[work, peer] = min(least, float(nanoseconds)), answers | {answer}, lighter
    return results


def differing_answers(results):
    """Works to which the peers give different answers."""
    answers = collections.defaultdict(set)
    for (work, _), (_, given, _) in results.items():
        answers[work] |= given
    return [work for work, given in answers.items() if len(given) != 1]


def json_links(text):
    """The links of a list, a span or a request, without fields that have their default."""
    value = json.loads(text)
    while isinstance(value, dict):
        value = next(value[key] for key in ("links", "spans", "scopeSpans", "resourceSpans") if key in value)
        value = value[0] if "traceId" not in value[0] and "spanId" not in value[0] else value
    return [{key: held for key, held in link.items() if held not in ("", 0)} for link in value]


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 128:
            return value, at


def fields(data):
    """The fields of a protobuf message: (number, what its bytes hold)."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        else:
            size, at = varint(data, at) if key & 7 == 2 else (4, at) if key & 7 == 5 else (8, at)
            value, at = data[at : at + size], at + size
        yield key >> 3, value


# Fields that are messages: of a link its attributes, and of these the value.
INSIDE_LINK = {4: {2: {}}}


def in_order(data, inside):
    """A message as a list of fields in the order of their numbers: encoders differ in that."""
    known = [
        (number, in_order(value, inside[number]) if number in inside else value)
        for number, value in fields(data)
    ]
    return sorted(known, key=lambda field: field[0])


def protobuf_links(data):
    """The links of a span, or of the one span of a request."""
    for inside in (1, 2, 2):
        data = dict(fields(data)).get(inside, data)
    return [in_order(value, INSIDE_LINK) for number, value in fields(data) if number == 13]


def differing_encodings(out):
    """What was encoded and holds other links than spanlink's."""
    for directory in sorted(out.iterdir()):
        links = json_links if directory.name.startswith("json") else protobuf_links
        expected = links((directory / "spanlink").read_bytes())
        for path in sorted(directory.iterdir()):
            if links(path.read_bytes()) != expected:
                yield f"{directory.name}: {path.name}"


def figure(nanoseconds):
    return f"{nanoseconds:,.0f}" if nanoseconds >= 100 else f"{nanoseconds:.1f}"


def ratio(times):
    text = f"{times:.1f} ×" if times < 10 else f"{times:,.0f} ×"
    return f"**{times:.2f} ×**" if times < 1 else text


def peers_of(results, work, lighter):
    """(nanoseconds, peer, what it leaves out), the fastest first."""
    return sorted(
        (least, peer, left_out)
        for (of, peer), (least, _, left_out) in results.items()
        if of == work and peer != "spanlink" and bool(left_out) == lighter
    )


def same_work_rows(results):
    """(the nearest peer's ratio, work, row), the worst first."""
    rows = []
    for work, title in WORKS.items():
        own = results[work, "spanlink"][0]
        cells = [f"{ratio(least / own)} {peer}" for least, peer, _ in peers_of(results, work, False)]
        if cells:
            nearest = peers_of(results, work, False)[0][0] / own
            others = " · ".join(cells[1:])
            rows.append((nearest, work, f"| {title} | {figure(own)} | {cells[0]} | {others} |"))
    return sorted(rows)


def lighter_rows(results):
    for work, title in WORKS.items():
        own = figure(results[work, "spanlink"][0])
        cells = collections.defaultdict(list)
        for least, peer, left_out in peers_of(results, work, True):
            cells[left_out].append(f"{figure(least)} {peer}")
        if cells:
            texts = [f"{left_out}: {' · '.join(peers)}" for left_out, peers in cells.items()]
            yield f"| {title} | {own} | {'; '.join(texts)} |"


def pinned():
    """The versions of crates and modules."""
    crates = re.findall(r'^(\S+) = (?:"=|\{ version = "=)([^"]+)"', (HERE / "rust/Cargo.toml").read_text(), re.M)
    modules = re.findall(r"^\t(\S+) v(\S+)$", (HERE / "go/go.mod").read_text(), re.M)
    yield "crates: " + ", ".join(f"{name} {version}" for name, version in crates)
    yield "modules: " + ", ".join(f"{name} {version}" for name, version in modules)


def report(build, results):
    left_out = (build / "left_out").read_text().splitlines()
    yield f"Measured on {datetime.date.today()}."
    yield ""
    yield from (f"- {line}" for line in (build / "versions").read_text().splitlines())
    yield from (f"- {line}" for line in pinned())
    yield from (f"- left out: {line}" for line in left_out)
    yield ""
    yield "| work | spanlink, ns | nearest peer | others |"
    yield "|---|---:|---|---|"
    yield from (row for _, _, row in same_work_rows(results))
    yield ""
    yield "Lighter references, in ns:"
    yield ""
    yield "| work | spanlink, ns | what a peer leaves out: its ns |"
    yield "|---|---:|---|"
    yield from lighter_rows(results)


def summary(results):
    """The README's rows: the beginning of those here."""
    yield "| work | spanlink, ns | nearest peer |"
    yield "|---|---:|---|"
    rows = {work: row for _, work, row in same_work_rows(results)}
    yield from (re.sub(r"(?<=\|)[^|]*\|$", "", rows[work]) for work in IN_README)


def write(path, lines):
    """Replaces what is between the markers."""
    begin, end = "<!-- peers: written by tests/bench/peers/run.sh -->\n", "<!-- /peers -->"
    text = path.read_text()
    head, rest = text.split(begin)
    _, tail = rest.split(end)
    path.write_text(head + begin + "\n" + "\n".join(lines) + "\n\n" + end + tail)


def main():
    build = pathlib.Path(sys.argv[1])
    results = read_results(build / "results")
    wrong = [f"{work}: the answers differ" for work in differing_answers(results)]
    wrong += [f"{which} was encoded differently" for which in differing_encodings(build / "out")]
    if wrong:
        sys.exit("\n".join(wrong))
    write(HERE / "README.md", report(build, results))
    write(ROOT / "README.md", summary(results))


if __name__ == "__main__":
    main()
