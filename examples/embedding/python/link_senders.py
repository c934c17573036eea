# SPDX-License-Identifier: MIT
"""A Python service that links a span to the senders of its messages. spanlink parses the headers and
limits the links; OpenTelemetry's SDK creates and exports the span.

    SPANLINK=libspanlink.so python3 link_senders.py <headers.tsv

Ownership: the list owns its links until it is destroyed. ctypes objects are views of them. The SDK's
links are copies, so the list may be destroyed before the span ends.
"""
import ctypes
import os
import sys
from ctypes import POINTER, byref, c_bool, c_char_p, c_double, c_int, c_int64, c_size_t, c_uint8, c_uint32, c_void_p

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.trace import Link, SpanContext, SpanKind, TraceFlags, TraceState

# The structs of spanlink's headers that this program needs.


class Str(ctypes.Structure):
    _fields_ = [("ptr", c_void_p), ("len", c_size_t)]

    def __bytes__(self):
        return ctypes.string_at(self.ptr, self.len) if self.len else b""


class Context(ctypes.Structure):
    _fields_ = [("trace_id", c_uint8 * 16), ("span_id", c_uint8 * 8), ("trace_flags", c_uint8),
                ("is_remote", c_bool), ("remote_unknown", c_bool), ("trace_state", Str)]


class ValueOf(ctypes.Union):  # bytes, arrays and maps, which are not read here, have the size of Str
    _fields_ = [("string", Str), ("bool", c_bool), ("int", c_int64), ("double", c_double)]


class Value(ctypes.Structure):
    _fields_ = [("type", c_uint32), ("of", ValueOf)]


class Attribute(ctypes.Structure):
    _fields_ = [("key", Str), ("value", Value)]


class SpanLink(ctypes.Structure):
    _fields_ = [("context", Context), ("attributes", POINTER(Attribute)), ("attribute_count", c_size_t),
                ("dropped_attributes_count", c_uint32)]


def declare(library):
    """Declares the signatures: without them, ctypes passes every argument as an int."""
    for name, result, *arguments in (
            ("spanlink_list_create", c_int, c_void_p, POINTER(c_void_p)),
            ("spanlink_list_destroy", None, c_void_p),
            ("spanlink_list_links", POINTER(SpanLink), c_void_p, POINTER(c_size_t)),
            ("spanlink_list_add_batch_item", c_int, c_void_p, POINTER(Context), c_int64),
            ("spanlink_context_from_headers", c_int, Str, Str, POINTER(Context)),
            ("spanlink_status_text", c_char_p, c_int)):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


spanlink = declare(ctypes.CDLL(os.environ.get("SPANLINK", "libspanlink.so")))


def must(status):
    if status:
        raise RuntimeError(spanlink.spanlink_status_text(status).decode())


class Links:
    """A list of at most 128 links. Use it in a `with` statement, which destroys it."""

    def __init__(self):
        self.list = c_void_p()
        must(spanlink.spanlink_list_create(None, byref(self.list)))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        spanlink.spanlink_list_destroy(self.list)

    def add(self, traceparent, tracestate, index):
        """Adds a message's sender, from bytes. A message without a valid context is reported and skipped."""
        buffers = [ctypes.create_string_buffer(text, len(text)) for text in (traceparent, tracestate)]
        views = [Str(ctypes.addressof(buffer), len(buffer)) for buffer in buffers]
        context = Context()  # its tracestate points into `buffers`, kept alive until the list has copied it
        status = spanlink.spanlink_context_from_headers(*views, byref(context))
        if status:
            print(f"message {index}: {spanlink.spanlink_status_text(status).decode()}", file=sys.stderr)
        else:
            must(spanlink.spanlink_list_add_batch_item(self.list, byref(context), index))

    def __iter__(self):
        count = c_size_t()
        links = spanlink.spanlink_list_links(self.list, byref(count))  # valid until the list changes
        return (sdk_link(links[i]) for i in range(count.value))


def sdk_value(value):
    name = {1: "string", 2: "bool", 3: "int", 4: "double"}[value.type]
    found = getattr(value.of, name)
    return bytes(found).decode() if name == "string" else found


def sdk_link(link):
    """Copies a link into the SDK's types."""
    state = bytes(link.context.trace_state).decode()
    context = SpanContext(int.from_bytes(link.context.trace_id, "big"), int.from_bytes(link.context.span_id, "big"),
                          link.context.is_remote, TraceFlags(link.context.trace_flags), TraceState.from_header([state]))
    return Link(context, {bytes(attribute.key).decode(): sdk_value(attribute.value)
                          for attribute in link.attributes[:link.attribute_count]})


def main():
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter()))  # OTEL_EXPORTER_OTLP_ENDPOINT
    with Links() as links:
        for index, line in enumerate(sys.stdin.buffer):
            traceparent, _, tracestate = line.rstrip(b"\n").partition(b"\t")
            links.add(traceparent, tracestate, index)
        sent = list(links)
    provider.get_tracer("spanlink").start_span("process_batch", kind=SpanKind.CONSUMER, links=sent).end()
    provider.shutdown()


main()
