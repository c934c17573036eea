# SPDX-License-Identifier: MIT
"""What examples and encoders write goes into an OpenTelemetry Collector; what it hands on must be that.

    python3 collector.py PEER FOLDER EXAMPLES COLLECTOR

FOLDER holds trace_pb2.py, which protoc makes of trace.proto. The collector is the program of
tests/interop/collector: it writes each request that it accepts as JSON and as protobuf.
"""
import base64
import http.client
import json
import math
import os
import queue
import socket
import subprocess
import sys
import threading
import time

from wire import attribute, field, fields, inside, nest, request

peer_program, folder, examples, collector_program = sys.argv[1:]
sys.path.insert(0, folder)
import trace_pb2  # noqa: E402  (protoc has just written it)

JSON, PROTOBUF = "application/json", "application/x-protobuf"


class Collector:
    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen([collector_program, f"127.0.0.1:{self.port}"],
                                        stdout=subprocess.PIPE)
        self.lines = queue.Queue()
        threading.Thread(target=lambda: [self.lines.put(line) for line in self.process.stdout]).start()
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return self
            except OSError:
                assert self.process.poll() is None, "the collector has ended"
                time.sleep(0.1)
        raise TimeoutError("the collector does not answer")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def status(self, body, kind):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("POST", "/v1/traces", body, {"Content-Type": kind})
        return connection.getresponse().status

    def accepts(self, body, kind):
        """The request as the collector hands it on: JSON, and protobuf."""
        assert self.status(body, kind) == 200, body[:200]
        return read_json(self.lines.get(timeout=20)), base64.b64decode(self.lines.get(timeout=20))


def peer(command, data):
    return subprocess.run([peer_program, command], input=data, stdout=subprocess.PIPE, check=True).stdout


def read_json(text):
    return json.loads(text, parse_int=lambda digits: -0.0 if digits == "-0" else int(digits))


def plain(thing, in_value=False):
    """JSON without fields at their default, which one may write and the other leave out, and without zero
    ids, which the collector hands on as empty ones. Of values only empty lists are left out."""
    if isinstance(thing, list):
        return [plain(item, in_value) for item in thing]
    if not isinstance(thing, dict):
        return thing
    items = {key: plain(item, key == "value" or in_value and key != "kvlistValue")
             for key, item in thing.items()}
    if isinstance(items.get("doubleValue"), (int, float)):
        items["doubleValue"] = repr(float(items["doubleValue"]))  # tells -0.0 from 0.0
    empty = [[]] if in_value else ["", [], {}, 0, "0", "0" * 16, "0" * 32]
    return {key: item for key, item in items.items() if item not in empty}


def same_json(sent, received):
    assert plain(sent) == plain(received), (sent, received)


def spans(request):
    """The encoded spans of an encoded request."""
    return inside(request, 1, 2, 2)  # resource_spans, scope_spans, spans


def parsed(request):
    """A request as protobuf's own parser reads it and writes it again, without empty messages, which the
    collector adds, and zero ids, which it hands on as empty ones."""
    message = trace_pb2.ExportTraceServiceRequest.FromString(request)
    for resource in message.resource_spans:
        resource.resource.SetInParent()
        for scope in resource.scope_spans:
            scope.scope.SetInParent()
            for span in scope.spans:
                span.status.SetInParent()
                for link in span.links:
                    link.trace_id, link.span_id = link.trace_id.strip(b"\0") and link.trace_id, \
                        link.span_id.strip(b"\0") and link.span_id
    return message.SerializeToString(deterministic=True)


def same_protobuf(sent, received):
    """The same request to protobuf's own parser, and the same links to ours."""
    assert parsed(sent) == parsed(received)
    assert [peer("decode", span) for span in spans(sent)] == [peer("decode", span) for span in spans(received)]


def is_descending(request):
    """The collector writes fields from the last to the first, but for the flags of a span (16)."""
    orders = [[number for number, _ in fields(span) if number != 16] for span in spans(request)]
    return all(order == sorted(order, reverse=True) for order in orders)


def links_of(request):
    """Of each span in a JSON request what concerns its links, as our decoder writes it."""
    return [{key: span[key] for key in ("links", "droppedLinksCount") if key in span}
            for resource in request["resourceSpans"] for scope in resource["scopeSpans"] for span in scope["spans"]]


def decoded(request):
    return [read_json(peer("decode", span)) for span in spans(request)]


def try_json(collector, request):
    received_json, received = collector.accepts(json.dumps(request).encode(), JSON)
    same_json(request, received_json)
    same_json(links_of(request), decoded(received))
    return sum(len(span.get("links", [])) for span in links_of(request))


def try_protobuf(collector, request):
    received_json, received = collector.accepts(request, PROTOBUF)
    same_protobuf(request, received)
    same_json(links_of(received_json), decoded(received))
    assert is_descending(received)


def run(name, *arguments, data=None):
    return subprocess.run([os.path.join(examples, name), *arguments], input=data, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=True).stdout


