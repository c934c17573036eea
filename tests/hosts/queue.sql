-- SPDX-License-Identifier: MIT
-- A queue of 100,000 messages, in batches of 1 to 5,000: parallel and serial plans must give the same
-- links. A third of the messages are redeliveries; some have no context, or an invalid one.
CREATE EXTENSION spanlink;

CREATE TABLE queue AS
WITH batches AS (
    SELECT batch, CASE WHEN batch <= 100 THEN batch WHEN batch < 130 THEN 1550 ELSE 5000 END AS size
    FROM generate_series(1, 139) AS batch),
messages AS (
    SELECT row_number() OVER () AS id, batch, n, n - n % 3 / 2 AS sender
    FROM batches, generate_series(1, size) AS n)
SELECT id, batch,
    CASE WHEN n % 50 = 0 THEN NULL
        WHEN n % 52 = 0 THEN '00-bad'
        ELSE format('00-%s-%s-0%s', md5(batch || ' ' || sender), left(md5(sender::text), 16), sender % 2)
    END AS traceparent,
    CASE WHEN sender % 4 = 0 THEN 'vendor=' || sender END AS tracestate
FROM messages ORDER BY md5(id::text); -- the rows of a batch are scattered
ANALYZE queue;

CREATE VIEW batches AS
SELECT batch, count(*) AS size,
    otlp_links(traceparent, tracestate) AS links,
    otlp_links_json(traceparent, tracestate) AS json,
    otlp_links_counts(traceparent, tracestate) AS counts
FROM queue GROUP BY batch;

CREATE FUNCTION has_plan(step text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
    FOR line IN EXPLAIN (ANALYZE, COSTS OFF) SELECT * FROM batches LOOP
        IF line ~ step THEN RETURN true; END IF;
    END LOOP;
    RETURN false;
END $$;

SET max_parallel_workers_per_gather = 0;
CREATE TABLE serial AS SELECT * FROM batches;
DO $$ BEGIN ASSERT NOT has_plan('Gather'), 'a serial plan'; END $$;

SET max_parallel_workers_per_gather = 4;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
CREATE TABLE parallel AS SELECT * FROM batches;
DO $$ BEGIN
    ASSERT has_plan('Workers Launched: [1-9]'), 'parallel workers';
    ASSERT has_plan('Finalize .*Aggregate'), 'a parallel aggregate';
END $$;

-- The links of a batch as sorted text, without the markers of dropped links.
CREATE FUNCTION names(json json) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', link ->> 'traceId', link ->> 'spanId', link ->> 'traceState',
        link ->> 'flags', link -> 'attributes' -> 0), E'\n' ORDER BY link ->> 'traceId')
    FROM json_array_elements(json -> 'links') AS link;
$$;

DO $$ DECLARE differ bigint; total record;
BEGIN
    SELECT count(*) INTO differ FROM serial AS a FULL JOIN parallel AS b USING (batch)
        WHERE names(a.json) IS DISTINCT FROM names(b.json);
    ASSERT differ = 0, format('%s batches have other links in the parallel plan', differ);

    -- A repeated sender that was dropped counts as over the limit or as a duplicate, depending on the
    -- worker. All other counts are equal.
    SELECT count(*) INTO differ FROM serial AS a JOIN parallel AS b USING (batch)
        WHERE ((a.counts).messages, (a.counts).linked, (a.counts).no_context, (a.counts).invalid,
                (a.counts).duplicate + (a.counts).over_limit)
            <> ((b.counts).messages, (b.counts).linked, (b.counts).no_context, (b.counts).invalid,
                (b.counts).duplicate + (b.counts).over_limit)
            OR (a.counts).messages <> a.size OR (b.counts).messages <> b.size
            OR a.size < 128 AND a.counts <> b.counts;
    ASSERT differ = 0, format('%s batches have other counts in the parallel plan', differ);

    SELECT sum((counts).messages) AS messages, max((counts).linked) AS most,
        sum((counts).no_context) AS no_context, sum((counts).invalid) AS invalid INTO total FROM parallel;
    ASSERT total.messages = 100000 AND total.most = 128 AND total.no_context > 0 AND total.invalid > 0;
END $$;

-- Each link points to a sender of its batch.
DO $$ DECLARE strangers bigint;
BEGIN
    SELECT count(*) INTO strangers
        FROM (SELECT batch, json_array_elements(json -> 'links') AS link FROM parallel) AS linked
        WHERE NOT EXISTS (SELECT FROM queue WHERE queue.batch = linked.batch
            AND traceparent = format('00-%s-%s-0%s', link ->> 'traceId', link ->> 'spanId', (link ->> 'flags')::int & 1)
            AND coalesce(tracestate, '') = coalesce(link ->> 'traceState', ''));
    ASSERT strangers = 0, format('%s links name no sender', strangers);
END $$;

SELECT format('postgresql: %s messages in %s batches: a parallel plan gives the %s links of a serial one;'
    ' %s messages have no context, %s a bad one', sum((counts).messages), count(*), sum((counts).linked),
    sum((counts).no_context), sum((counts).invalid)) FROM parallel;
