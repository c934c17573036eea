// SPDX-License-Identifier: MIT
//! Looks up links by key and copies them to the vector of the calling thread.
use crate::common::*;
use opentelemetry::trace::Link;
use std::sync::{Arc, Mutex};

const LOOKUPS: usize = 1 << 18;

/// `get` pushes the link of a key to a vector of V.
fn measure_cache<V: Clone + Send>(
    (peer, lighter): (&str, &str),
    keys: &[String],
    get: impl Fn(&str, &mut Vec<V>) + Sync,
    digest: impl Fn(&[V]) -> u64,
) {
    let size = keys.len();
    let mut state = 2;
    let order: Vec<usize> = (0..LOOKUPS)
        .map(|_| (random(&mut state) % size as u64) as usize)
        .collect();
    let first: Mutex<Vec<V>> = Mutex::default();
    let look_up = |number: usize| {
        let mut found = Vec::with_capacity(BATCH);
        for i in 0..LOOKUPS {
            if i % BATCH == 0 {
                found.clear();
            }
            get(
                &keys[order[(i + number * LOOKUPS / 2) % LOOKUPS]],
                &mut found,
            );
        }
        if number == 0 {
            *first.lock().unwrap() = found;
        }
    };
    for threads in [1, 2] {
        let work = format!("cache_{size}_{threads}");
        Work {
            work: &work,
            peer,
            lighter,
            operations: LOOKUPS * threads,
        }
        .measure(
            &mut (),
            |_| (),
            |_| {
                std::thread::scope(|scope| {
                    (1..threads).for_each(|number| drop(scope.spawn(move || look_up(number))));
                    look_up(0);
                });
            },
            |_| digest(&first.lock().unwrap()),
        );
    }
}

fn measure_size(size: usize) {
    let keys: Vec<String> = (0..size)
        .map(|number| format!("{:016x}", ids(number).1))
        .collect();
    let link = |number: usize| batch_item(number % INPUTS);

    let quick = quick_cache::sync::Cache::<String, Link>::new(2 * size);
    let moka = moka::sync::Cache::<String, Link>::new(2 * size as u64);
    let shared = quick_cache::sync::Cache::<String, Arc<Link>>::new(2 * size);
    let map = dashmap::DashMap::<String, Link>::new();
    let ahash = dashmap::DashMap::<String, Link, ahash::RandomState>::default();
    for (number, key) in keys.iter().enumerate() {
        quick.insert(key.clone(), link(number));
        moka.insert(key.clone(), link(number));
        shared.insert(key.clone(), Arc::new(link(number)));
        map.insert(key.clone(), link(number));
        ahash.insert(key.clone(), link(number));
    }
    moka.run_pending_tasks();

    measure_cache(
        ("quick_cache", ""),
        &keys,
        |key, to| to.push(quick.get(key).unwrap()),
        digest,
    );
    measure_cache(
        ("moka", ""),
        &keys,
        |key, to| to.push(moka.get(key).unwrap()),
        digest,
    );
    let unbounded = "no bound";
    measure_cache(
        ("dashmap", unbounded),
        &keys,
        |key, to| to.push(map.get(key).unwrap().clone()),
        digest,
    );
    measure_cache(
        ("dashmap + ahash", unbounded),
        &keys,
        |key, to| to.push(ahash.get(key).unwrap().clone()),
        digest,
    );
    measure_cache(
        ("quick_cache of Arc", "the link is not copied"),
        &keys,
        |key, to| to.push(shared.get(key).unwrap()),
        |found| {
            found.iter().fold(0, |sum, link| {
                sum.wrapping_add(digest(std::slice::from_ref(link)))
            })
        },
    );
}

pub fn measure() {
    measure_size(1000);
    measure_size(10_000);
}
