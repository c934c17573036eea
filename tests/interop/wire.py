# SPDX-License-Identifier: MIT
"""Protobuf messages as they are on the wire."""


def fields(message):
    """The fields of a protobuf message: number, and the bytes of what has a length, else the number."""
    at = 0

    def varint():
        nonlocal at
        number = shift = 0
        while True:
            byte = message[at]
            at += 1
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return number

    while at < len(message):
        tag = varint()
        if tag & 7 == 0:
            yield tag >> 3, varint()
        else:
            size = {1: 8, 5: 4}[tag & 7] if tag & 7 != 2 else varint()
            yield tag >> 3, message[at:at + size]
            at += size


def inside(message, *numbers):
    """The messages in fields of these numbers, one inside the other."""
    messages = [message]
    for wanted in numbers:
        messages = [inner for outer in messages for number, inner in fields(outer) if number == wanted]
    return messages


def varint(number):
    return bytes([number]) if number < 128 else bytes([number & 127 | 128]) + varint(number >> 7)


def field(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


def attribute(key, value):
    return field(1, key) + field(2, value)


def nest(levels, is_map, value):
    """A value inside as many arrays or maps."""
    for _ in range(levels):
        value = field(6, field(1, attribute(b"key", value))) if is_map else field(5, field(1, value))
    return value


def request(span):
    return field(1, field(2, field(2, span)))  # resource_spans, scope_spans, spans
