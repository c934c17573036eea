# SPDX-License-Identifier: MIT
"""Compares the links of consumers with the spans of producers.

    python3 linked.py KEY SENT GOT [TWICE]

SENT contains one span per message. The attribute KEY of a span and of a link in GOT identifies the
message. Each message must be linked to the span that sent it, with its flags and tracestate: once, or
twice if its consumer was killed before the commit. TWICE is the number of messages linked twice.
"""
import collections
import json
import sys


def spans(file):
    for line in open(file, encoding="utf-8"):
        for resource in json.loads(line)["resourceSpans"]:
            for scope in resource["scopeSpans"]:
                yield from scope["spans"]


def attribute(holder, key):
    return next(a["value"]["stringValue"] for a in holder["attributes"] if a["key"] == key)


def main(key, sent_file, got_file, twice="0"):
    sent = {attribute(span, key): span for span in spans(sent_file)}
    count = collections.Counter()
    batches = 0
    for span in spans(got_file):
        batches += 1
        for link in span["links"]:
            name = attribute(link, key)
            sender = sent[name]
            assert (link["traceId"], link["spanId"]) == (sender["traceId"], sender["spanId"]), name
            assert link["traceState"] == "shop=orders" and link["flags"] == 0x303, link
            assert attribute(link, "link.type") == "follows_from", link
            count[name] += 1
    assert count.keys() == sent.keys(), set(sent) - set(count)
    again = sorted((name for name in count if count[name] > 1),
                   key=lambda name: int(name.rstrip().split("-")[-1].split("/")[-1]))
    assert max(count.values()) <= 2 and len(again) == int(twice), again
    print(f"{len(sent)} messages in {batches} spans: each is linked to its sender, {len(again)} twice"
          + (": " + " ".join(again) if again else ""))


main(*sys.argv[1:])
