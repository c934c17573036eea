CREATE EXTENSION spanlink;

-- A batch of a queue: one link per sender, as the links of a Span in protobuf and in JSON.
CREATE TABLE queue (id int, traceparent text, tracestate text);
INSERT INTO queue VALUES
    (1, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'vendor=1'),
    (2, '00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-00', NULL);
SELECT otlp_links(traceparent, tracestate) FROM queue;
SELECT otlp_links_json(traceparent, tracestate) FROM queue;

-- Messages without a context, or with an invalid header, are counted and raise no error.
INSERT INTO queue VALUES
    (3, NULL, 'vendor=1'),
    (4, '', NULL),
    (5, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331', NULL),
    (6, '00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01', NULL),
    (7, '00-00000000000000000000000000000000-b7ad6b7169203331-01', NULL),
    (8, repeat('x', 100000), repeat('y', 100000)),
    (9, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'vendor=1'), -- a redelivery
    (10, '00-4bf92f3577b34da6a3ce929d0e0e4736-b7ad6b7169203331-01', 'no tracestate');
SELECT (otlp_links_counts(traceparent, tracestate)).* FROM queue;
SELECT otlp_links_json(traceparent, tracestate) FROM queue WHERE id > 2;

-- No rows give NULL; rows without contexts give an empty list of links.
SELECT otlp_links(traceparent, tracestate) IS NULL FROM queue WHERE id > 10;
SELECT otlp_links(traceparent, tracestate), otlp_links_json(traceparent, tracestate)
    FROM queue WHERE id IN (3, 5);

-- At most 128 links, a sample of all; the others are counted, also in the Span.
SELECT (otlp_links_counts(sender, 'n=' || n)).*,
    json_array_length(otlp_links_json(sender, 'n=' || n) -> 'links') AS links,
    otlp_links_json(sender, 'n=' || n) -> 'droppedLinksCount' AS dropped,
    otlp_links_json(sender, 'n=' || n) -> 'links' -> 127 -> 'attributes' AS markers
    FROM (SELECT n, format('00-%s-%s-01', lpad(to_hex(n), 32, '1'), lpad(to_hex(n), 16, '2')) AS sender
        FROM generate_series(1, 1000) n) AS senders;

-- The sample does not depend on the order of the rows.
WITH senders AS (
    SELECT n, format('00-%s-%s-01', lpad(to_hex(n), 32, '1'), lpad(to_hex(n), 16, '2')) AS sender
        FROM generate_series(1, 1000) n),
kept AS (
    SELECT json_array_elements(otlp_links_json(sender, '' ORDER BY n) -> 'links') ->> 'spanId' AS up,
        json_array_elements(otlp_links_json(sender, '' ORDER BY -n) -> 'links') ->> 'spanId' AS down
        FROM senders)
SELECT array_agg(up ORDER BY up) = array_agg(down ORDER BY down) AS same FROM kept;

-- As a window function: each row gets the result of the rows up to it.
SELECT id, (otlp_links_counts(traceparent, tracestate) OVER (ORDER BY id)).linked
    FROM queue ORDER BY id;

-- The context in sqlcommenter's comment of a statement.
SELECT * FROM trace_context(
    'SELECT 1 /*db_driver=''pq'',traceparent=''00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'','
    'tracestate=''congo%3Dt61rcWkgMzE%2Crojo%3D00f067aa0ba902b7''*/');
SELECT * FROM trace_context('SELECT 1 /*traceparent=''00-bad''*/');
SELECT * FROM trace_context('SELECT ''/*traceparent=''''00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01''''*/''');
SELECT * FROM trace_context('');
SELECT * FROM trace_context(NULL);

-- Both together: the senders of several statements, such as those that wait for a lock, become links.
SELECT otlp_links_json(caller.traceparent, caller.tracestate)
    FROM (VALUES ('UPDATE a /*traceparent=''00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01''*/'),
        ('UPDATE b')) AS activity(query), trace_context(query) AS caller;

DROP EXTENSION spanlink;
