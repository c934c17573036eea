/* SPDX-License-Identifier: MIT */
/*
 * An nginx module that gives each request a span, and writes it as one line of OTLP/JSON.
 *
 *     spanlink on;        the span continues the trace of the caller
 *     spanlink public;    a public endpoint: the span starts a new trace and links to the caller
 *     spanlink off;       no span (the default)
 *     spanlink_log FILE;  the file to which the lines are appended
 *
 * The caller's context is read in the formats of the environment variable OTEL_PROPAGATORS. Send
 * $spanlink_traceparent and $spanlink_tracestate to the upstream. A span is allocated in the pool
 * of its request, and released with it.
 */
#include "pool_allocator.h"

#include <ngx_http.h>
#include <sys/random.h>

#include <spanlink/spanlink.h>

enum { MODE_OFF, MODE_ON, MODE_PUBLIC };

typedef struct {
    spanlink_formats formats;
    ngx_open_file_t *log;
} main_conf_t;

typedef struct {
    ngx_uint_t mode;
} loc_conf_t;

typedef struct {
    spanlink_context context;
    spanlink_context parent; /* zero: a root span */
    spanlink_list *links;
} span_t;

ngx_module_t ngx_http_spanlink_module;

/* The next header line of a name in a request. `cursor` is the number of lines already checked. */
static bool next_header(void *state, spanlink_str name, size_t *cursor, spanlink_str *value) {
    size_t before = 0; /* lines in earlier parts */
    for (ngx_list_part_t *part = state; part != NULL; before += part->nelts, part = part->next) {
        const ngx_table_elt_t *lines = part->elts;
        while (*cursor < before + part->nelts) {
            const ngx_table_elt_t *line = &lines[(*cursor)++ - before];
            spanlink_str key = {(const char *)line->lowcase_key, line->key.len};
            if (key.len == name.len && memcmp(key.ptr, name.ptr, key.len) == 0) {
                *value = spanlink_str_make((const char *)line->value.data, line->value.len);
                return true;
            }
        }
    }
    return false;
}

/* The spans that the headers name: more than one if several formats disagree. A request without a
 * valid context is an ordinary request. */
static size_t find_callers(ngx_http_request_t *r,
                           spanlink_extracted callers[SPANLINK_FORMATS_MAX]) {
    main_conf_t *conf = ngx_http_get_module_main_conf(r, ngx_http_spanlink_module);
    spanlink_getter getter = {&r->headers_in.headers.part, next_header};
    char *text = ngx_palloc(r->pool, SPANLINK_TRACESTATE_MAX); /* of several tracestate lines */
    size_t count = 0, capacity = text != NULL ? SPANLINK_TRACESTATE_MAX : 0;
    spanlink_status status = spanlink_extract_all(&getter, &conf->formats, text, capacity, callers,
                                                  SPANLINK_FORMATS_MAX, &count);
    if (status != SPANLINK_OK && status != SPANLINK_ERR_NO_CONTEXT) {
        ngx_log_error(NGX_LOG_WARN, r->connection->log, 0, "spanlink: no link to the caller: %s",
                      spanlink_status_text(status));
    }
    return count;
}

/* The root of a new trace, or a child of the caller, with a new span id. */
static bool identify(span_t *span, const spanlink_context *caller) {
    u_char ids[24];
    if (getrandom(ids, sizeof ids, 0) != sizeof ids) {
        return false;
    }
    ngx_memcpy(span->context.trace_id, ids, 16);
    span->context.trace_flags = SPANLINK_TRACE_FLAG_SAMPLED | SPANLINK_TRACE_FLAG_RANDOM;
    if (caller != NULL) {
        span->parent = span->context = *caller;
    }
    ngx_memcpy(span->context.span_id, ids + 16, 8);
    return true;
}

/* Makes the span of a request, with at most one parent, and links to all other callers. */
static bool fill_span(ngx_http_request_t *r, ngx_uint_t mode, span_t *span) {
    spanlink_extracted callers[SPANLINK_FORMATS_MAX];
    size_t count = find_callers(r, callers), next = mode == MODE_ON && count > 0 ? 1 : 0;
    spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
    options.allocator = pool_allocator(r->pool);
    ngx_memzero(span, sizeof *span);
    bool done = identify(span, next != 0 ? &callers[0].context : NULL) &&
                spanlink_list_create(&options, &span->links) == SPANLINK_OK;
    for (; done && next < count; next++) {
        done = spanlink_list_add_of_type(span->links, &callers[next].context,
                                         SPANLINK_LINK_TYPE_CAUSED_BY) == SPANLINK_OK;
    }
    return done;
}

static void span_ends(void *span) {
    spanlink_list_destroy(((span_t *)span)->links);
}

