# SPDX-License-Identifier: MIT
"""Sends requests of all kinds to examples/nginx over eight connections, has nginx reload its
configuration half-way, and compares each with what the service received and the module wrote.

    python3 nginx.py FOLDER COUNT       FOLDER is the one that nginx -p names
"""
import http.client
import json
import os
import signal
import sys
import threading

PORT = 8090
CONNECTIONS = 8


def request(number):
    """The path, headers and caller (None: no valid one) of a request, by its number."""
    trace, span = f"{number:08x}" + "ab" * 12, f"{number:016x}"
    state = f"vendor={number}"
    caller = (trace, span, 1, "")
    traceparent = f"traceparent: 00-{trace}-{span}-01"
    kinds = [
        (f"/plain/{number}", [traceparent], caller),
        (f"/state/{number}", [traceparent, "tracestate: " + state], (trace, span, 1, state)),
        (f"/joined/{number}", [traceparent, "tracestate: " + state, "tracestate: b=2"],
         (trace, span, 1, state + ",b=2")),
        (f"/unsampled/{number}", [traceparent[:-2] + "00"], (trace, span, 0, "")),
        (f"/none/{number}", [], None),
        (f"/bad/{number}", [traceparent[:-1]], None),
        (f"/twice/{number}", [traceparent, traceparent], None),
        (f"/b3/{number}", [f"b3: {trace}-{span}-1"], caller),
        (f"/partner/{number}", [traceparent, "tracestate: " + state], (trace, span, 1, state)),
        (f"/busy/{number}%20%22%FF", [traceparent], caller),
    ]
    return kinds[number % len(kinds)]


def ask(connection, path, headers):
    connection.putrequest("GET", path)
    for header in headers:
        connection.putheader(*header.split(": "))
    connection.endheaders()
    return connection.getresponse().read().decode("latin-1")


def send_some(numbers, middle, answers):
    """Sends a request again if an ending worker has closed the idle connection."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    for number in numbers:
        middle(number)
        path, headers, _ = request(number)
        for _ in range(3):
            try:
                answers[number] = ask(connection, path, headers)
                break
            except (http.client.HTTPException, ConnectionError):
                connection.close()


def send(folder, count):
    def middle(number):
        if number == count // 2:
            os.kill(int(open(f"{folder}/nginx.pid").read()), signal.SIGHUP)

    answers = {}
    threads = [threading.Thread(target=send_some,
                                args=(range(1 + i, count + 1, CONNECTIONS), middle, answers))
               for i in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == count, len(answers)
    return answers


def attribute(attributes, key):
    value = next(entry["value"] for entry in attributes if entry["key"] == key)
    return next(iter(value.values()))


def check_span(path, caller, span, answer):
    links = [(link["traceId"], link["spanId"], link["flags"], link.get("traceState", ""))
             for link in span["links"]]
    named = [] if caller is None else [(caller[0], caller[1], caller[2] | 0x300, caller[3])]
    parent = span["parentSpanId"]
    state = ""
    if path.startswith("/partner/"):
        assert links == [] and parent == caller[1] and span["traceId"] == caller[0], span
        state = caller[3]
    else:
        assert links == named and parent == "", span
        assert caller is None or span["traceId"] != caller[0], span
    # The service received the context of this span, and nothing of the caller's.
    sent = f"00-{span['traceId']}-{span['spanId']}-{span['flags'] & 3:02x}"
    assert answer == [sent, state, ""], (answer, span)


def read_spans(folder):
    """The spans by their paths, without the prefix of an internal redirect."""
    spans = {}
    for line in open(f"{folder}/spans.jsonl", encoding="utf-8"):
        span = json.loads(line)["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
        assert attribute(span["attributes"], "http.response.status_code") == "200", line
        path = attribute(span["attributes"], "url.path").removeprefix("/asked/again")
        assert path not in spans, path
        spans[path] = span
    return spans


def main(folder, count):
    answers = send(folder, count)
    spans = read_spans(folder)
    assert len(spans) == count, len(spans)
    for number in range(1, count + 1):
        path, _, caller = request(number)
        check_span(path, caller, spans[path], answers[number].rstrip("\n").rsplit(" ", 3)[1:])
    assert len({span["spanId"] for span in spans.values()}) == count
    print(f"nginx: {count} requests over {CONNECTIONS} connections, {count} spans: each links to its"
          " caller, or continues its trace")


main(sys.argv[1], int(sys.argv[2]))
