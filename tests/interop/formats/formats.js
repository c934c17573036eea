// SPDX-License-Identifier: MIT
// The propagators of OpenTelemetry JS, Google Cloud and Datadog's tracer, and spanlink, read what the
// other one writes.
//
//     node formats.js PEER      PEER is the program built of tests/interop/format_peer.c
'use strict';

Object.assign(process.env, {
  DD_TRACE_PROPAGATION_STYLE: 'datadog',
  DD_TRACE_STARTUP_LOGS: 'false',
  DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
  DD_REMOTE_CONFIGURATION_ENABLED: 'false',
});

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const { CloudPropagator } = require('@google-cloud/opentelemetry-cloud-trace-propagator');
const { ROOT_CONTEXT, trace } = require('@opentelemetry/api');
const { AWSXRayPropagator } = require('@opentelemetry/propagator-aws-xray');
const { B3InjectEncoding, B3Propagator } = require('@opentelemetry/propagator-b3');
const { JaegerPropagator } = require('@opentelemetry/propagator-jaeger');
const tracer = require('dd-trace').init({ startupLogs: false, plugins: false });

const COUNT = 2000;
const program = process.argv[2];

// The headers of each format, in the order in which PEER has them.
const opentelemetry = {
  b3: [new B3Propagator(), ['b3']],
  b3multi: [
    new B3Propagator({ injectEncoding: B3InjectEncoding.MULTI_HEADER }),
    ['x-b3-traceid', 'x-b3-spanid', 'x-b3-sampled', 'x-b3-flags'],
  ],
  jaeger: [new JaegerPropagator(), ['uber-trace-id']],
  xray: [new AWSXRayPropagator(), ['x-amzn-trace-id']],
  cloud_trace: [new CloudPropagator(), ['x-cloud-trace-context']],
};
const datadogNames = [
  'x-datadog-trace-id', 'x-datadog-parent-id', 'x-datadog-sampling-priority', 'x-datadog-tags',
];

function peer(command, lines) {
  const input = lines.map((line) => line.join('\t') + '\n').join('');
  const result = spawnSync(program, [command], { input, maxBuffer: 1 << 26 });
  assert.equal(result.status, 0, `format_peer ${command}: ${result.stderr}`);
  return result.stdout.toString().trimEnd().split('\n').map((line) => line.split('\t'));
}

// The same numbers on every run.
let state = 42;
function random(below) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

// Hex digits behind zeros, not all of them zero.
function id(digits, width) {
  let text = '';
  while (text.length < digits - 1) {
    text += random(16).toString(16);
  }
  return (text + (1 + random(15)).toString(16)).padStart(width, '0');
}

// Trace id, span id and flag, as PEER writes them; some ids are short.
function randomContext() {
  const [trace, span] = [[32, 16], [32, 16], [16, 16], [25, 10]][random(4)];
  return [id(trace, 32), id(span, 16), String(random(2))];
}

const setter = { set: (carrier, key, value) => { carrier[key.toLowerCase()] = String(value); } };
const getter = { keys: Object.keys, get: (carrier, key) => carrier[key.toLowerCase()] };

function inject(propagator, [traceId, spanId, flags]) {
  const carrier = {};
  const context = { traceId, spanId, traceFlags: Number(flags), isRemote: true };
  propagator.inject(trace.setSpanContext(ROOT_CONTEXT, context), carrier, setter);
  return carrier;
}

function extract(propagator, carrier) {
  const context = trace.getSpanContext(propagator.extract(ROOT_CONTEXT, carrier, getter));
  return [context.traceId, context.spanId, String(context.traceFlags)];
}

function goRound(format, names, contexts, carriers, read) {
  const lines = carriers.map((carrier) => [format, ...names.map((name) => carrier[name] ?? '')]);
  assert.deepEqual(peer('read', lines), contexts, `${format} written there`);
  peer('write', contexts.map((context) => [format, ...context])).forEach((values, i) => {
    const entries = names.map((name, n) => [name, values[n]]).filter(([, value]) => value);
    assert.deepEqual(read(Object.fromEntries(entries)), contexts[i], `${format} written here`);
  });
}

// Datadog's tracer makes its own ids: of spans that it starts, and of contexts that it extracts.
function datadogRead(carrier) {
  const context = tracer.extract('http_headers', carrier);
  return [context.toTraceId(true), context.toSpanId(true), String(Number(context._sampling.priority > 0))];
}

function datadogCarriers() {
  return Array.from({ length: COUNT }, (_, i) => {
    const carrier = {};
    const span = tracer.startSpan('interop');
    span.setTag(i % 2 === 0 ? 'manual.keep' : 'manual.drop', true);
    tracer.inject(span, 'http_headers', carrier);
    const context = span.context();
    return [carrier, [context.toTraceId(true), context.toSpanId(true), String(1 - (i % 2))]];
  });
}

for (const [format, [propagator, names]] of Object.entries(opentelemetry)) {
  const contexts = Array.from({ length: COUNT }, randomContext);
  const carriers = contexts.map((context) => inject(propagator, context));
  goRound(format, names, contexts, carriers, (carrier) => extract(propagator, carrier));
}
const pairs = datadogCarriers();
goRound('datadog', datadogNames, pairs.map(([, context]) => context),
  pairs.map(([carrier]) => carrier), datadogRead);
console.log(`JavaScript: ${COUNT} contexts each went round in ` +
  `${Object.keys(opentelemetry).join(', ')}, datadog`);
process.exit(0);
