// SPDX-License-Identifier: MIT
//! The structs and functions of spanlink's headers that this program needs, as in a `-sys` crate.
#![allow(non_camel_case_types)]
use std::ffi::{c_char, c_int, c_void};

#[repr(C)]
#[derive(Clone, Copy)]
pub struct spanlink_str {
    pub ptr: *const c_char,
    pub len: usize,
}

#[repr(C)]
pub struct spanlink_context {
    pub trace_id: [u8; 16],
    pub span_id: [u8; 8],
    pub trace_flags: u8,
    pub is_remote: bool,
    pub remote_unknown: bool,
    pub trace_state: spanlink_str,
}

#[repr(C)]
pub union spanlink_value_of {
    pub string_value: spanlink_str, // bytes, arrays and maps have the same size
    pub bool_value: bool,
    pub int_value: i64,
    pub double_value: f64,
}

#[repr(C)]
pub struct spanlink_value {
    pub kind: u32,
    pub of: spanlink_value_of,
}

#[repr(C)]
pub struct spanlink_attribute {
    pub key: spanlink_str,
    pub value: spanlink_value,
}

#[repr(C)]
pub struct spanlink_link {
    pub context: spanlink_context,
    pub attributes: *const spanlink_attribute,
    pub attribute_count: usize,
    pub dropped_attributes_count: u32,
}

#[repr(C)]
pub struct spanlink_list {
    _private: [u8; 0],
}

extern "C" {
    pub fn spanlink_status_text(status: c_int) -> *const c_char;
    pub fn spanlink_list_create(options: *const c_void, list: *mut *mut spanlink_list) -> c_int;
    pub fn spanlink_list_destroy(list: *mut spanlink_list);
    pub fn spanlink_list_links(list: *mut spanlink_list, count: *mut usize) -> *const spanlink_link;
    pub fn spanlink_list_add_batch_item(list: *mut spanlink_list, context: *const spanlink_context, index: i64)
        -> c_int;
    pub fn spanlink_context_from_headers(
        traceparent: spanlink_str,
        tracestate: spanlink_str,
        context: *mut spanlink_context,
    ) -> c_int;
}
