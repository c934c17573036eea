/* SPDX-License-Identifier: MIT */
/*
 * A PostgreSQL extension for workers that process batches of rows from a queue table.
 *
 * otlp_links(traceparent, tracestate) is an aggregate: it returns unique OTLP links to the senders
 * of the rows, at most 128, for the span of the worker. Of more senders it keeps a random sample
 * that depends only on the senders, so a parallel plan keeps the same ones as a serial one. A row
 * without a header, or with an invalid one, is counted and is not an error.
 *
 * trace_context(sql) reads sqlcommenter's comment in a statement.
 *
 * PostgreSQL reports an error by longjmp(), which must not pass through spanlink: the allocator
 * returns NULL instead, and ereport() is called when spanlink has returned.
 */
#include <postgres.h>

#include <fmgr.h>
#include <funcapi.h>
#include <utils/builtins.h>
#include <utils/memutils.h>

#include <spanlink/spanlink.h>

PG_MODULE_MAGIC;

#define MOST_LINKS 128 /* of a span: OpenTelemetry's default */

/* The state of an aggregate, in its memory context. */
typedef struct {
    spanlink_list *links;
    uint64 no_context; /* rows without a header */
    uint64 invalid;    /* rows with an invalid header */
    uint64 duplicate;  /* duplicates within the batches of other workers */
} batch;

/* A memory context as an allocator. Its blocks are aligned to 8 bytes, which is enough. */

static void *context_allocate(void *context, size_t size) {
    return size <= MaxAllocHugeSize
               ? MemoryContextAllocExtended(context, size, MCXT_ALLOC_NO_OOM | MCXT_ALLOC_HUGE)
               : NULL;
}

static void context_release(void *context, void *block, size_t size) {
    (void)context;
    (void)size;
    pfree(block);
}

/* Not repalloc(), which reports an error if there is no memory. */
static void *context_resize(void *context, void *block, size_t old_size, size_t new_size) {
    void *moved = context_allocate(context, new_size);
    if (moved != NULL) {
        memcpy(moved, block, Min(old_size, new_size));
        pfree(block);
    }
    return moved;
}

/* Ends the query unless the status is SPANLINK_OK. */
static void must(spanlink_status status) {
    if (status != SPANLINK_OK) {
        ereport(ERROR, (errcode(status == SPANLINK_ERR_NO_MEMORY ? ERRCODE_OUT_OF_MEMORY
                                                                 : ERRCODE_INTERNAL_ERROR),
                        errmsg("spanlink: %s", spanlink_status_text(status))));
    }
}

/* An empty batch, allocated in the group's memory context, which releases all of it. */
static batch *new_batch(FunctionCallInfo fcinfo) {
    MemoryContext memory;
    spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
    batch *made;
    if (!AggCheckCallContext(fcinfo, &memory)) {
        elog(ERROR, "an otlp_links function was called outside of its aggregate");
    }
    options.allocator =
        (spanlink_allocator){memory, context_allocate, context_resize, context_release};
    options.limits.max_links = MOST_LINKS;
    options.unique = true;
    options.overflow = SPANLINK_OVERFLOW_RESERVOIR;
    options.seed = 1; /* the same in all workers, so that they keep the same links */
    made = MemoryContextAllocZero(memory, sizeof *made);
    must(spanlink_list_create(&options, &made->links));
    return made;
}

