// SPDX-License-Identifier: MIT
//! Batches of links as OTLP.
use crate::common::*;
use opentelemetry::trace::Link;
use opentelemetry_proto::tonic::common::v1::{any_value::Value, AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::{span, Span};
use prost::Message;
use quick_protobuf::{BytesReader, MessageRead, MessageWrite, Writer};

#[allow(
    clippy::all,
    dead_code,
    non_camel_case_types,
    non_snake_case,
    unused_imports,
    unused_mut,
    unused_variables
)]
mod quick {
    use super::quick as trace; // the name that the generated code expects
    include!(concat!(env!("OUT_DIR"), "/trace.rs"));
}

const FLAGS: u32 = 0x301; // sampled; known to be remote

fn message(links: &[Link]) -> Span {
    let attribute = |each: &opentelemetry::KeyValue| {
        let value = match &each.value {
            opentelemetry::Value::I64(number) => Value::IntValue(*number),
            text => Value::StringValue(text.as_str().into_owned()),
        };
        KeyValue {
            key: each.key.to_string(),
            value: Some(AnyValue { value: Some(value) }),
            ..Default::default()
        }
    };
    let link = |link: &Link| span::Link {
        trace_id: link.span_context.trace_id().to_bytes().to_vec(),
        span_id: link.span_context.span_id().to_bytes().to_vec(),
        attributes: link.attributes.iter().map(attribute).collect(),
        flags: FLAGS,
        ..Default::default()
    };
    Span {
        links: links.iter().map(link).collect(),
        ..Default::default()
    }
}

fn digest_message(span: &Span) -> u64 {
    let attribute = |each: &KeyValue| {
        let length = each.key.len() as u64;
        match each.value.as_ref().unwrap().value.as_ref().unwrap() {
            Value::StringValue(text) => length + text.len() as u64,
            Value::IntValue(number) => length.wrapping_add(*number as u64),
            _ => 0,
        }
    };
    let link = |link: &span::Link| {
        let trace = u128::from_be_bytes(link.trace_id[..].try_into().unwrap());
        let span = u64::from_be_bytes(link.span_id[..].try_into().unwrap());
        link.attributes
            .iter()
            .map(attribute)
            .fold(digest_ids(trace, span), u64::wrapping_add)
    };
    span.links.iter().map(link).fold(0, u64::wrapping_add)
}

/// Copies decoded views to owned links.
fn owned(span: &quick::Span) -> Vec<Link> {
    let attribute = |each: &quick::KeyValue| {
        let value = match &each.value.as_ref().unwrap().value {
            quick::mod_AnyValue::OneOfvalue::string_value(text) => text.to_string().into(),
            quick::mod_AnyValue::OneOfvalue::int_value(number) => {
                opentelemetry::Value::I64(*number)
            }
            _ => unreachable!(),
        };
        opentelemetry::KeyValue::new(each.key.to_string(), value)
    };
    let link = |link: &quick::mod_Span::Link| {
        let trace = opentelemetry::TraceId::from_bytes(link.trace_id[..].try_into().unwrap());
        let span = opentelemetry::SpanId::from_bytes(link.span_id[..].try_into().unwrap());
        let flags = opentelemetry::TraceFlags::new(link.flags as u8);
        let context =
            opentelemetry::trace::SpanContext::new(trace, span, flags, true, Default::default());
        Link::new(context, link.attributes.iter().map(attribute).collect(), 0)
    };
    span.links.iter().map(link).collect()
}

fn read_quick(bytes: &[u8]) -> quick::Span<'_> {
    quick::Span::from_reader(&mut BytesReader::from_bytes(bytes), bytes).unwrap()
}

fn measure_write(work: &str, peer: &str, mut write: impl FnMut(&mut Vec<u8>)) -> Vec<u8> {
    let mut buffer = Vec::with_capacity(1 << 17);
    Work {
        work,
        peer,
        lighter: "",
        operations: 1,
    }
    .measure(
        &mut buffer,
        |_| (),
        |buffer| {
            buffer.clear();
            write(buffer);
        },
        |buffer| keep(work, peer, buffer),
    );
    buffer
}

fn measure_encode(links: &[Link], suffix: &str) -> Vec<u8> {
    let message = message(links);
    let (json, encode) = (format!("json{suffix}"), format!("encode{suffix}"));
    measure_write(&json, "serde_json", |buffer| {
        serde_json::to_writer(buffer, &message).unwrap();
    });
    let bytes = measure_write(&encode, "prost", |buffer| message.encode(buffer).unwrap());
    let views = read_quick(&bytes);
    measure_write(&encode, "quick-protobuf", |buffer| {
        views.write_message(&mut Writer::new(buffer)).unwrap();
    });
    bytes
}

fn measure_read<S: Default>(
    (work, peer, lighter): (&str, &str, &str),
    read: impl FnMut(&mut S),
    digest: impl FnOnce(&mut S) -> u64,
) {
    Work {
        work,
        peer,
        lighter,
        operations: 1,
    }
    .measure(&mut S::default(), |_| (), read, digest);
}

fn measure_decode(bytes: &[u8], suffix: &str) {
    let work = &format!("decode{suffix}");
    measure_read(
        (work, "prost", ""),
        |span| *span = Span::decode(bytes).unwrap(),
        |span| digest_message(span),
    );
    measure_read(
        (work, "quick-protobuf", ""),
        |links| *links = owned(&read_quick(bytes)),
        |links| digest(links),
    );
    measure_read(
        (work, "quick-protobuf, views", "views into the message"),
        |span| *span = read_quick(bytes),
        |span| digest(&owned(span)),
    );
}

fn inputs() -> [(Vec<Link>, &'static str); 2] {
    [
        ((0..BATCH).map(batch_item).collect(), ""),
        (links(4, false)[..BATCH].to_vec(), "_texts"),
    ]
}

pub fn measure() {
    for (links, suffix) in inputs() {
        let bytes = measure_encode(&links, suffix);
        measure_decode(&bytes, suffix);
    }
}

/// Only decoding, which depends on the allocator.
pub fn measure_allocating() {
    for (links, suffix) in inputs() {
        measure_decode(&message(&links).encode_to_vec(), suffix);
    }
}