def try_examples(collector):
    messages = "examples/data/messages.tsv"
    orders = b""
    for step in ("order", "payment", "shipping"):
        orders = run("order_pipeline", step, data=orders)
    outputs = {"order_pipeline": orders}
    for name, *arguments in (["batch_consumer", messages], ["batch_consumer", "--split", messages],
                             ["etl_pipeline"], ["fan_out_fan_in"], ["trace_aggregation"]):
        outputs[" ".join([name, *arguments])] = run(name, *arguments)
    for name, output in outputs.items():
        links = sum(try_json(collector, read_json(line)) for line in output.splitlines())
        assert links > 0, name
        print(f"collector: {name}: {links} links")
    try_protobuf(collector, run("batch_consumer", "--protobuf", messages))
    print("collector: batch_consumer --protobuf: the same, and its descending fields are read as the same links")


def request_of(links):
    """A request with one span, whose links are encoded already."""
    span = field(1, bytes(range(1, 17))) + field(2, bytes(range(1, 9))) + field(5, b"all values") + links
    return request(span)


INNERMOST = field(1, b"innermost")


def link(number, attribute_values=(), **members):
    made = trace_pb2.Span.Link(trace_id=number.to_bytes(16, "big"), span_id=number.to_bytes(8, "big"), **members)
    return field(13, made.SerializeToString() + b"".join(
        field(4, attribute(b"key%d" % index, value)) for index, value in enumerate(attribute_values)))


def value(**member):
    return trace_pb2.AnyValue(**member).SerializeToString()


VALUES = [
    b"",  # no value at all
    *(value(string_value=text) for text in ("", "a", "\0", "zw\u00f6lf \u20ac", "\U0001f600" * 40)),
    value(bool_value=False), value(bool_value=True),
    *(value(int_value=number) for number in (0, 1, -1, -(2**63), 2**63 - 1)),
    *(value(double_value=number) for number in
      (0.0, -0.0, 0.1, -1e300, 5e-324, 1.0, 1e22, math.inf, -math.inf, math.nan)),
    value(bytes_value=b""), value(bytes_value=bytes(range(256))),
    field(5, b""), field(6, b""),  # an array and a map without content
    field(5, field(1, b"") + field(1, field(5, b"")) + field(1, value(int_value=7))),
    field(6, field(1, field(1, b"a")) + field(1, attribute(b"b", field(6, b"")))),
    nest(3, True, nest(3, False, INNERMOST)),
]


def contents():
    """Links of all kinds, each a text and encoded links: what spanlink reads, and writes to the collector."""
    yield "all values", link(1, VALUES)
    yield "all flags", b"".join(link(1 + flags, flags=flags | known)
                                for flags in range(256) for known in (0, 0x100, 0x300))
    yield "tracestates", b"".join(link(1 + size, trace_state=",".join(f"k{n}=v" for n in range(size)))
                                  for size in range(33))
    yield "dropped attributes", b"".join(link(1 + i, dropped_attributes_count=count)
                                         for i, count in enumerate((0, 1, 2**31, 2**32 - 1)))
    yield "markers", link(1) + link(2, [value(string_value="x")]) + b"\x70\x07"  # dropped_links_count: 7
    yield "10,000 links", b"".join(link(1 + number) for number in range(10000))
    for levels in range(1, 65):
        yield f"arrays and maps of {levels} levels", link(1, [nest(levels, False, INNERMOST), nest(levels, True, INNERMOST)])


def try_contents(collector):
    for name, sent in contents():
        links, span = peer("encode", sent), read_json(peer("decode", sent))
        assert span["links"], name
        try_protobuf(collector, request_of(links))
        try_json(collector, {"resourceSpans": [{"scopeSpans": [{"spans": [
            {"traceId": "0102030405060708090a0b0c0d0e0f10", "spanId": "0102030405060708", **span}]}]}]})
    print("collector: values of all types, flags, tracestates, counts, markers, 10,000 links on a span and"
          " values 64 deep, in JSON and protobuf: all accepted, and handed on as they were")


def try_limits(collector):
    """What this receiver takes and refuses, whole requests at a time."""
    def accepts(encoded_value):
        status = collector.status(request_of(link(1, [encoded_value])), PROTOBUF)
        if status == 200:
            collector.lines.get(timeout=20)
            collector.lines.get(timeout=20)
        return status == 200

    arrays = max(levels for levels in range(1, 70) if accepts(nest(levels, False, INNERMOST)))
    maps = max(levels for levels in range(1, 70) if accepts(nest(levels, True, INNERMOST)))
    assert arrays >= 47 and maps >= 31, (arrays, maps)  # what the encoders write
    print(f"collector: takes arrays of {arrays} levels and maps of {maps}; strings that are not UTF-8:"
          f" {'accepted' if accepts(field(1, bytes([255]))) else 'refused'}")


with Collector() as running:
    try_examples(running)
    try_contents(running)
    try_limits(running)
