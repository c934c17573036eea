# SPDX-License-Identifier: MIT
"""The propagators of OpenTelemetry Python and of Datadog's tracer, and spanlink, read what the
other one writes.

    python formats.py PEER      PEER is the program built of tests/interop/format_peer.c
"""
import os
import random
import subprocess
import sys

os.environ["DD_TRACE_PROPAGATION_STYLE"] = "datadog"
os.environ["DD_TRACE_ENABLED"] = "false"
os.environ["DD_INSTRUMENTATION_TELEMETRY_ENABLED"] = "false"
os.environ["DD_REMOTE_CONFIGURATION_ENABLED"] = "false"

from ddtrace.propagation.http import HTTPPropagator  # noqa: E402
from ddtrace.trace import Context  # noqa: E402
from opentelemetry import trace  # noqa: E402
from opentelemetry.propagators.aws import AwsXRayPropagator  # noqa: E402
from opentelemetry.propagators.b3 import B3MultiFormat, B3SingleFormat  # noqa: E402
from opentelemetry.propagators.cloud_trace_propagator import CloudTraceFormatPropagator  # noqa: E402
from opentelemetry.propagators.jaeger import JaegerPropagator  # noqa: E402

CONTEXTS = 2000
PEER = sys.argv[1]

# The headers of each format, in the order in which PEER has them.
OPENTELEMETRY = {
    "b3": (B3SingleFormat(), ["b3"]),
    "b3multi": (B3MultiFormat(), ["x-b3-traceid", "x-b3-spanid", "x-b3-sampled", "x-b3-flags"]),
    "jaeger": (JaegerPropagator(), ["uber-trace-id"]),
    "xray": (AwsXRayPropagator(), ["X-Amzn-Trace-Id"]),
    "cloud_trace": (CloudTraceFormatPropagator(), ["x-cloud-trace-context"]),
}
DATADOG = ["x-datadog-trace-id", "x-datadog-parent-id", "x-datadog-sampling-priority", "x-datadog-tags"]


def peer(command, lines):
    text = "".join("\t".join(line) + "\n" for line in lines)
    result = subprocess.run([PEER, command], input=text, stdout=subprocess.PIPE, check=True, text=True)
    return [line.split("\t") for line in result.stdout.splitlines()]


def described(trace_id, span_id, flag):
    """A context as PEER writes it."""
    return [f"{trace_id:032x}", f"{span_id:016x}", str(int(flag))]


def random_context():
    """As described() gives it; some ids are short."""
    trace_bits, span_bits = random.choice([(128, 64), (128, 64), (64, 64), (100, 40)])
    trace_id = random.getrandbits(trace_bits) | 1
    span_id = random.getrandbits(span_bits) | 1
    return described(trace_id, span_id, random.randrange(2))


def inject(propagator, context):
    carrier = {}
    span = trace.SpanContext(int(context[0], 16), int(context[1], 16), True, trace.TraceFlags(int(context[2])))
    propagator.inject(carrier, trace.set_span_in_context(trace.NonRecordingSpan(span)))
    return {key.lower(): value for key, value in carrier.items()}


def extract(propagator, carrier):
    span = trace.get_current_span(propagator.extract(carrier, trace.context_api.Context()))
    context = span.get_span_context()
    return described(context.trace_id, context.span_id, context.trace_flags & 1)


def datadog_inject(context):
    carrier = {}
    trace_id = int(context[0], 16)
    meta = {"_dd.p.tid": f"{trace_id >> 64:016x}"} if trace_id >> 64 else {}
    sent = Context(trace_id=trace_id, span_id=int(context[1], 16), sampling_priority=int(context[2]), meta=meta)
    HTTPPropagator.inject(sent, carrier)
    return {key.lower(): value for key, value in carrier.items()}


def datadog_extract(carrier):
    context = HTTPPropagator.extract({key: value for key, value in carrier.items() if value})
    return described(context.trace_id, context.span_id, context.sampling_priority > 0)


def compare(name, wanted, found):
    for context, answer in zip(wanted, found, strict=True):
        if context != answer:
            sys.exit(f"{name}: {context} became {answer}")


def go_round(name, names, write, read):
    """They write and we read, then we write and they read."""
    contexts = [random_context() for _ in range(CONTEXTS)]
    carriers = [write(context) for context in contexts]
    lines = [[name, *(carrier.get(key.lower(), "") for key in names)] for carrier in carriers]
    compare(f"{name} written there", contexts, peer("read", lines))
    answers = peer("write", [[name, *context] for context in contexts])
    compare(f"{name} written here", contexts, [read(dict(zip(names, answer))) for answer in answers])


random.seed(1)
for name, (propagator, names) in OPENTELEMETRY.items():
    go_round(name, names, lambda context: inject(propagator, context),
             lambda carrier: extract(propagator, carrier))
go_round("datadog", DATADOG, datadog_inject, datadog_extract)
print(f"Python: {CONTEXTS} contexts each went round in {', '.join(OPENTELEMETRY)}, datadog")
