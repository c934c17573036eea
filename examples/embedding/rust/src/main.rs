// SPDX-License-Identifier: MIT
//! A Rust service that links a span to the senders of its messages. spanlink parses the headers and
//! limits the links; OpenTelemetry's SDK creates and exports the span.
//!
//!     PKG_CONFIG_PATH=… cargo run <headers.tsv
mod spanlink;
mod sys;

use opentelemetry::trace::{
    Link, SpanBuilder, SpanContext, SpanId, SpanKind, TraceFlags, TraceId, TraceState, Tracer, TracerProvider,
};
use opentelemetry::KeyValue;
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::trace::SdkTracerProvider;
use spanlink::{Links, Value};
use std::error::Error;
use std::io::BufRead;
use std::str::FromStr;

/// Copies a link into the SDK's types.
fn sdk_link(link: spanlink::Link) -> Link {
    let context = SpanContext::new(
        TraceId::from_bytes(link.raw.context.trace_id),
        SpanId::from_bytes(link.raw.context.span_id),
        TraceFlags::new(link.raw.context.trace_flags),
        link.raw.context.is_remote,
        TraceState::from_str(link.trace_state()).unwrap_or_default(),
    );
    let attributes = link.attributes().map(|(key, value)| match value {
        Value::Text(text) => KeyValue::new(key.to_owned(), text.to_owned()),
        Value::Bool(boolean) => KeyValue::new(key.to_owned(), boolean),
        Value::Int(integer) => KeyValue::new(key.to_owned(), integer),
        Value::Double(number) => KeyValue::new(key.to_owned(), number),
    });
    Link::new(context, attributes.collect(), link.raw.dropped_attributes_count)
}

fn main() -> Result<(), Box<dyn Error>> {
    let exporter = SpanExporter::builder().with_http().build()?; // OTEL_EXPORTER_OTLP_ENDPOINT
    let provider = SdkTracerProvider::builder().with_simple_exporter(exporter).build();
    let mut links = Links::new().map_err(|error| error.to_string())?;
    for (index, line) in std::io::stdin().lock().lines().enumerate() {
        let line = line?;
        let (traceparent, tracestate) = line.split_once('\t').unwrap_or((&line, ""));
        if let Err(error) = links.add(traceparent, tracestate, index as i64) {
            eprintln!("message {index}: {error}");
        }
    }
    let builder = SpanBuilder::from_name("process_batch")
        .with_kind(SpanKind::Consumer)
        .with_links(links.iter().map(sdk_link).collect());
    drop(provider.tracer("spanlink").build(builder)); // ends the span, which exports it
    provider.shutdown()?;
    Ok(())
}
