// SPDX-License-Identifier: MIT
//! The safe wrapper: lifetimes express the ownership. A `Links` owns its links. A `Link` borrows from its
//! `Links`, so the list can be neither changed nor dropped while a `Link` is in use.
use crate::sys::*;
use std::ffi::CStr;
use std::marker::PhantomData;
use std::{ptr, slice, str};

pub struct Error(i32);

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        let text = unsafe { CStr::from_ptr(spanlink_status_text(self.0)) };
        formatter.write_str(&text.to_string_lossy())
    }
}

fn must(status: i32) -> Result<(), Error> {
    if status == 0 { Ok(()) } else { Err(Error(status)) }
}

/// A list of at most 128 links. Not `Sync`: a list belongs to one thread at a time.
pub struct Links(*mut spanlink_list);

unsafe impl Send for Links {}

impl Drop for Links {
    fn drop(&mut self) {
        unsafe { spanlink_list_destroy(self.0) }
    }
}

fn view(text: &str) -> spanlink_str {
    spanlink_str { ptr: text.as_ptr().cast(), len: text.len() }
}

impl Links {
    pub fn new() -> Result<Links, Error> {
        let mut list = ptr::null_mut();
        must(unsafe { spanlink_list_create(ptr::null(), &mut list) })?;
        Ok(Links(list))
    }

    /// Adds a message's sender, which the list copies. Fails if the message has no valid context.
    pub fn add(&mut self, traceparent: &str, tracestate: &str, index: i64) -> Result<(), Error> {
        let mut context = unsafe { std::mem::zeroed() };
        must(unsafe { spanlink_context_from_headers(view(traceparent), view(tracestate), &mut context) })?;
        must(unsafe { spanlink_list_add_batch_item(self.0, &context, index) })
    }

    /// The links. `&mut self` stays borrowed as long as one of them is in use.
    pub fn iter(&mut self) -> impl Iterator<Item = Link<'_>> {
        let mut count = 0;
        let first = unsafe { spanlink_list_links(self.0, &mut count) };
        let links = if count == 0 { &[] } else { unsafe { slice::from_raw_parts(first, count) } };
        links.iter().map(|raw| Link { raw, list: PhantomData })
    }
}

pub struct Link<'list> {
    pub raw: &'list spanlink_link,
    list: PhantomData<&'list Links>,
}

pub enum Value<'list> {
    Text(&'list str),
    Bool(bool),
    Int(i64),
    Double(f64),
}

/// The library's texts may contain any bytes; a text that is not UTF-8 becomes empty.
fn text<'list>(view: spanlink_str) -> &'list str {
    if view.len == 0 {
        return "";
    }
    str::from_utf8(unsafe { slice::from_raw_parts(view.ptr.cast(), view.len) }).unwrap_or("")
}

impl<'list> Link<'list> {
    pub fn trace_state(&self) -> &'list str {
        text(self.raw.context.trace_state)
    }

    /// The attributes that are strings, booleans, integers or doubles.
    pub fn attributes(&self) -> impl Iterator<Item = (&'list str, Value<'list>)> {
        let (first, count) = (self.raw.attributes, self.raw.attribute_count);
        let attributes = if count == 0 { &[] } else { unsafe { slice::from_raw_parts(first, count) } };
        attributes.iter().filter_map(|attribute| {
            let of = &attribute.value.of;
            let value = unsafe {
                match attribute.value.kind {
                    1 => Value::Text(text(of.string_value)),
                    2 => Value::Bool(of.bool_value),
                    3 => Value::Int(of.int_value),
                    4 => Value::Double(of.double_value),
                    _ => return None,
                }
            };
            Some((text(attribute.key), value))
        })
    }
}
