// SPDX-License-Identifier: MIT
//! The inputs of ../../README.md, the clock, and the output format.
use opentelemetry::trace::{Link, SpanContext, SpanId, TraceFlags, TraceId, TraceState};
use opentelemetry::{KeyValue, Value};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Appended to the names of peers.
pub static ALLOCATOR: OnceLock<&str> = OnceLock::new();

pub const INPUTS: usize = 4096;
pub const BATCH: usize = 128;

pub fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e3779b97f4a7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d049bb133111eb);
    z ^ (z >> 31)
}

/// The ids of the link with a number.
pub fn ids(number: usize) -> (u128, u64) {
    let mut state = number as u64;
    let high = random(&mut state) as u128;
    let low = random(&mut state) as u128;
    (high << 64 | low, random(&mut state))
}

pub fn context(number: usize) -> SpanContext {
    let (trace, span) = ids(number);
    let ids = (TraceId::from(trace), SpanId::from(span));
    SpanContext::new(
        ids.0,
        ids.1,
        TraceFlags::SAMPLED,
        true,
        TraceState::default(),
    )
}

pub const KEYS: [&str; 4] = [
    "messaging.system",
    "messaging.destination.name",
    "messaging.consumer.group.name",
    "messaging.message.id",
];

pub fn text(number: usize, trace: u128) -> String {
    match number {
        0 => "kafka".into(),
        1 => "orders.europe-west".into(),
        2 => "billing-service".into(),
        _ => format!("{trace:032x}"),
    }
}

/// Links with `attributes` text attributes, whose keys are copied with the link or static.
pub fn links(attributes: usize, static_keys: bool) -> Vec<Link> {
    let attribute = |at: usize, number: usize| {
        let value = text(at, ids(number).0);
        match static_keys {
            true => KeyValue::new(KEYS[at], value),
            false => KeyValue::new(KEYS[at].to_string(), value),
        }
    };
    let link = |number| {
        let attributes = (0..attributes).map(|at| attribute(at, number)).collect();
        Link::new(context(number), attributes, 0)
    };
    (0..INPUTS).map(link).collect()
}

pub fn batch_item(number: usize) -> Link {
    let index = (number % BATCH) as i64;
    let attributes = vec![
        KeyValue::new("link.type", "batch_item"),
        KeyValue::new("batch.index", index),
    ];
    Link::new(context(number), attributes, 0)
}

/// The numbers of the links of a dedup: each of count / 2 twice, in random order.
pub fn twice(count: usize) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..count).map(|i| i % (count / 2)).collect();
    let mut state = 1;
    for i in (2..=count).rev() {
        numbers.swap(i - 1, (random(&mut state) % i as u64) as usize);
    }
    numbers
}

pub fn digest_ids(trace: u128, span: u64) -> u64 {
    (trace >> 64) as u64 ^ trace as u64 ^ span
}

pub fn digest_context(context: &SpanContext) -> u64 {
    let trace = u128::from_be_bytes(context.trace_id().to_bytes());
    digest_ids(trace, u64::from_be_bytes(context.span_id().to_bytes()))
}

pub fn digest(links: &[Link]) -> u64 {
    let attribute = |each: &KeyValue| match &each.value {
        Value::I64(number) => (each.key.as_str().len() as u64).wrapping_add(*number as u64),
        value => (each.key.as_str().len() + value.as_str().len()) as u64,
    };
    let link = |link: &Link| {
        let attributes = link.attributes.iter().map(attribute);
        attributes.fold(digest_context(&link.span_context), u64::wrapping_add)
    };
    links.iter().map(link).fold(0, u64::wrapping_add)
}

/// One line of results.
pub struct Work<'a> {
    pub work: &'a str,
    pub peer: &'a str,
    pub lighter: &'a str,  // work that this peer omits
    pub operations: usize, // of a pass
}

impl Work<'_> {
    /// Prints the fastest of three stretches of 10 ms. A pass before them warms up. `prepare` is
    /// not timed.
    pub fn measure<S>(
        &self,
        state: &mut S,
        mut prepare: impl FnMut(&mut S),
        mut pass: impl FnMut(&mut S),
        answer: impl FnOnce(&mut S) -> u64,
    ) {
        let mut time = |state: &mut S, least: Duration| {
            let (mut spent, mut passes) = (Duration::ZERO, 0.0);
            loop {
                prepare(state);
                let start = Instant::now();
                pass(state);
                spent += start.elapsed();
                passes += 1.0;
                if spent >= least {
                    return spent.as_nanos() as f64 / passes;
                }
            }
        };
        let mut best = time(state, Duration::ZERO);
        for _ in 0..3 {
            best = best.min(time(state, Duration::from_millis(10)));
        }
        let allocator = ALLOCATOR.get().unwrap_or(&"");
        let (
            Work {
                work,
                peer,
                lighter,
                operations,
            },
            answer,
        ) = (self, answer(state));
        let each = best / *operations as f64;
        println!("{work}\tRust {peer}{allocator}\t{each:.2}\t{answer:x}\t{lighter}");
    }
}

/// Stores the encoded output of a peer, which tables.py compares.
pub fn keep(work: &str, peer: &str, bytes: &[u8]) -> u64 {
    let directory = std::env::args().nth(1).unwrap_or(".".into());
    std::fs::write(format!("{directory}/{work}/Rust {peer}"), bytes).expect("a file to keep");
    0
}
