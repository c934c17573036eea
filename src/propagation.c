/* SPDX-License-Identifier: MIT */
#include <spanlink/propagation.h>

#if !defined(SPANLINK_NO_FORMATS)
#include <spanlink/b3.h>
#include <spanlink/binary.h>
#include <spanlink/cloud_trace.h>
#include <spanlink/datadog.h>
#include <spanlink/jaeger.h>
#include <spanlink/xray.h>
#endif

#include "internal/bytes.h"
#include "internal/compiler.h"
#include "internal/env.h"
#include "internal/header_name.h"
#include "internal/memory.h"
#include "internal/text.h"

/* The names of all headers; those of one format are adjacent. */

enum {
    FIELD_TRACEPARENT,
    FIELD_TRACESTATE,
#if !defined(SPANLINK_NO_FORMATS)
    FIELD_B3,
    FIELD_B3_TRACE_ID,
    FIELD_B3_SPAN_ID,
    FIELD_B3_SAMPLED,
    FIELD_B3_FLAGS,
    FIELD_XRAY,
    FIELD_XRAY_SQS,
    FIELD_DATADOG_TRACE_ID,
    FIELD_DATADOG_PARENT_ID,
    FIELD_DATADOG_PRIORITY,
    FIELD_DATADOG_TAGS,
    FIELD_JAEGER,
    FIELD_CLOUD_TRACE,
    FIELD_GRPC_TRACE_BIN,
#endif
    FIELD_COUNT
};

#define FIELD_NAME(text) {text, sizeof(text) - 1}

static const spanlink_str field_names[FIELD_COUNT] = {
    FIELD_NAME("traceparent"),
    FIELD_NAME("tracestate"),
#if !defined(SPANLINK_NO_FORMATS)
    FIELD_NAME("b3"),
    FIELD_NAME("x-b3-traceid"),
    FIELD_NAME("x-b3-spanid"),
    FIELD_NAME("x-b3-sampled"),
    FIELD_NAME("x-b3-flags"),
    FIELD_NAME("x-amzn-trace-id"),
    FIELD_NAME("awstraceheader"),
    FIELD_NAME("x-datadog-trace-id"),
    FIELD_NAME("x-datadog-parent-id"),
    FIELD_NAME("x-datadog-sampling-priority"),
    FIELD_NAME("x-datadog-tags"),
    FIELD_NAME("uber-trace-id"),
    FIELD_NAME("x-cloud-trace-context"),
    FIELD_NAME("grpc-trace-bin"),
#endif
};

static const spanlink_str no_value = {NULL, 0};

/* W3C */

/* The tracestate to keep: empty if it is invalid or has no members. */
static spanlink_str valid_tracestate(spanlink_str tracestate) {
    spanlink_tracestate_member members[SPANLINK_TRACESTATE_MEMBERS];
    size_t count = 0;
    spanlink_str state = slnk_text_trim(tracestate);
    if (spanlink_tracestate_parse(state, members, &count) != SPANLINK_OK || count == 0) {
        return no_value;
    }
    return state;
}

