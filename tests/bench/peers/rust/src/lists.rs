// SPDX-License-Identifier: MIT
//! Adds links to vectors, spans, and vectors behind a lock; deduplicates by span.
use crate::common::*;
use opentelemetry::trace::{Link, Span, SpanContext, Tracer, TracerProvider};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanProcessor};
use std::collections::HashSet;
use std::hash::BuildHasher;
use std::sync::{Arc, Mutex};

fn measure_vec(attributes: usize, fresh: bool, static_keys: bool) {
    let links = links(attributes, static_keys);
    let work = format!(
        "add_{attributes}_{}",
        if fresh { "fresh" } else { "reused" }
    );
    let (peer, lighter) = match static_keys {
        true => ("Vec, static keys", "keys are not copied"),
        false => ("Vec", ""),
    };
    let mut batch: Vec<Link> = Vec::new();
    Work {
        work: &work,
        peer,
        lighter,
        operations: INPUTS,
    }
    .measure(
        &mut batch,
        |_| (),
        |batch| {
            for (i, link) in links.iter().enumerate() {
                if i % BATCH == 0 {
                    match fresh {
                        true => *batch = Vec::new(),
                        false => batch.clear(),
                    }
                }
                batch.push(link.clone());
            }
        },
        |batch| digest(batch),
    );
}

/// Keeps the last span.
#[derive(Clone, Debug, Default)]
struct Last(Arc<Mutex<Option<SpanData>>>);

impl SpanProcessor for Last {
    fn on_start(&self, _: &mut opentelemetry_sdk::trace::Span, _: &opentelemetry::Context) {}
    fn on_end(&self, span: SpanData) {
        *self.0.lock().unwrap() = Some(span);
    }
    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }
    fn shutdown_with_timeout(&self, _: std::time::Duration) -> OTelSdkResult {
        Ok(())
    }
}

fn measure_sdk(attributes: usize) {
    let mut last = Last::default();
    let provider = SdkTracerProvider::builder()
        .with_span_processor(last.clone())
        .build();
    let tracer = provider.tracer("peers");
    let links = links(attributes, false);
    let work = format!("add_{attributes}_fresh");
    Work {
        work: &work,
        peer: "opentelemetry_sdk",
        lighter: "",
        operations: INPUTS,
    }
    .measure(
        &mut last,
        |_| (),
        |_| {
            for batch in links.chunks(BATCH) {
                let mut span = tracer.start("batch");
                for link in batch {
                    span.add_link(link.span_context.clone(), link.attributes.clone());
                }
                span.end();
            }
        },
        |last| digest(&last.0.lock().unwrap().as_ref().unwrap().links),
    );
}

fn key(context: &SpanContext) -> (u128, u64) {
    let trace = u128::from_ne_bytes(context.trace_id().to_bytes());
    (trace, u64::from_ne_bytes(context.span_id().to_bytes()))
}

fn measure_dedup<S: BuildHasher + Default>(peer: &str, lighter: &str, count: usize) {
    let twice: Vec<Link> = twice(count)
        .iter()
        .map(|&number| Link::new(context(number), vec![], 0))
        .collect();
    let mut seen: HashSet<(u128, u64), S> = HashSet::default();
    let mut links: Vec<Link> = Vec::new();
    Work {
        work: &format!("dedup_{count}"),
        peer,
        lighter,
        operations: count,
    }
    .measure(
        &mut links,
        |links| links.clone_from(&twice),
        |links| {
            seen.clear();
            links.retain(|link| seen.insert(key(&link.span_context)));
        },
        |links| digest(links),
    );
}

const COLLECTED: usize = 1 << 17;
const EMPTIED: usize = 1024;

/// A vector that threads share, and the links that each thread has drained from it.
fn measure_collector(threads: usize, drains: bool) {
    let links = links(0, false);
    let shared: Mutex<Vec<Link>> = Mutex::default();
    let taken = Mutex::new(0);
    let collect = || {
        let (mut mine, mut count) = (Vec::new(), 0);
        for i in 1..=COLLECTED {
            shared.lock().unwrap().push(links[i % INPUTS].clone());
            if i % EMPTIED == 0 && drains {
                std::mem::swap(&mut *shared.lock().unwrap(), &mut mine);
                count += mine.len();
                mine.clear();
            } else if i % EMPTIED == 0 {
                shared.lock().unwrap().clear();
            }
        }
        *taken.lock().unwrap() += count;
    };
    let work = format!("{}_{threads}", if drains { "drain" } else { "collect" });
    Work {
        work: &work,
        peer: "Mutex + Vec",
        lighter: "",
        operations: COLLECTED * threads,
    }
    .measure(
        &mut (),
        |_| (),
        |_| {
            *taken.lock().unwrap() = 0;
            std::thread::scope(|scope| {
                (1..threads).for_each(|_| drop(scope.spawn(collect)));
                collect();
            });
        },
        |_| match drains {
            true => (*taken.lock().unwrap() + shared.lock().unwrap().len()) as u64,
            false => 0,
        },
    );
}

pub fn measure_add() {
    for attributes in [0, 2, 4] {
        for fresh in [false, true] {
            measure_vec(attributes, fresh, false);
            if attributes != 0 {
                measure_vec(attributes, fresh, true);
            }
        }
        measure_sdk(attributes);
    }
}

pub fn measure() {
    for count in [128, 10_000, 1_000_000] {
        measure_dedup::<std::collections::hash_map::RandomState>("std HashSet", "", count);
        measure_dedup::<foldhash::fast::RandomState>("HashSet + foldhash", "", count);
        measure_dedup::<ahash::RandomState>("HashSet + ahash", "", count);
        measure_dedup::<rustc_hash::FxBuildHasher>("HashSet + FxHash", "no seed", count);
    }
    for drains in [false, true] {
        for threads in [1, 2] {
            measure_collector(threads, drains);
        }
    }
}