static spanlink_str text_view(const text *value) {
    return spanlink_str_make(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
}

static spanlink_str text_argument(FunctionCallInfo fcinfo, int index) {
    return PG_ARGISNULL(index) ? spanlink_str_make(NULL, 0) : text_view(PG_GETARG_TEXT_PP(index));
}

static batch *batch_argument(FunctionCallInfo fcinfo, int index) {
    return PG_ARGISNULL(index) ? NULL : (batch *)PG_GETARG_POINTER(index);
}

/* Adds a row. */
PG_FUNCTION_INFO_V1(otlp_links_add);
Datum otlp_links_add(PG_FUNCTION_ARGS) {
    batch *state = batch_argument(fcinfo, 0);
    spanlink_context sender;
    spanlink_status status;
    if (state == NULL) {
        state = new_batch(fcinfo);
    }
    status =
        spanlink_context_from_headers(text_argument(fcinfo, 1), text_argument(fcinfo, 2), &sender);
    if (status == SPANLINK_OK) {
        must(spanlink_list_add_of_type(state->links, &sender, SPANLINK_LINK_TYPE_FOLLOWS_FROM));
    } else if (status == SPANLINK_ERR_NO_CONTEXT) {
        state->no_context++;
    } else {
        state->invalid++;
    }
    PG_RETURN_POINTER(state);
}

/* Moves the links and counts of another worker into this state. */
PG_FUNCTION_INFO_V1(otlp_links_combine);
Datum otlp_links_combine(PG_FUNCTION_ARGS) {
    batch *state = batch_argument(fcinfo, 0), *from = batch_argument(fcinfo, 1);
    if (state == NULL && from != NULL) {
        state = new_batch(fcinfo);
    }
    if (state == NULL) {
        PG_RETURN_NULL();
    }
    if (from != NULL) {
        must(spanlink_list_merge(state->links, from->links));
        state->no_context += from->no_context;
        state->invalid += from->invalid;
        state->duplicate += from->duplicate;
    }
    PG_RETURN_POINTER(state);
}

/* The duplicates of this list and within the batches of other workers. */
static uint64 duplicates(const batch *state) {
    spanlink_list_stats stats = SPANLINK_LIST_STATS_INIT;
    spanlink_list_get_stats(state->links, &stats);
    return state->duplicate + stats.duplicate;
}

/* Returns a palloc'd bytea: `header` bytes, then the links as OTLP. */
static bytea *encode(const batch *state, size_t header) {
    size_t size = spanlink_otlp_list_size(state->links), written;
    bytea *bytes;
    if (size > MaxAllocSize - VARHDRSZ - header) {
        must(SPANLINK_ERR_OTLP_SIZE);
    }
    bytes = palloc(VARHDRSZ + header + size);
    SET_VARSIZE(bytes, VARHDRSZ + header + size);
    must(spanlink_otlp_encode_list(state->links, (uint8_t *)VARDATA(bytes) + header, size,
                                   &written));
    return bytes;
}

/* A worker sends its state to the leader as the counts that OTLP has no field for, followed by the
 * links as OTLP, which includes the number of dropped links. */

#define COUNTS (3 * sizeof(uint64))

PG_FUNCTION_INFO_V1(otlp_links_serialize);
Datum otlp_links_serialize(PG_FUNCTION_ARGS) {
    batch *state = batch_argument(fcinfo, 0);
    uint64 counts[3] = {state->no_context, state->invalid, duplicates(state)};
    bytea *bytes = encode(state, sizeof counts);
    memcpy(VARDATA(bytes), counts, sizeof counts);
    PG_RETURN_BYTEA_P(bytes);
}

PG_FUNCTION_INFO_V1(otlp_links_deserialize);
Datum otlp_links_deserialize(PG_FUNCTION_ARGS) {
    spanlink_str bytes = text_view(PG_GETARG_BYTEA_PP(0));
    uint64 counts[3];
    batch *state = new_batch(fcinfo);
    if (bytes.len < sizeof counts) {
        must(SPANLINK_ERR_OTLP_TRUNCATED);
    }
    memcpy(counts, bytes.ptr, sizeof counts);
    state->no_context = counts[0];
    state->invalid = counts[1];
    state->duplicate = counts[2];
    must(spanlink_otlp_decode((const uint8_t *)bytes.ptr + sizeof counts, bytes.len - sizeof counts,
                              state->links));
    PG_RETURN_POINTER(state);
}

/* The results; NULL if there are no rows. */

PG_FUNCTION_INFO_V1(otlp_links_final);
Datum otlp_links_final(PG_FUNCTION_ARGS) {
    batch *state = batch_argument(fcinfo, 0);
    if (state == NULL) {
        PG_RETURN_NULL();
    }
    PG_RETURN_BYTEA_P(encode(state, 0));
}

PG_FUNCTION_INFO_V1(otlp_links_final_json);
Datum otlp_links_final_json(PG_FUNCTION_ARGS) {
    batch *state = batch_argument(fcinfo, 0);
    size_t size;
    text *json;
    if (state == NULL) {
        PG_RETURN_NULL();
    }
    size = spanlink_otlp_json_list_size(state->links);
    if (size > MaxAllocSize - VARHDRSZ - 2) {
        must(SPANLINK_ERR_OTLP_SIZE);
    }
    json = palloc(VARHDRSZ + size + 2);
    SET_VARSIZE(json, VARHDRSZ + size + 2);
    must(spanlink_otlp_json_encode_list(state->links, VARDATA(json) + 1, size, &size));
    VARDATA(json)[0] = '{';
    VARDATA(json)[1 + size] = '}';
    PG_RETURN_TEXT_P(json);
}

/* A row of a function's OUT parameters. */
static Datum make_row(FunctionCallInfo fcinfo, Datum *values, bool *nulls) {
    TupleDesc type;
    if (get_call_result_type(fcinfo, NULL, &type) != TYPEFUNC_COMPOSITE) {
        elog(ERROR, "a row type was expected");
    }
    return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(type), values, nulls));
}

PG_FUNCTION_INFO_V1(otlp_links_final_counts);
Datum otlp_links_final_counts(PG_FUNCTION_ARGS) {
    batch *state = batch_argument(fcinfo, 0);
    spanlink_list_stats stats = SPANLINK_LIST_STATS_INIT;
    Datum values[6];
    bool nulls[6] = {false};
    if (state == NULL) {
        PG_RETURN_NULL();
    }
    spanlink_list_get_stats(state->links, &stats);
    values[1] = UInt64GetDatum(stats.kept);
    values[2] = UInt64GetDatum(duplicates(state));
    values[3] = UInt64GetDatum(stats.over_limit);
    values[4] = UInt64GetDatum(state->no_context);
    values[5] = UInt64GetDatum(state->invalid);
    values[0] = UInt64GetDatum(stats.kept + duplicates(state) + stats.over_limit +
                               state->no_context + state->invalid);
    return make_row(fcinfo, values, nulls);
}

PG_FUNCTION_INFO_V1(trace_context);
Datum trace_context(PG_FUNCTION_ARGS) {
    spanlink_str sql = text_view(PG_GETARG_TEXT_PP(0)), state;
    char *decoded = palloc(SPANLINK_TRACESTATE_MAX), traceparent[56];
    spanlink_context caller;
    Datum values[2] = {0, 0};
    bool nulls[2] = {true, true};
    if (spanlink_sql_comment_parse(sql, decoded, SPANLINK_TRACESTATE_MAX, &caller) == SPANLINK_OK &&
        spanlink_traceparent_format(&caller, traceparent) == SPANLINK_OK) {
        state = caller.trace_state;
        values[0] = PointerGetDatum(cstring_to_text(traceparent));
        nulls[0] = false;
        nulls[1] = state.len == 0;
        if (state.len != 0) {
            values[1] = PointerGetDatum(cstring_to_text_with_len(state.ptr, (int)state.len));
        }
    }
    return make_row(fcinfo, values, nulls);
}
