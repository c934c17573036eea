/* SPDX-License-Identifier: MIT */
\echo Use "CREATE EXTENSION spanlink" to load this file. \quit

-- The counts of a batch: `messages` is the sum of the others.
CREATE TYPE otlp_link_counts AS (messages bigint, linked bigint, duplicate bigint, over_limit bigint,
    no_context bigint, invalid bigint);

-- All three aggregates share this function, so a query that uses several of them on the same rows
-- evaluates it once per row.
CREATE FUNCTION otlp_links_add(internal, text, text) RETURNS internal
    AS 'MODULE_PATHNAME' LANGUAGE C PARALLEL SAFE;
CREATE FUNCTION otlp_links_combine(internal, internal) RETURNS internal
    AS 'MODULE_PATHNAME' LANGUAGE C PARALLEL SAFE;
CREATE FUNCTION otlp_links_serialize(internal) RETURNS bytea
    AS 'MODULE_PATHNAME' LANGUAGE C STRICT PARALLEL SAFE;
CREATE FUNCTION otlp_links_deserialize(bytea, internal) RETURNS internal
    AS 'MODULE_PATHNAME' LANGUAGE C STRICT PARALLEL SAFE;
CREATE FUNCTION otlp_links_final(internal) RETURNS bytea
    AS 'MODULE_PATHNAME' LANGUAGE C PARALLEL SAFE;
CREATE FUNCTION otlp_links_final_json(internal) RETURNS json
    AS 'MODULE_PATHNAME' LANGUAGE C PARALLEL SAFE;
CREATE FUNCTION otlp_links_final_counts(internal) RETURNS otlp_link_counts
    AS 'MODULE_PATHNAME' LANGUAGE C PARALLEL SAFE;

-- Fields 13 and 14 of an OTLP Span, to be appended to the Span's other fields.
CREATE AGGREGATE otlp_links(traceparent text, tracestate text) (
    SFUNC = otlp_links_add, STYPE = internal, SSPACE = 20000,
    FINALFUNC = otlp_links_final,
    COMBINEFUNC = otlp_links_combine,
    SERIALFUNC = otlp_links_serialize, DESERIALFUNC = otlp_links_deserialize,
    PARALLEL = SAFE);

-- The same as OTLP/JSON.
CREATE AGGREGATE otlp_links_json(traceparent text, tracestate text) (
    SFUNC = otlp_links_add, STYPE = internal, SSPACE = 20000,
    FINALFUNC = otlp_links_final_json,
    COMBINEFUNC = otlp_links_combine,
    SERIALFUNC = otlp_links_serialize, DESERIALFUNC = otlp_links_deserialize,
    PARALLEL = SAFE);

-- The counts.
CREATE AGGREGATE otlp_links_counts(traceparent text, tracestate text) (
    SFUNC = otlp_links_add, STYPE = internal, SSPACE = 20000,
    FINALFUNC = otlp_links_final_counts,
    COMBINEFUNC = otlp_links_combine,
    SERIALFUNC = otlp_links_serialize, DESERIALFUNC = otlp_links_deserialize,
    PARALLEL = SAFE);

-- The context in sqlcommenter's comment of a statement; NULLs if there is none.
CREATE FUNCTION trace_context(sql text, OUT traceparent text, OUT tracestate text)
    AS 'MODULE_PATHNAME' LANGUAGE C STRICT IMMUTABLE PARALLEL SAFE;