/* The span is kept in a clean-up of the request's pool, because an internal redirect clears the
 * module contexts. */
static span_t *find_span(ngx_http_request_t *r) {
    for (ngx_pool_cleanup_t *cleanup = r->pool->cleanup; cleanup; cleanup = cleanup->next) {
        if (cleanup->handler == span_ends) {
            return cleanup->data;
        }
    }
    return NULL;
}

/* The span of a request, created by the first call; NULL if there is none. */
static span_t *get_span(ngx_http_request_t *r) {
    loc_conf_t *conf = ngx_http_get_module_loc_conf(r->main, ngx_http_spanlink_module);
    span_t *span = find_span(r->main);
    if (span != NULL || conf->mode == MODE_OFF) {
        return span;
    }
    ngx_pool_cleanup_t *cleanup = ngx_pool_cleanup_add(r->main->pool, sizeof *span);
    if (cleanup == NULL || !fill_span(r->main, conf->mode, cleanup->data)) {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0, "spanlink: no memory for a span");
        return NULL;
    }
    cleanup->handler = span_ends;
    return cleanup->data;
}

/* $spanlink_traceparent, or with `is_state` $spanlink_tracestate. proxy_set_header omits an empty
 * value. */
static ngx_int_t get_variable(ngx_http_request_t *r, ngx_http_variable_value_t *value,
                              uintptr_t is_state) {
    span_t *span = get_span(r);
    *value = (ngx_http_variable_value_t){.valid = 1, .data = ngx_palloc(r->pool, 56)};
    if (span == NULL || value->data == NULL) {
        return NGX_OK;
    }
    if (is_state) {
        value->len = (unsigned)span->context.trace_state.len;
        value->data = (u_char *)(uintptr_t)span->context.trace_state.ptr;
    } else if (spanlink_traceparent_format(&span->context, (char *)value->data) == SPANLINK_OK) {
        value->len = 55;
    }
    return NGX_OK;
}

/* The line of a span */

