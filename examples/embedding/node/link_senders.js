// SPDX-License-Identifier: MIT
// A Node service that links a span to the senders of its messages. spanlink parses the headers and
// limits the links; OpenTelemetry's SDK creates and exports the span.
//
//     SPANLINK=libspanlink.so node link_senders.js <headers.tsv
//
// Ownership: the list owns its links until it is destroyed. koffi's decoded objects are copies, so the
// list may be destroyed before the span ends.
'use strict';
const fs = require('fs');
const koffi = require('koffi');
const { SpanKind } = require('@opentelemetry/api');
const { TraceState } = require('@opentelemetry/core');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto');
const { BasicTracerProvider, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-base');

// The structs of spanlink's headers that this program needs.
const Str = koffi.struct('spanlink_str', { ptr: 'void *', len: 'size_t' });
const Context = koffi.struct('spanlink_context', {
  trace_id: koffi.array('uint8_t', 16),
  span_id: koffi.array('uint8_t', 8),
  trace_flags: 'uint8_t',
  is_remote: 'bool',
  remote_unknown: 'bool',
  trace_state: Str,
});
const ValueOf = koffi.union('value_of', {
  string: Str, // bytes, arrays and maps have the same size
  bool: 'bool',
  int: 'int64_t',
  double: 'double',
});
const Value = koffi.struct('spanlink_value', { type: 'uint32_t', of: ValueOf });
const Attribute = koffi.struct('spanlink_attribute', { key: Str, value: Value });
const Link = koffi.struct('spanlink_link', {
  context: Context,
  attributes: 'void *',
  attribute_count: 'size_t',
  dropped_attributes_count: 'uint32_t',
});

const library = koffi.load(process.env.SPANLINK || 'libspanlink.so');
const spanlink = {
  listCreate: library.func('int spanlink_list_create(void *options, _Out_ void **list)'),
  listDestroy: library.func('void spanlink_list_destroy(void *list)'),
  listLinks: library.func('void *spanlink_list_links(void *list, _Out_ size_t *count)'),
  addBatchItem: library.func('int spanlink_list_add_batch_item(void *list, void *context, int64_t index)'),
  fromHeaders: library.func(
    'int spanlink_context_from_headers(spanlink_str traceparent, spanlink_str tracestate, void *context)'),
  statusText: library.func('const char *spanlink_status_text(int status)'),
};

function must(status) {
  if (status !== 0) throw new Error(spanlink.statusText(status));
}

// A list of at most 128 links. close() destroys it.
class Links {
  constructor() {
    const list = [null];
    must(spanlink.listCreate(null, list));
    this.list = list[0];
  }

  // Adds a message's sender. A message without a valid context is reported and skipped.
  add(traceparent, tracestate, index) {
    const views = [traceparent, tracestate].map((text) => Buffer.from(text));
    // The context's tracestate points into the buffers, which stay alive until the list has copied it.
    const context = Buffer.alloc(koffi.sizeof(Context));
    const status = spanlink.fromHeaders(...views.map((ptr) => ({ ptr, len: ptr.length })), context);
    if (status !== 0) console.error(`message ${index}: ${spanlink.statusText(status)}`);
    else must(spanlink.addBatchItem(this.list, context, index));
  }

  links() {
    const count = [0];
    const first = spanlink.listLinks(this.list, count); // valid until the list changes
    return Number(count[0]) === 0 ? [] : koffi.decode(first, Link, Number(count[0])).map(sdkLink);
  }

  close() {
    spanlink.listDestroy(this.list);
  }
}

function text(view) {
  const length = Number(view.len);
  return length === 0 ? '' : Buffer.from(koffi.decode(view.ptr, koffi.array('uint8_t', length))).toString();
}

function sdkValue({ type, of }) {
  switch (type) {
    case 1: return text(of.string);
    case 2: return of.bool;
    case 3: return Number(of.int);
    case 4: return of.double;
    default: throw new Error(`a value of type ${type}`);
  }
}

// Copies a link into the SDK's types.
function sdkLink(link) {
  const { context, attributes, attribute_count: count } = link;
  const entries = Number(count) === 0 ? [] : koffi.decode(attributes, Attribute, Number(count));
  return {
    context: {
      traceId: Buffer.from(context.trace_id).toString('hex'),
      spanId: Buffer.from(context.span_id).toString('hex'),
      traceFlags: context.trace_flags,
      isRemote: context.is_remote,
      traceState: new TraceState(text(context.trace_state)),
    },
    attributes: Object.fromEntries(entries.map(({ key, value }) => [text(key), sdkValue(value)])),
  };
}

async function main() {
  const provider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter())], // OTEL_EXPORTER_OTLP_ENDPOINT
  });
  const links = new Links();
  fs.readFileSync(0, 'utf8').split('\n').slice(0, -1).forEach((line, index) => {
    const [traceparent, tracestate = ''] = line.split('\t');
    links.add(traceparent, tracestate, index);
  });
  const options = { kind: SpanKind.CONSUMER, links: links.links() };
  links.close();
  provider.getTracer('spanlink').startSpan('process_batch', options).end();
  await provider.shutdown();
}

main();
