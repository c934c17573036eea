// SPDX-License-Identifier: MIT
// OpenTelemetry JS and spanlink read what the other one writes.
//
//     node interop.js PEER      PEER is the program built of tests/interop/peer.c
'use strict';

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const { ROOT_CONTEXT, createTraceState, trace } = require('@opentelemetry/api');
const { W3CTraceContextPropagator } = require('@opentelemetry/core');
const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } =
  require('@opentelemetry/sdk-trace-base');
const { JsonTraceSerializer, ProtobufTraceSerializer } = require('@opentelemetry/otlp-transformer');
const { opentelemetry } = require('@opentelemetry/otlp-transformer/build/src/generated/root');

const Request = opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
const Span = opentelemetry.proto.trace.v1.Span;
const program = process.argv[2];

function peer(command, input) {
  const result = spawnSync(program, [command], { input, maxBuffer: 1 << 26 });
  assert.equal(result.status, 0, `peer ${command}: ${result.stderr}`);
  return result.stdout;
}

// The same numbers on every run.
let state = 42;
function random(below) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

function hex(digits) {
  let text = '';
  while (text.length < digits) {
    text += random(16).toString(16);
  }
  return /^0*$/.test(text) ? hex(digits) : text;
}

function randomContext() {
  const members = [];
  for (let i = random(4); i > 0; i--) {
    members.push(`key${i}${hex(4)}=${hex(1 + random(20))}`);
  }
  return {
    traceId: hex(32),
    spanId: hex(16),
    traceFlags: random(2),
    traceState: members.length > 0 ? createTraceState(members.join(',')) : undefined,
  };
}

function describe(context) {
  const { traceId, spanId, traceFlags, traceState } = context;
  return { traceId, spanId, traceFlags, traceState: traceState?.serialize() ?? '' };
}

// Headers that JS injects, we extract; what we inject of that, JS extracts: nothing may change.
function headersGoRound() {
  const propagator = new W3CTraceContextPropagator();
  const setter = { set: (carrier, key, value) => { carrier[key] = value; } };
  const getter = { keys: Object.keys, get: (carrier, key) => carrier[key] };
  const contexts = Array.from({ length: 2000 }, randomContext);
  const lines = contexts.map((context) => {
    const carrier = {};
    propagator.inject(trace.setSpanContext(ROOT_CONTEXT, context), carrier, setter);
    return `${carrier.traceparent}\t${carrier.tracestate ?? ''}`;
  });
  const answers = peer('headers', lines.join('\n') + '\n').toString().trimEnd().split('\n');
  assert.equal(answers.length, contexts.length);
  answers.forEach((answer, i) => {
    const [traceparent, tracestate] = answer.split('\t');
    const carrier = tracestate ? { traceparent, tracestate } : { traceparent };
    const back = trace.getSpanContext(propagator.extract(ROOT_CONTEXT, carrier, getter));
    assert.deepEqual(describe(back), describe(contexts[i]));
  });
  return contexts.length;
}

const someValues = [
  'text', '', 'zwölf €', '\u0000control\u001f', 0, 1, -1, 2 ** 31, -(2 ** 40), Number.MAX_SAFE_INTEGER,
  0.5, -1.5e-300, 5e-324, true, false, ['a', 'b'], [1, 2, 3], [true, false], [0.25, 0.5], [],
];

function randomAttributes() {
  const attributes = {};
  for (let i = random(6); i > 0; i--) {
    attributes[`key.${random(50)}`] = someValues[random(someValues.length)];
  }
  return attributes;
}

// A finished span of the JS SDK with random links.
function exportedSpan(count) {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const links = Array.from({ length: count }, () => ({
    context: randomContext(), attributes: randomAttributes(),
  }));
  provider.getTracer('interop').startSpan('batch', { links }).end();
  return exporter.getFinishedSpans();
}

function spanMessage(spans) {
  const bytes = ProtobufTraceSerializer.serializeRequest(spans);
  return Request.decode(bytes).resourceSpans[0].scopeSpans[0].spans[0];
}

// OTLP/JSON of links without what proto3 JSON lets a writer choose: number or string, absent or default.
function plainValue(value) {
  const [kind] = Object.keys(value);
  if (kind === undefined) return {};
  if (kind === 'arrayValue') return { [kind]: (value[kind].values ?? []).map(plainValue) };
  if (kind === 'intValue') return { [kind]: String(value[kind]) };
  return { [kind]: value[kind] };
}

function plainLinks(links) {
  return links.map((link) => ({
    traceId: link.traceId,
    spanId: link.spanId,
    traceState: link.traceState ?? '',
    flags: (link.flags ?? 0) & 0xff,
    attributes: (link.attributes ?? []).map(({ key, value }) => [key, plainValue(value)]),
  }));
}