#define LINE                                                                                       \
    "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":"      \
    "{\"stringValue\":\"nginx\"}}]},\"scopeSpans\":[{\"scope\":{\"name\":\"spanlink-nginx\"},"     \
    "\"spans\":[{\"traceId\":\"%s\",\"spanId\":\"%s\",\"parentSpanId\":\"%s\",\"flags\":%uD,"      \
    "\"kind\":2,\"name\":\"%V\",\"startTimeUnixNano\":\"%uL000000\","                              \
    "\"endTimeUnixNano\":\"%uL000000\",\"attributes\":[{\"key\":\"http.response.status_code\","    \
    "\"value\":{\"intValue\":\"%ui\"}},{\"key\":\"url.path\",\"value\":{\"stringValue\":\"%V\"}}]" \
    ","

#define LINE_END "}]}]}]}\n"

/* The path, percent-encoded so that it needs no escapes in JSON either. */
static ngx_str_t escaped_path(ngx_http_request_t *r) {
    ngx_str_t path = {0, ngx_pnalloc(r->pool, 3 * r->uri.len + 1)};
    u_char *end = path.data;
    for (size_t i = 0; end != NULL && i < r->uri.len; i++) {
        u_char c = r->uri.data[i];
        bool plain = c > 0x20 && c < 0x7f && ngx_strchr("\"\\%?#<>^`{|}", c) == NULL;
        end = ngx_sprintf(end, plain ? "%c" : "%%%02Xd", c);
    }
    path.len = end - path.data;
    return path;
}

/* The complete OTLP request with the span; empty if an allocation failed. */
static ngx_str_t make_line(ngx_http_request_t *r, const span_t *span) {
    char trace_id[33], span_id[17], parent_id[17] = "";
    ngx_time_t *now = ngx_timeofday();
    uint64_t start = (uint64_t)r->start_sec * 1000 + r->start_msec;
    uint64_t end = (uint64_t)now->sec * 1000 + now->msec;
    uint32_t flags = span->context.trace_flags | 0x100u | (span->parent.is_remote ? 0x200u : 0);
    ngx_str_t path = escaped_path(r), line = ngx_null_string;
    size_t links = spanlink_otlp_json_list_size(span->links);
    size_t room = sizeof LINE LINE_END + 200 + r->method_name.len + path.len + links;
    line.data = links == SIZE_MAX ? NULL : ngx_pnalloc(r->pool, room);
    if (line.data == NULL) {
        return line;
    }
    spanlink_trace_id_to_hex(span->context.trace_id, trace_id);
    spanlink_span_id_to_hex(span->context.span_id, span_id);
    if (spanlink_context_is_valid(&span->parent)) {
        spanlink_span_id_to_hex(span->parent.span_id, parent_id);
    }
    u_char *at = ngx_sprintf(line.data, LINE, trace_id, span_id, parent_id, flags, &r->method_name,
                             start, ngx_max(start, end), r->headers_out.status, &path);
    if (spanlink_otlp_json_encode_list(span->links, (char *)at, links, &links) == SPANLINK_OK) {
        line.len = ngx_sprintf(at + links, LINE_END) - line.data;
    }
    return line;
}

/* Runs at the end of each request. A line is one write() to a file that is opened for appending, so
 * lines of different workers do not mix. */
static ngx_int_t log_span(ngx_http_request_t *r) {
    main_conf_t *conf = ngx_http_get_module_main_conf(r, ngx_http_spanlink_module);
    span_t *span = conf->log != NULL ? get_span(r) : NULL;
    if (span != NULL) {
        ngx_str_t line = make_line(r, span);
        if (line.len == 0 ||
            ngx_write_fd(conf->log->fd, line.data, line.len) != (ssize_t)line.len) {
            ngx_log_error(NGX_LOG_ERR, r->connection->log, ngx_errno, "spanlink: a span is lost");
        }
    }
    return NGX_OK;
}

/* The configuration */

static char *set_log(ngx_conf_t *cf, ngx_command_t *command, void *main_conf) {
    main_conf_t *conf = main_conf;
    ngx_str_t *words = cf->args->elts;
    conf->log = ngx_conf_open_file(cf->cycle, &words[1]); /* reopened at SIGUSR1 */
    return conf->log != NULL ? NGX_CONF_OK : NGX_CONF_ERROR;
}

static void *create_main_conf(ngx_conf_t *cf) {
    main_conf_t *conf = ngx_pcalloc(cf->pool, sizeof *conf);
    spanlink_str unknown = {NULL, 0};
    if (conf == NULL || spanlink_formats_from_env(&conf->formats, &unknown) != SPANLINK_OK) {
        return NULL;
    }
    if (unknown.len > 0) {
        ngx_conf_log_error(NGX_LOG_WARN, cf, 0, "OTEL_PROPAGATORS: \"%*s\" is unknown", unknown.len,
                           unknown.ptr);
    }
    return conf;
}

static void *create_loc_conf(ngx_conf_t *cf) {
    loc_conf_t *conf = ngx_palloc(cf->pool, sizeof *conf);
    if (conf != NULL) {
        conf->mode = NGX_CONF_UNSET_UINT;
    }
    return conf;
}

static char *merge_loc_conf(ngx_conf_t *cf, void *outer, void *inner) {
    loc_conf_t *before = outer, *conf = inner;
    ngx_conf_merge_uint_value(conf->mode, before->mode, MODE_OFF);
    return NGX_CONF_OK;
}

static ngx_int_t add_variables(ngx_conf_t *cf) {
    ngx_str_t names[] = {ngx_string("spanlink_traceparent"), ngx_string("spanlink_tracestate")};
    for (uintptr_t i = 0; i < 2; i++) {
        ngx_http_variable_t *variable = ngx_http_add_variable(cf, &names[i], 0);
        if (variable == NULL) {
            return NGX_ERROR;
        }
        variable->get_handler = get_variable;
        variable->data = i;
    }
    return NGX_OK;
}

static ngx_int_t add_log_handler(ngx_conf_t *cf) {
    ngx_http_core_main_conf_t *core = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
    ngx_http_handler_pt *handler = ngx_array_push(&core->phases[NGX_HTTP_LOG_PHASE].handlers);
    if (handler == NULL) {
        return NGX_ERROR;
    }
    *handler = log_span;
    return NGX_OK;
}

static ngx_conf_enum_t modes[] = {{ngx_string("off"), MODE_OFF},
                                  {ngx_string("on"), MODE_ON},
                                  {ngx_string("public"), MODE_PUBLIC},
                                  {ngx_null_string, 0}};

static ngx_command_t commands[] = {
    {ngx_string("spanlink"), NGX_HTTP_LOC_CONF | NGX_HTTP_SRV_CONF | NGX_CONF_TAKE1,
     ngx_conf_set_enum_slot, NGX_HTTP_LOC_CONF_OFFSET, offsetof(loc_conf_t, mode), modes},
    {ngx_string("spanlink_log"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1, set_log,
     NGX_HTTP_MAIN_CONF_OFFSET, 0, NULL},
    ngx_null_command};

static ngx_http_module_t module = {.preconfiguration = add_variables,
                                   .postconfiguration = add_log_handler,
                                   .create_main_conf = create_main_conf,
                                   .create_loc_conf = create_loc_conf,
                                   .merge_loc_conf = merge_loc_conf};

ngx_module_t ngx_http_spanlink_module = {NGX_MODULE_V1, &module, commands, NGX_HTTP_MODULE,
                                         .spare_hook0 = 0};
