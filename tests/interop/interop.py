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
import google.protobuf.json_format
import google.protobuf.message
import trace_pb2  # noqa: E402  (protoc has just written it)
import wire
from wire import attribute, field

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
    span = trace_pb2.Span(name="random")
    for _ in range(random.randrange(20)):
        link = span.links.add(trace_id=random.randbytes(16), span_id=random.randbytes(8))
        link.flags = random.choice([0, 0x100, 0x300]) | random.randrange(256)
        link.dropped_attributes_count = random.choice([0, 0, 7, 2**32 - 1])
        if random.random() < 0.5:
            link.trace_state = random.choice(["a=1", "a=1,b=2", "vendor@x=" + "y" * 200])
        fill_attributes(link.attributes, 4)
    return span


def as_bytes(span):
    return span.SerializeToString(deterministic=True)


def recode(span):
    """What our decoder and encoder make of a Span, read by Python."""
    ours = trace_pb2.Span()
    ours.ParseFromString(peer("encode", as_bytes(span)))
    return ours


def check(span):
    """Our decoder and encoder must give back what Python encoded, to the byte."""
    encoded = as_bytes(span)
    links_only = as_bytes(trace_pb2.Span(links=span.links))
    ours = peer("encode", encoded)
    assert ours == links_only, (ours.hex(), links_only.hex())
    assert len(json.loads(peer("decode", encoded))["links"]) == len(span.links)
    return len(span.links)


def check_dropped(span, dropped):
    """The count of dropped links comes back, and the last link carries markers of it."""
    span.dropped_links_count = dropped
    wanted = trace_pb2.Span(links=span.links, dropped_links_count=dropped)
    if span.links and dropped != 0:
        attributes = wanted.links[-1].attributes
        attributes.add(key="links.truncated").value.bool_value = True
        count = len(span.links) + dropped
        attributes.add(key="links.original_count").value.int_value = count
    assert peer("encode", as_bytes(span)) == as_bytes(wanted)
    assert peer("encode", as_bytes(wanted)) == as_bytes(wanted)
    text = json.loads(peer("decode", span.SerializeToString()))
    assert text.get("droppedLinksCount", 0) == dropped


def check_flags():
    """Bits 0 to 7 are kept, bit 9 is where bit 8 is, all others are zero."""
    values = [1 << bit for bit in range(32)] + list(range(1024)) + [0xFFFFFFFF]
    for first in range(0, len(values), 100):
        span = trace_pb2.Span()
        for value in values[first:first + 100]:
            span.links.add(trace_id=b"t" * 16, span_id=b"s" * 8, flags=value)
        ours = json.loads(peer("decode", span.SerializeToString()))["links"]
        for link, read, text in zip(span.links, recode(span).links, ours, strict=True):
            kept = link.flags & (0x3FF if link.flags & 0x100 else 0xFF)
            assert read.flags == kept and text.get("flags", 0) == kept, (link.flags, read.flags)


def check_repeated_keys():
    """Each key once, with the last value, in the first place; at every level."""
    span = trace_pb2.Span()
    attributes = span.links.add(trace_id=b"t" * 16, span_id=b"s" * 8).attributes
    for _ in range(3):
        for number, key in enumerate(["a", "b", "a"]):
            attributes.add(key=key).value.int_value = number
            entries = attributes.add(key="map" + key).value.kvlist_value.values
            attributes = entries if random.random() < 0.3 else attributes
            entries.add(key="x").value.int_value = number
            entries.add(key="x").value.string_value = "last"

    def once(attributes):
        last = {attribute.key: attribute.value for attribute in attributes}
        return [(key, (once(value.kvlist_value.values) if value.HasField("kvlist_value")
                       else value)) for key, value in last.items()]

    def as_read(attributes):
        return [(a.key, as_read(a.value.kvlist_value.values) if a.value.HasField("kvlist_value")
                 else a.value) for a in attributes]

    assert as_read(recode(span).links[0].attributes) == once(span.links[0].attributes)


# Values that are nested deeper than Python itself would write them.

def deep_span(levels, is_map):
    value = wire.nest(levels, is_map, b"\x18\x01")  # an int_value
    return field(13, field(1, b"t" * 16) + field(2, b"s" * 8) + field(4, attribute(b"k", value)))


def request(span):
    """A whole request, which is what receivers parse."""
    return trace_pb2.ExportTraceServiceRequest.FromString(wire.request(span))


def levels_of(request):
    value = request.resource_spans[0].scope_spans[0].spans[0].links[0].attributes[0].value
    levels = 0
    while value.WhichOneof("value") in ("array_value", "kvlist_value"):
        levels += 1
        nested = value.array_value.values or value.kvlist_value.values
        value = getattr(nested[0], "value", nested[0])
    return levels, value.WhichOneof("value")


def is_refused(span):
    try:
        request(span)
    except google.protobuf.message.DecodeError:
        return True
    return False


def check_depth():
    """Python takes 47 arrays or 31 maps in a whole request, and so much is what we write."""
    for is_map, most in ((False, 47), (True, 31)):
        for levels in range(121):
            given = deep_span(levels, is_map)
            assert is_refused(given) == (levels > most), (is_map, levels)
            kept = (most, None) if levels > most else (levels, "int_value")
            assert levels_of(request(peer("encode", given))) == kept, (is_map, levels)
            members = json.loads(peer("decode", given))
            text = json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [members]}]}]})
            parsed = google.protobuf.json_format.Parse(
                text, trace_pb2.ExportTraceServiceRequest(), max_recursion_depth=101)
            assert levels_of(parsed) == kept, (is_map, levels)


random.seed(7)
links = sum(check(random_span()) for _ in range(300))
for dropped in (0, 1, 300, 2**32 - 1):
    check_dropped(trace_pb2.Span(), dropped)
    for _ in range(20):
        check_dropped(random_span(), dropped)
check_flags()
check_repeated_keys()
check_depth()
print(f"Python's protobuf: {links} links went round, with every flag and up to 120 levels")