spanlink_status spanlink_context_from_headers(spanlink_str traceparent, spanlink_str tracestate,
                                              spanlink_context *context) {
    if (context == NULL || slnk_text_is_broken(traceparent) || slnk_text_is_broken(tracestate)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    if (traceparent.len == 0) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    spanlink_status status = spanlink_traceparent_parse(traceparent, context);
    if (status == SPANLINK_OK) {
        context->trace_state = valid_tracestate(tracestate);
    }
    return status;
}

/* A carrier being read. */
typedef struct header_source {
    const spanlink_getter *getter;
    char *text; /* for joined tracestate lines */
    size_t capacity;
    bool found; /* whether a header of the current format was found */
} header_source;

static bool next_line(const header_source *from, size_t field, size_t *cursor, spanlink_str *line) {
    return from->getter->next(from->getter->state, field_names[field], cursor, line);
}

static spanlink_status read_traceparent(header_source *from, spanlink_context *context) {
    spanlink_str line = {NULL, 0}, second;
    size_t cursor = 0;
    from->found = next_line(from, FIELD_TRACEPARENT, &cursor, &line);
    if (!from->found) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    if (next_line(from, FIELD_TRACEPARENT, &cursor, &second)) {
        return SPANLINK_ERR_MULTIPLE_TRACEPARENT;
    }
    return spanlink_traceparent_parse(line, context);
}

/*
 * Lines joined by commas. The first line is borrowed until there is a second one; then lines are
 * copied member by member, without spaces and empty members, so that a sender's spaces cannot fill
 * the text.
 */
typedef struct line_joiner {
    char *text;
    size_t capacity, length;
    spanlink_str first;
    bool copied;
} line_joiner;

static bool append_piece(line_joiner *to, spanlink_str piece) {
    size_t comma = to->length != 0 ? 1 : 0;
    size_t left = to->capacity - to->length;
    if (left < comma || left - comma < piece.len) {
        return false;
    }
    memcpy(to->text + to->length, ",", comma);
    memcpy(to->text + to->length + comma, piece.ptr, piece.len);
    to->length += comma + piece.len;
    return true;
}

/* Takes the text before the next comma, and the comma, from a line. */
static spanlink_str cut_piece(spanlink_str *line) {
    const char *comma = memchr(line->ptr, ',', line->len);
    size_t length = comma != NULL ? (size_t)(comma - line->ptr) : line->len;
    size_t taken = comma != NULL ? length + 1 : length;
    spanlink_str piece = {line->ptr, length};
    line->ptr += taken;
    line->len -= taken;
    return slnk_text_trim(piece);
}

static bool append_line(line_joiner *to, spanlink_str line) {
    while (line.len != 0) {
        spanlink_str piece = cut_piece(&line);
        if (piece.len != 0 && !append_piece(to, piece)) {
            return false;
        }
    }
    return true;
}

static bool join_line(line_joiner *to, spanlink_str line) {
    if (to->first.len == 0) {
        to->first = line;
        return true;
    }
    if (!to->copied && !append_line(to, to->first)) {
        return false;
    }
    to->copied = true;
    return append_line(to, line);
}

enum { MOST_LINES = 32 };

static spanlink_str read_tracestate(const header_source *from) {
    line_joiner joiner = {from->text, from->capacity, 0, {NULL, 0}, false};
    spanlink_str value = {NULL, 0};
    size_t cursor = 0;
    for (size_t lines = 0; next_line(from, FIELD_TRACESTATE, &cursor, &value); lines++) {
        if (lines == MOST_LINES || slnk_text_is_broken(value)) {
            return no_value;
        }
        spanlink_str line = slnk_text_trim(value);
        if (line.len != 0 && !join_line(&joiner, line)) {
            return no_value;
        }
    }
    return valid_tracestate(joiner.copied ? (spanlink_str){joiner.text, joiner.length}
                                          : joiner.first);
}

static spanlink_status read_w3c(header_source *from, spanlink_context *context) {
    spanlink_status status = read_traceparent(from, context);
    if (status == SPANLINK_OK) {
        context->trace_state = read_tracestate(from);
    }
    return status;
}

/*
 * The headers that an injection sets, in this order. All values are written before the first header
 * is set, so that no header is set if they do not fit.
 */
typedef struct header_plan {
    char *text;
    size_t capacity, length;
    struct {
        size_t field;
        spanlink_str value;
    } headers[FIELD_COUNT];
    size_t count;
    uint32_t set; /* a bit for each of these fields */
} header_plan;

static void start_plan(header_plan *plan, char *text, size_t capacity) {
    plan->text = text;
    plan->capacity = capacity;
    plan->length = plan->count = 0;
    plan->set = 0;
}

/* Plans a header whose value was written at the end of the text. */
static void plan_header(header_plan *to, size_t field, size_t length) {
    to->headers[to->count].field = field;
    to->headers[to->count++].value = (spanlink_str){to->text + to->length, length};
    to->set |= UINT32_C(1) << field;
    to->length += length;
}

/* Copies a value and a NUL after it. */
static spanlink_status plan_copy(spanlink_str value, size_t field, header_plan *to) {
    if (to->capacity - to->length <= value.len) {
        return SPANLINK_ERR_CAPACITY;
    }
    memcpy(to->text + to->length, value.ptr, value.len);
    to->text[to->length + value.len] = '\0';
    plan_header(to, field, value.len);
    to->length++;
    return SPANLINK_OK;
}

/* Copies a text that a format's function has written, or returns its error. */
static spanlink_status plan_formatted(spanlink_status status, const char *text, size_t length,
                                      size_t field, header_plan *to) {
    return status == SPANLINK_OK ? plan_copy((spanlink_str){text, length}, field, to) : status;
}

/* The tracestate without spaces, empty members and repeated keys; not written if it is invalid or
 * has no members. */
static spanlink_status write_tracestate(spanlink_str state, header_plan *to) {
    size_t length = 0;
    spanlink_status status = spanlink_tracestate_limit(
        state, SPANLINK_UNLIMITED, to->text + to->length, to->capacity - to->length, &length);
    if (status == SPANLINK_ERR_CAPACITY) {
        return status;
    }
    if (length != 0) {
        plan_header(to, FIELD_TRACESTATE, length);
    }
    return SPANLINK_OK;
}

static spanlink_status write_w3c(const spanlink_context *context, header_plan *to) {
    char text[SPANLINK_TRACEPARENT_LENGTH + 1];
    spanlink_status status = plan_formatted(spanlink_traceparent_format(context, text), text,
                                            SPANLINK_TRACEPARENT_LENGTH, FIELD_TRACEPARENT, to);
    return status == SPANLINK_OK ? write_tracestate(context->trace_state, to) : status;
}

#if !defined(SPANLINK_NO_FORMATS)

/* Other formats */

/* The first line of a name; empty if there is none. */
static spanlink_str first_line(const header_source *from, size_t field) {
    spanlink_str line = {NULL, 0};
    size_t cursor = 0;
    return next_line(from, field, &cursor, &line) ? line : no_value;
}

/* The same without surrounding spaces: a blank line counts as absent. */
static spanlink_str first_value(header_source *from, size_t field) {
    spanlink_str line = first_line(from, field);
    spanlink_str value = slnk_text_is_broken(line) ? line : slnk_text_trim(line);
    from->found = from->found || value.len != 0;
    return value;
}

typedef spanlink_status four_parser(spanlink_str, spanlink_str, spanlink_str, spanlink_str,
                                    spanlink_context *);

/* Four headers of a format, the ids first: without both of them there is no context. */
static spanlink_status read_four(header_source *from, size_t first, four_parser *parse,
                                 spanlink_context *context) {
    spanlink_str trace_id = first_value(from, first), span_id = first_value(from, first + 1);
    if (trace_id.len == 0 && span_id.len == 0) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    return parse(trace_id, span_id, first_value(from, first + 2), first_value(from, first + 3),
                 context);
}

/* B3 */

static spanlink_status read_b3_multi(header_source *from, spanlink_context *context) {
    return read_four(from, FIELD_B3_TRACE_ID, spanlink_b3_parse_multi, context);
}

/* The single header; the x-b3- headers if it is absent or malformed. A lone sampling decision is
 * neither. */
static spanlink_status read_b3(header_source *from, spanlink_context *context) {
    spanlink_str header = first_value(from, FIELD_B3);
    if (header.len == 0) {
        return read_b3_multi(from, context);
    }
    spanlink_status status = spanlink_b3_parse(header, context);
    bool malformed = status != SPANLINK_OK && status != SPANLINK_ERR_NO_CONTEXT;
    return malformed && read_b3_multi(from, context) == SPANLINK_OK ? SPANLINK_OK : status;
}

static spanlink_status write_b3(const spanlink_context *context, header_plan *to) {
    char text[SPANLINK_B3_LENGTH + 1];
    return plan_formatted(spanlink_b3_format(context, text), text, SPANLINK_B3_LENGTH, FIELD_B3,
                          to);
}

/* The parts of the single header. */
static spanlink_status write_b3_multi(const spanlink_context *context, header_plan *to) {
    char text[SPANLINK_B3_LENGTH + 1];
    spanlink_status status = spanlink_b3_format(context, text);
    const spanlink_str parts[] = {{text, 32}, {text + 33, 16}, {text + 50, 1}};
    for (size_t i = 0; i < 3 && status == SPANLINK_OK; i++) {
        status = plan_copy(parts[i], FIELD_B3_TRACE_ID + i, to);
    }
    return status;
}

/* X-Ray */

static spanlink_status read_xray(header_source *from, spanlink_context *context) {
    spanlink_str header = first_value(from, FIELD_XRAY);
    return spanlink_xray_parse(header.len != 0 ? header : first_value(from, FIELD_XRAY_SQS),
                               context);
}

static spanlink_status write_xray(const spanlink_context *context, header_plan *to) {
    char text[SPANLINK_XRAY_LENGTH + 1];
    return plan_formatted(spanlink_xray_format(context, text), text, SPANLINK_XRAY_LENGTH,
                          FIELD_XRAY, to);
}

/* Datadog */

static spanlink_status read_datadog(header_source *from, spanlink_context *context) {
    return read_four(from, FIELD_DATADOG_TRACE_ID, spanlink_datadog_parse, context);
}

static spanlink_status write_datadog(const spanlink_context *context, header_plan *to) {
    spanlink_datadog_headers headers;
    spanlink_status status = spanlink_datadog_format(context, &headers);
    const char *const values[] = {headers.trace_id, headers.parent_id, headers.sampling_priority,
                                  headers.tags};
    for (size_t i = 0; i < 4 && status == SPANLINK_OK; i++) {
        if (values[i][0] != '\0') { /* there are no tags if the trace id has 64 bits */
            status = plan_copy(spanlink_str_from(values[i]), FIELD_DATADOG_TRACE_ID + i, to);
        }
    }
    return status;
}

/* Jaeger, Cloud Trace, gRPC */

static spanlink_status read_jaeger(header_source *from, spanlink_context *context) {
    return spanlink_jaeger_parse(first_value(from, FIELD_JAEGER), context);
}

static spanlink_status write_jaeger(const spanlink_context *context, header_plan *to) {
    char text[SPANLINK_JAEGER_LENGTH + 1];
    return plan_formatted(spanlink_jaeger_format(context, text), text, SPANLINK_JAEGER_LENGTH,
                          FIELD_JAEGER, to);
}

static spanlink_status read_cloud_trace(header_source *from, spanlink_context *context) {
    return spanlink_cloud_trace_parse(first_value(from, FIELD_CLOUD_TRACE), context);
}

/* The length of the span id varies. */
static spanlink_status write_cloud_trace(const spanlink_context *context, header_plan *to) {
    char text[SPANLINK_CLOUD_TRACE_LENGTH + 1] = "";
    spanlink_status status = spanlink_cloud_trace_format(context, text);
    return plan_formatted(status, text, strlen(text), FIELD_CLOUD_TRACE, to);
}

static spanlink_status read_grpc(header_source *from, spanlink_context *context) {
    spanlink_str bytes = first_line(from, FIELD_GRPC_TRACE_BIN);
    from->found = bytes.len != 0;
    return spanlink_binary_decode((const uint8_t *)bytes.ptr, bytes.len, context);
}

static spanlink_status write_grpc(const spanlink_context *context, header_plan *to) {
    uint8_t bytes[SPANLINK_BINARY_SIZE];
    spanlink_status status = spanlink_binary_encode(context, bytes);
    spanlink_str value = {(const char *)bytes, sizeof bytes};
    return status == SPANLINK_OK ? plan_copy(value, FIELD_GRPC_TRACE_BIN, to) : status;
}

#endif

/* Formats */

typedef struct format_rules {
    const char *name;
    size_t first_field, field_count;
    spanlink_status (*read)(header_source *from, spanlink_context *context);
    spanlink_status (*write)(const spanlink_context *context, header_plan *to);
} format_rules;

/* Indexed by spanlink_format. Both B3 formats have all its headers. */
static const format_rules all_formats[] = {
    {"tracecontext", FIELD_TRACEPARENT, 2, read_w3c, write_w3c},
#if !defined(SPANLINK_NO_FORMATS)
    {"b3", FIELD_B3, 5, read_b3, write_b3},
    {"b3multi", FIELD_B3, 5, read_b3, write_b3_multi},
    {"xray", FIELD_XRAY, 2, read_xray, write_xray},
    {"datadog", FIELD_DATADOG_TRACE_ID, 4, read_datadog, write_datadog},
    {"jaeger", FIELD_JAEGER, 1, read_jaeger, write_jaeger},
    {"cloud_trace", FIELD_CLOUD_TRACE, 1, read_cloud_trace, write_cloud_trace},
    {"grpc-trace-bin", FIELD_GRPC_TRACE_BIN, 1, read_grpc, write_grpc},
#endif
};

enum { KNOWN_FORMATS = sizeof all_formats / sizeof all_formats[0] };

const char *spanlink_format_name(uint32_t format) {
    return format < KNOWN_FORMATS ? all_formats[format].name : NULL;
}

const spanlink_str *spanlink_format_fields(uint32_t format, size_t *count) {
    if (count == NULL) {
        return NULL;
    }
    *count = format < KNOWN_FORMATS ? all_formats[format].field_count : 0;
    return format < KNOWN_FORMATS ? field_names + all_formats[format].first_field : NULL;
}

/* The formats of a spanlink_formats, each once; or none. */
typedef struct chosen_formats {
    uint32_t formats[KNOWN_FORMATS];
    size_t count;
    uint32_t set; /* a bit for each of them */
    bool none;
} chosen_formats;

static void choose_format(chosen_formats *to, uint32_t format) {
    if ((to->set >> format & 1) == 0) {
        to->set |= UINT32_C(1) << format;
        to->formats[to->count++] = format;
    }
}

/* False if there are too many formats, or an unknown one. */
static bool choose_formats(const spanlink_formats *formats, chosen_formats *to) {
    *to = (chosen_formats){.count = 0};
    if (formats == NULL || formats->count == 0) {
        choose_format(to, SPANLINK_FORMAT_W3C);
        return true;
    }
    if (formats->count > SPANLINK_FORMATS_MAX) {
        return false;
    }
    for (size_t i = 0; i < formats->count; i++) {
        uint32_t format = formats->formats[i];
        if (format == SPANLINK_FORMAT_NONE) {
            to->none = true;
        } else if (format < KNOWN_FORMATS) {
            choose_format(to, format);
        } else {
            return false;
        }
    }
    return true;
}

/* Names of formats */

static bool is_named(spanlink_str name, const char *wanted) {
    return slnk_header_name_same(name, spanlink_str_from(wanted));
}

typedef struct named_formats {
    chosen_formats formats;
    bool baggage;
    spanlink_str unknown; /* the first one */
} named_formats;

static void add_format_named(named_formats *to, spanlink_str name) {
    for (uint32_t format = 0; format < KNOWN_FORMATS; format++) {
        if (is_named(name, all_formats[format].name)) {
            choose_format(&to->formats, format);
            return;
        }
    }
    if (is_named(name, "none")) {
        to->formats.none = true;
    } else if (is_named(name, "baggage")) {
        to->baggage = true;
#if !defined(SPANLINK_NO_FORMATS)
    } else if (is_named(name, "gcp")) {
        choose_format(&to->formats, SPANLINK_FORMAT_CLOUD_TRACE);
#endif
    } else if (to->unknown.len == 0) {
        to->unknown = name;
    }
}

static spanlink_formats formats_of(const named_formats *named) {
    spanlink_formats formats = {1, {SPANLINK_FORMAT_W3C}};
    const chosen_formats *found = &named->formats;
    if (found->none || (found->count == 0 && named->baggage)) {
        formats.formats[0] = SPANLINK_FORMAT_NONE;
    } else if (found->count != 0) {
        formats.count = (uint32_t)found->count;
        memcpy(formats.formats, found->formats, found->count * sizeof found->formats[0]);
    }
    return formats;
}

spanlink_status spanlink_formats_from_names(spanlink_str names, spanlink_formats *formats,
                                            spanlink_str *unknown) {
    if (formats == NULL || slnk_text_is_broken(names)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    named_formats named = {.formats = {.count = 0}};
    while (names.len != 0) {
        spanlink_str name = cut_piece(&names);
        if (name.len != 0) {
            add_format_named(&named, name);
        }
    }
    *formats = formats_of(&named);
    if (unknown != NULL) {
        *unknown = named.unknown;
    }
    return SPANLINK_OK;
}

spanlink_status spanlink_formats_from_env(spanlink_formats *formats, spanlink_str *unknown) {
    spanlink_str names = spanlink_str_from(slnk_env_get("OTEL_PROPAGATORS"));
    return spanlink_formats_from_names(names, formats, unknown);
}

/* Extracting */

/* The valid contexts of all formats, in their order. */
typedef struct span_readings {
    spanlink_extracted valid[KNOWN_FORMATS];
    size_t count;
} span_readings;

/* OK if there is a valid context, otherwise the status of the first format found. */
static spanlink_status read_formats(header_source *from, const chosen_formats *formats,
                                    span_readings *to) {
    spanlink_status first = SPANLINK_ERR_NO_CONTEXT;
    bool found = false;
    to->count = 0;
    for (size_t i = 0; i < formats->count; i++) {
        spanlink_extracted *next = &to->valid[to->count];
        from->found = false;
        spanlink_status status = all_formats[formats->formats[i]].read(from, &next->context);
        if (status == SPANLINK_OK) {
            next->format = formats->formats[i];
            to->count++;
        } else if (!found) {
            first = status;
            found = from->found;
        }
    }
    return to->count != 0 ? SPANLINK_OK : first;
}

/* Checks the arguments of the following two functions. */
static spanlink_status open_carrier(const spanlink_getter *getter, const spanlink_formats *formats,
                                    char *text, size_t capacity, header_source *from,
                                    chosen_formats *chosen) {
    if (getter == NULL || getter->next == NULL || (text == NULL && capacity != 0) ||
        !choose_formats(formats, chosen)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    *from = (header_source){getter, text, capacity, false};
    return chosen->none ? SPANLINK_ERR_NO_CONTEXT : SPANLINK_OK;
}

/* Whether the trace id has 64 bits: it may be the low half of a longer one. */
static bool has_short_trace_id(const spanlink_context *context) {
    return slnk_bytes_are_zero(context->trace_id, 8);
}

static bool names_same_span(const spanlink_context *a, const spanlink_context *b) {
    return memcmp(a->span_id, b->span_id, 8) == 0 &&
           memcmp(a->trace_id + 8, b->trace_id + 8, 8) == 0 &&
           (memcmp(a->trace_id, b->trace_id, 8) == 0 || has_short_trace_id(a) ||
            has_short_trace_id(b));
}

/*
 * The context to keep among those that name the same span as a given one: W3C's, otherwise the last
 * one with a full trace id, otherwise the last one.
 *
 * Two full trace ids may have the same low half, and a short trace id may be that half. The short
 * one then belongs to the last of the two, and both are kept.
 */
static size_t best_of_span(const span_readings *from, size_t index) {
    size_t best = index;
    for (size_t i = 0; i < from->count; i++) {
        const spanlink_extracted *other = &from->valid[i];
        if (names_same_span(&other->context, &from->valid[index].context)) {
            if (other->format == SPANLINK_FORMAT_W3C) {
                return i;
            }
            if (!has_short_trace_id(&other->context) ||
                has_short_trace_id(&from->valid[best].context)) {
                best = i;
            }
        }
    }
    return best;
}

/* A single format is read directly into the context: copying a struct that was just written is
 * slow. */
spanlink_status spanlink_extract(const spanlink_getter *getter, const spanlink_formats *formats,
                                 char *text, size_t capacity, spanlink_context *context) {
    header_source from;
    chosen_formats chosen;
    span_readings found;
    if (context == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_status status = open_carrier(getter, formats, text, capacity, &from, &chosen);
    if (status == SPANLINK_OK && chosen.count == 1) {
        return all_formats[chosen.formats[0]].read(&from, context);
    }
    if (status == SPANLINK_OK) {
        status = read_formats(&from, &chosen, &found);
    }
    if (status == SPANLINK_OK) {
        *context = found.valid[best_of_span(&found, found.count - 1)].context;
    }
    return status;
}

/* One entry per span: that of the last format, then the others in the order of their formats. */
static size_t list_spans(const span_readings *from, size_t entries[KNOWN_FORMATS]) {
    size_t count = 1;
    entries[0] = best_of_span(from, from->count - 1);
    for (size_t i = 0; i < from->count; i++) {
        if (i != entries[0] && best_of_span(from, i) == i) {
            entries[count++] = i;
        }
    }
    return count;
}

spanlink_status spanlink_extract_all(const spanlink_getter *getter, const spanlink_formats *formats,
                                     char *text, size_t capacity, spanlink_extracted *found,
                                     size_t found_capacity, size_t *count) {
    header_source from;
    chosen_formats chosen;
    span_readings valid;
    size_t entries[KNOWN_FORMATS];
    if (count == NULL || (found == NULL && found_capacity != 0)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_status status = open_carrier(getter, formats, text, capacity, &from, &chosen);
    if (status == SPANLINK_OK) {
        status = read_formats(&from, &chosen, &valid);
    }
    if (status != SPANLINK_OK) {
        return status;
    }
    *count = list_spans(&valid, entries);
    if (*count > found_capacity) {
        return SPANLINK_ERR_CAPACITY;
    }
    for (size_t i = 0; i < *count; i++) {
        found[i] = valid.valid[entries[i]];
    }
    return SPANLINK_OK;
}

/* Injecting */

/* A format that cannot carry the trace id is skipped, unless no format can: for Datadog, whose ids
 * have 64 bits, a low half of zero means no trace. */
static spanlink_status plan_headers(const spanlink_context *context, const chosen_formats *formats,
                                    header_plan *to) {
    for (size_t i = 0; i < formats->count; i++) {
        spanlink_status status = all_formats[formats->formats[i]].write(context, to);
        if (status != SPANLINK_OK && status != SPANLINK_ERR_TRACE_ID_ZERO) {
            return status;
        }
    }
    return to->count != 0 ? SPANLINK_OK : SPANLINK_ERR_TRACE_ID_ZERO;
}

static uint32_t fields_of(const chosen_formats *formats) {
    uint32_t fields = 0;
    for (size_t i = 0; i < formats->count; i++) {
        const format_rules *format = &all_formats[formats->formats[i]];
        fields |= ((UINT32_C(1) << format->field_count) - 1) << format->first_field;
    }
    return fields;
}

static spanlink_status set_headers(const spanlink_setter *setter, const header_plan *from) {
    spanlink_status status = SPANLINK_OK;
    for (size_t i = 0; i < from->count && status == SPANLINK_OK; i++) {
        spanlink_str name = field_names[from->headers[i].field];
        status = setter->set(setter->state, name, from->headers[i].value);
    }
    return status;
}

/* Removes the headers that remain from an earlier injection. */
static spanlink_status remove_headers_of(const spanlink_setter *setter, uint32_t fields) {
    spanlink_status status = SPANLINK_OK;
    for (size_t field = 0; fields >> field != 0 && status == SPANLINK_OK; field++) {
        if ((fields >> field & 1) != 0) {
            status = setter->remove(setter->state, field_names[field]);
        }
    }
    return status;
}

spanlink_status spanlink_inject(const spanlink_context *context, const spanlink_formats *formats,
                                const spanlink_setter *setter, char *text, size_t capacity) {
    chosen_formats chosen;
    if (context == NULL || setter == NULL || setter->set == NULL ||
        (text == NULL && capacity != 0) || slnk_text_is_broken(context->trace_state) ||
        !choose_formats(formats, &chosen)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    if (chosen.none) {
        return SPANLINK_OK;
    }
    header_plan plan;
    start_plan(&plan, text, capacity);
    spanlink_status status = plan_headers(context, &chosen, &plan);
    if (status == SPANLINK_OK) {
        status = set_headers(setter, &plan);
    }
    if (status == SPANLINK_OK && setter->remove != NULL) {
        status = remove_headers_of(setter, fields_of(&chosen) & ~plan.set);
    }
    return status;
}

/* An array of headers as a carrier */

/* Not inlined into the loop over lengths, because few names get this far. */
static SLNK_APART bool is_of_name(const spanlink_header *header, spanlink_str name) {
    return slnk_header_name_same_text(header->name.ptr, name.ptr, name.len);
}

/* The first header with a name, from `index` on; the count or more if there is none. */
static size_t find_header(const spanlink_headers *headers, spanlink_str name, size_t index) {
    const spanlink_header *items = headers->items;
    while (index < headers->count &&
           (items[index].name.len != name.len || !is_of_name(&items[index], name))) {
        index++;
    }
    return index;
}

static bool next_header(void *state, spanlink_str name, size_t *cursor, spanlink_str *value) {
    const spanlink_headers *headers = state;
    size_t index = find_header(headers, name, *cursor);
    if (index >= headers->count) {
        return false;
    }
    *value = headers->items[index].value;
    *cursor = index + 1;
    return true;
}

static void remove_headers(spanlink_headers *headers, spanlink_str name, size_t from) {
    size_t kept = from;
    for (size_t i = from; i < headers->count; i++) {
        if (!slnk_header_name_same(headers->items[i].name, name)) {
            headers->items[kept++] = headers->items[i];
        }
    }
    headers->count = kept;
}

static spanlink_status set_header(void *state, spanlink_str name, spanlink_str value) {
    spanlink_headers *headers = state;
    size_t index = find_header(headers, name, 0);
    if (index < headers->count) {
        headers->items[index].value = value;
        remove_headers(headers, name, index + 1);
        return SPANLINK_OK;
    }
    if (headers->count >= headers->capacity) {
        return SPANLINK_ERR_CAPACITY;
    }
    headers->items[headers->count++] = (spanlink_header){name, value};
    return SPANLINK_OK;
}

static spanlink_status remove_header(void *state, spanlink_str name) {
    spanlink_headers *headers = state;
    remove_headers(headers, name, find_header(headers, name, 0));
    return SPANLINK_OK;
}

spanlink_getter spanlink_headers_getter(const spanlink_headers *headers) {
    return (spanlink_getter){(void *)(uintptr_t)headers, headers != NULL ? next_header : NULL};
}

spanlink_setter spanlink_headers_setter(spanlink_headers *headers) {
    if (headers == NULL) {
        return (spanlink_setter){NULL, NULL, NULL};
    }
    return (spanlink_setter){headers, set_header, remove_header};
}
