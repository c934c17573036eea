# SPDX-License-Identifier: MIT
"""Real SDKs export spans with links made by spanlink, and spanlink decodes what they sent.

    python3 sdks.py PEER NAME COMMAND...     runs a program, which exports to a server in this script
    python3 sdks.py PEER --kept FOLDER       reads requests that SDKs sent earlier, in FOLDER/NAME.pb

With KEEP=FOLDER in the environment the first form also writes FOLDER/NAME.pb. GAPS lists what an
SDK's exporter omits; if a newer one sends it, the test fails, so that the documentation is updated.
"""
import http.server
import json
import os
import subprocess
import sys
import threading

from wire import fields, inside

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
MESSAGES = [
    (f"00-{TRACE}-{SPAN}-01", ""),
    (f"00-{TRACE}-00f067aa0ba902b7-00", "vendor=1,other@tenant=a/b"),
    (f"00-4bf92f3577b34da6a3ce929d0e0e4736-{SPAN}-03", "congo=t61rcWkgMzE"),
    ("00-bad", ""),
    (f"00-{'f' * 32}-{'e' * 16}-02", ""),
]

# What exporters omit, as of November 2026.
GAPS = {
    "python": {"tracestate", "flags"},
    "go": {"tracestate"},
    "node": set(),
    "rust": set(),
    "cpp": set(),
    "java": set(),
    "java-1.58": {"empty string"},
}


class Receiver(http.server.BaseHTTPRequestHandler):
    bodies = []

    def do_POST(self):
        body = b"".join(self.chunks())
        assert self.path == "/v1/traces" and self.headers["Content-Type"] == "application/x-protobuf"
        self.bodies.append(body)
        self.send_response(200)
        self.send_header("Content-Type", "application/x-protobuf")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def chunks(self):
        if "Content-Length" in self.headers:
            yield self.rfile.read(int(self.headers["Content-Length"]))
            return
        while size := int(self.rfile.readline(), 16):  # Transfer-Encoding: chunked
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def log_message(self, *_):
        pass


def export(command):
    """Runs a program. Returns the body that its SDK has posted, or its output if it has no SDK."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = dict(os.environ, OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{server.server_port}")
    headers = "".join(f"{traceparent}\t{tracestate}\n" for traceparent, tracestate in MESSAGES)
    ran = subprocess.run(command, input=headers.encode(), env=environment, timeout=60, check=True,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    server.shutdown()
    assert ran.stderr.count(b"message 3: ") == 1, ran.stderr
    (body,) = Receiver.bodies or [ran.stdout]
    return body


def one_span(request):
    (span,) = inside(request, 1, 2, 2)  # resource_spans, scope_spans, spans
    return span


def expected(name):
    gaps = GAPS[name]
    for index, (traceparent, tracestate) in enumerate(MESSAGES):
        if traceparent == "00-bad":
            continue
        _, trace, span, flags = traceparent.split("-")
        link = {"traceId": trace, "spanId": span,
                "flags": 0x300 | (0 if "flags" in gaps else int(flags, 16)),
                "attributes": {"link.type": {"stringValue": "batch_item"}, "batch.index": {"intValue": str(index)}}}
        if tracestate and "tracestate" not in gaps:
            link["traceState"] = tracestate
        if name.startswith("java"):
            link["attributes"]["empty"] = {} if "empty string" in gaps else {"stringValue": ""}
        yield link


def check(peer, name, body):
    span = one_span(body)
    decoded = subprocess.run([peer, "decode"], input=span, stdout=subprocess.PIPE, check=True).stdout
    links = json.loads(decoded)["links"]
    for link in links:
        link["attributes"] = {attribute["key"]: attribute["value"] for attribute in link["attributes"]}
    wanted = list(expected(name))
    assert links == wanted, f"{name}: got {json.dumps(links, indent=1)}, wanted {json.dumps(wanted, indent=1)}"
    zeros = [number for number, link in fields(span) if number == 13
             for inner, content in fields(link) if inner == 5 and content == 0]
    assert bool(zeros) == (name == "node"), "a dropped_attributes_count of 0 is written"
    lost = " and ".join(sorted(GAPS[name]))
    print(f"{name}: {len(links)} links arrived unchanged" + (f", except the {lost}, which the SDK does not send" if lost else ""))


def main(peer, name, *arguments):
    if name == "--kept":
        for kept in sorted(os.listdir(arguments[0])):
            check(peer, kept.removesuffix(".pb"), open(os.path.join(arguments[0], kept), "rb").read())
        return
    body = export(arguments)
    if "KEEP" in os.environ:
        with open(os.path.join(os.environ["KEEP"], name + ".pb"), "wb") as file:
            file.write(body)
    check(peer, name, body)


main(*sys.argv[1:])