function jsonLinks(spans) {
  const text = new TextDecoder().decode(JsonTraceSerializer.serializeRequest(spans));
  return JSON.parse(text).resourceSpans[0].scopeSpans[0].spans[0].links;
}

// JS leaves the W3C flags out of its links; ours come from its bytes, so both have none.
function linksGoRound(count) {
  const spans = exportedSpan(count);
  const message = spanMessage(spans);
  const encoded = Span.encode(message).finish();

  const ours = JSON.parse(peer('decode', encoded)).links;
  assert.deepEqual(plainLinks(ours), plainLinks(jsonLinks(spans)));

  const bare = Span.encode(Span.create({ ...message, links: [] })).finish();
  const whole = Span.decode(Buffer.concat([bare, peer('encode', encoded)]));
  assert.equal(whole.name, message.name);
  const asObjects = (links) => links.map((link) => {
    const { flags, ...rest } = opentelemetry.proto.trace.v1.Span.Link.toObject(link, { bytes: String, longs: String, defaults: true });
    return rest;
  });
  assert.deepEqual(asObjects(whole.links), asObjects(message.links));
  return count;
}

// What protobufjs makes of links that it has encoded and we have decoded and encoded.
function recode(links) {
  return Span.decode(peer('encode', Span.encode(Span.create({ links })).finish())).links;
}

const ids = { traceId: Buffer.alloc(16, 1), spanId: Buffer.alloc(8, 2) };

// Bits 0 to 7 are kept, bit 9 is where bit 8 is, all others are zero.
function flagsGoRound() {
  const values = [...Array(1024).keys(), ...Array.from({ length: 32 }, (_, bit) => 2 ** bit)];
  for (let first = 0; first < values.length; first += 100) {
    const some = values.slice(first, first + 100);
    const read = recode(some.map((flags) => ({ ...ids, flags })));
    some.forEach((flags, i) => {
      assert.equal(read[i].flags ?? 0, flags & (flags & 0x100 ? 0x3ff : 0xff), `flags ${flags}`);
    });
  }
}

function deepValue(kind, levels) {
  let value = { intValue: 1 };
  for (let i = 0; i < levels; i++) {
    value = kind === 'array' ? { arrayValue: { values: [value] } }
      : { kvlistValue: { values: [{ key: 'k', value }] } };
  }
  return value;
}

function levelsOf(value) {
  let levels = 0;
  for (; value.arrayValue || value.kvlistValue; levels++) {
    value = value.arrayValue ? value.arrayValue.values[0] : value.kvlistValue.values[0].value;
  }
  return levels;
}

// As many levels as Google's parsers take in a whole request.
function deepValuesGoRound() {
  for (const [kind, most] of [['array', 47], ['map', 31]]) {
    const links = Array.from({ length: 121 }, (_, levels) => (
      { ...ids, attributes: [{ key: 'deep', value: deepValue(kind, levels) }] }));
    recode(links).forEach((link, levels) => {
      assert.equal(levelsOf(link.attributes[0].value), Math.min(levels, most));
    });
  }
}

// Each key once, with the last value, in the first place; in maps as well.
function repeatedKeysBecomeOne() {
  const pair = (key, intValue) => ({ key, value: { intValue } });
  const map = [pair('x', 1), pair('y', 2), pair('x', 3)];
  const attributes = [pair('a', 1), { key: 'm', value: { kvlistValue: { values: map } } }, pair('a', 2)];
  const [link] = recode([{ ...ids, attributes }]);
  const plain = (list) => list.map(({ key, value }) => (
    value.kvlistValue ? [key, plain(value.kvlistValue.values)] : [key, Number(value.intValue)]));
  assert.deepEqual(plain(link.attributes), [['a', 2], ['m', [['x', 3], ['y', 2]]]]);
}

// The count of dropped links comes back, in both encodings, and on the last link.
function droppedLinksGoRound() {
  for (const droppedLinksCount of [1, 200, 2 ** 32 - 1]) {
    const encoded = Span.encode(Span.create({ links: [ids, ids], droppedLinksCount })).finish();
    const read = Span.decode(peer('encode', encoded));
    const marker = read.links[1].attributes.find(({ key }) => key === 'links.original_count');
    assert.equal(read.droppedLinksCount, droppedLinksCount);
    assert.equal(Number(marker.value.intValue), 2 + droppedLinksCount);
    assert.equal(JSON.parse(peer('decode', encoded)).droppedLinksCount, droppedLinksCount);
  }
}

const contexts = headersGoRound();
let links = 0;
for (const count of [0, 1, 2, 7, 100, 128]) {
  links += linksGoRound(count);
}
flagsGoRound();
deepValuesGoRound();
repeatedKeysBecomeOne();
droppedLinksGoRound();
console.log(`OpenTelemetry JS: ${contexts} contexts and ${links} links went round`);
