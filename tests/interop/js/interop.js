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

  const ours = JSON.parse(peer('decode', encoded));
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

const contexts = headersGoRound();
let links = 0;
for (const count of [0, 1, 2, 7, 100, 128]) {
  links += linksGoRound(count);
}
console.log(`OpenTelemetry JS: ${contexts} contexts and ${links} links went round`);
