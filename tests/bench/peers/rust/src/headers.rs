// SPDX-License-Identifier: MIT
//! Extracts contexts from headers.
#![allow(deprecated)] // opentelemetry-zipkin: the remaining B3 support in Rust
use crate::common::*;
use fastrace::collector::SpanContext as Fastrace;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::TraceContextExt;
use opentelemetry::Context;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_zipkin::Propagator as B3Propagator;

/// A request's headers, in any order and case.
struct Request(Vec<(&'static str, String)>);

impl Extractor for Request {
    fn get(&self, key: &str) -> Option<&str> {
        let found = self
            .0
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(key));
        found.map(|(_, value)| value.as_str())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.iter().map(|(name, _)| *name).collect()
    }
}

fn traceparent(number: usize) -> String {
    let (trace, span) = ids(number);
    format!("00-{trace:032x}-{span:016x}-01")
}

fn request(number: usize) -> Request {
    let mut headers: Vec<(&'static str, String)> = [
        "Host",
        "User-Agent",
        "Accept",
        "Connection",
        "Accept-Encoding",
        "Content-Type",
    ]
    .map(|name| (name, "value".to_string()))
    .into();
    headers.push(("Traceparent", traceparent(number)));
    headers.push(("tracestate", "vendor=value".into()));
    headers.rotate_right(number % 8);
    Request(headers)
}

fn measure_extraction<Input, Context: Clone>(
    (work, peer, lighter): (&str, &str, &str),
    inputs: &[Input],
    blank: Context,
    extract: impl Fn(&Input) -> Context,
    digest: impl Fn(&Context) -> u64,
) {
    Work {
        work,
        peer,
        lighter,
        operations: INPUTS,
    }
    .measure(
        &mut vec![blank; INPUTS],
        |_| (),
        |found| {
            for (context, input) in found.iter_mut().zip(inputs) {
                *context = extract(input);
            }
        },
        |found| found.iter().map(digest).fold(0, u64::wrapping_add),
    );
}

fn measure_propagator(
    work: &str,
    peer: &str,
    propagator: &dyn TextMapPropagator,
    requests: Vec<Request>,
) {
    let root = Context::new();
    measure_extraction(
        (work, peer, ""),
        &requests,
        root.clone(),
        |request| propagator.extract_with_context(&root, request),
        |context| digest_context(context.span().span_context()),
    );
}

fn measure_fastrace() {
    let texts: Vec<String> = (0..INPUTS).map(traceparent).collect();
    measure_extraction(
        (
            "parse_traceparent",
            "fastrace",
            "capitals and signs pass as digits",
        ),
        &texts,
        Fastrace::random(),
        |text| Fastrace::decode_w3c_traceparent(text).unwrap(),
        |context| digest_ids(context.trace_id.0, context.span_id.0),
    );
}

pub fn measure() {
    let single = |name, text: &dyn Fn(usize) -> String| -> Vec<Request> {
        (0..INPUTS)
            .map(|number| Request(vec![(name, text(number))]))
            .collect()
    };
    let b3 = |number| {
        let (trace, span) = ids(number);
        format!("{trace:032x}-{span:016x}-1")
    };
    let w3c = TraceContextPropagator::new();
    let sdk = "opentelemetry_sdk";
    measure_propagator(
        "parse_traceparent",
        sdk,
        &w3c,
        single("traceparent", &traceparent),
    );
    measure_fastrace();
    let zipkin = B3Propagator::with_encoding(opentelemetry_zipkin::B3Encoding::SingleHeader);
    measure_propagator(
        "parse_b3",
        "opentelemetry-zipkin",
        &zipkin,
        single("b3", &b3),
    );
    measure_propagator("extract_8", sdk, &w3c, (0..INPUTS).map(request).collect());
}
