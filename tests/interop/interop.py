# SPDX-License-Identifier: MIT
"""Python's protobuf and spanlink read what the other one writes, over random content.

    python3 interop.py PEER FOLDER      FOLDER holds trace_pb2.py, which protoc makes of trace.proto
"""
import json
import math
import random
import subprocess
import sys

program, folder = sys.argv[1:3]
sys.path.insert(0, folder)
import trace_pb2  # noqa: E402  (protoc has just written it)

INTEGERS = [0, 1, -1, 127, 128, -(2**63), 2**63 - 1]
DOUBLES = [0.0, -0.0, 0.1, -1e300, 5e-324, math.inf, -math.inf, math.nan]
TEXTS = ["", "a", "zwölf €", "\0", "😀" * 40, "x" * 300]


def peer(command, data):
    return subprocess.run([program, command], input=data, stdout=subprocess.PIPE, check=True).stdout


def fill_value(value, depth):
    kind = random.randrange(8 if depth > 0 else 6)
    value.SetInParent()
    if kind == 0:
        value.string_value = random.choice(TEXTS)
    elif kind == 1:
        value.bool_value = random.random() < 0.5
    elif kind == 2:
        value.int_value = random.choice(INTEGERS + [random.getrandbits(63)])
    elif kind == 3:
        value.double_value = random.choice(DOUBLES + [random.random()])
    elif kind == 4:
        value.bytes_value = random.randbytes(random.randrange(5))
    elif kind == 6:
        value.array_value.SetInParent()
        for _ in range(random.randrange(4)):
            fill_value(value.array_value.values.add(), depth - 1)
    elif kind == 7:
        value.kvlist_value.SetInParent()
        fill_attributes(value.kvlist_value.values, depth - 1)
    # kind 5 leaves the value empty


def fill_attributes(attributes, depth):
    for number in range(random.randrange(5)):
        attribute = attributes.add(key=f"key{number}")
        fill_value(attribute.value, depth)


def random_span():
    span = trace_pb2.Span(name="random", dropped_links_count=random.randrange(3))
    for _ in range(random.randrange(20)):
        link = span.links.add(trace_id=random.randbytes(16), span_id=random.randbytes(8))
        link.flags = 0x100 | random.randrange(256) | random.choice([0, 0x200])
        link.dropped_attributes_count = random.choice([0, 0, 7, 2**32 - 1])
        if random.random() < 0.5:
            link.trace_state = random.choice(["a=1", "a=1,b=2", "vendor@x=" + "y" * 200])
        fill_attributes(link.attributes, 4)
    return span


def check(span):
    """Our decoder and encoder must give back what Python encoded, to the byte."""
    encoded = span.SerializeToString(deterministic=True)
    links_only = trace_pb2.Span(links=span.links).SerializeToString(deterministic=True)
    ours = peer("encode", encoded)
    assert ours == links_only, (ours.hex(), links_only.hex())
    assert len(json.loads(peer("decode", encoded))) == len(span.links)
    return len(span.links)


random.seed(7)
links = sum(check(random_span()) for _ in range(300))
print(f"Python's protobuf: {links} links went round")
