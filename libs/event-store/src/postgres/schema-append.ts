/**
 * What an append is held against: the revision that its stream stands at; also the event that stands there; also who
 * logged in.
 */
export type AppendCheck = 'revision' | 'event' | 'writer';

interface Variant {
  readonly parameter: string;
  readonly lengths: string;
  readonly writes: string;
  readonly accepts: string;
}

const event: Variant = {
  parameter: ' item_afters uuid[],',
  lengths: '      OR cardinality(item_streams) <> cardinality(item_afters)\n',
  writes: '',
  accepts: `      SELECT i.known = 0 AND i.actual = i.expected AND (i.after IS NULL OR i.after IS NOT DISTINCT FROM
        (SELECT e.id FROM events e WHERE e.stream = i.stream AND e.revision = i.expected))
      FROM unnest(known, actual, item_expected, item_streams, item_afters)
        WITH ORDINALITY i (known, actual, expected, stream, after, n) ORDER BY i.n);`,
};

/** Whoever may act as the owner anyway, as the one login of the default run does, is asked nothing more. */
const writes = `
    IF NOT pg_has_role(session_user, current_user, 'USAGE') THEN
      SELECT i.stream INTO not_theirs FROM unnest(item_streams) i (stream)
      WHERE NOT EXISTS (SELECT FROM writers w WHERE w.login = session_user AND starts_with(i.stream, w.prefix)) LIMIT 1;
      IF FOUND THEN
        RAISE EXCEPTION 'the user % may not append to the stream "%"', session_user, not_theirs
          USING ERRCODE = 'insufficient_privilege', HINT = 'Whose streams are whose "mangnon roles apply" says.';
      END IF;
    END IF;
`;

const variants: Readonly<Record<AppendCheck, Variant>> = {
  revision: {
    parameter: '',
    lengths: '',
    writes: '',
    accepts: `      SELECT i.known = 0 AND i.actual = i.expected
      FROM unnest(known, actual, item_expected) WITH ORDINALITY i (known, actual, expected, n) ORDER BY i.n);`,
  },
  event,
  writer: { ...event, writes },
};

/**
 * The only way in. Items are the appends of a call (streams, expected, sizes; at most one a stream), the events of all
 * items follow in the items' order; which revision an event gets is worked out here, so that no caller can leave a gap.
 * Text comes as lines, which canonical JSON and names never break: an array of text costs more to write and to parse than
 * all the rest. Joins are avoided throughout: on arrays the planner knows no sizes and would compare every event with
 * every item.
 */
const append = `
  CREATE FUNCTION append(
    stream_lines text, item_expected bigint[], item_sizes integer[],@parameter@
    event_ids uuid[], type_lines text, event_versions smallint[], metadata_lines text, data_lines text
  )
  RETURNS TABLE (outcome text, stands_at bigint, last_incarnation integer, last_number bigint, last_recorded_at timestamptz)
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = event_store, pg_temp
  SET lock_timeout = '5s'
  SET plan_cache_mode = force_generic_plan
  SET enable_seqscan = off
  SET jit = off
  AS $$
  DECLARE
    current head;
    end_seq bigint;
    end_number bigint;
    stamp timestamptz;
    actual bigint[];
    item_streams text[] := string_to_array(stream_lines, E'\\n');
    event_types text[] := string_to_array(type_lines, E'\\n');
    event_metadata text[] := string_to_array(metadata_lines, E'\\n');
    event_data text[] := string_to_array(data_lines, E'\\n');
    event_items integer[];
    event_revisions bigint[];
    known integer[] := array_fill(0, ARRAY[cardinality(item_streams)]);
    same integer[] := known;
    accepted boolean[];
@declares@  BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
      RAISE EXCEPTION 'append needs the isolation level read committed';
    END IF;
    SELECT array_agg(i.n ORDER BY i.n, o), array_agg(i.expected + o ORDER BY i.n, o) INTO event_items, event_revisions
    FROM unnest(item_expected, item_sizes) WITH ORDINALITY i (expected, size, n), generate_series(1, i.size) o;
    IF cardinality(item_streams) <> cardinality(item_expected) OR cardinality(item_streams) <> cardinality(item_sizes)
@lengths@      OR 1 > ANY (item_sizes) OR cardinality(event_items) <> ANY (ARRAY[cardinality(event_ids), cardinality(event_types),
        cardinality(event_versions), cardinality(event_metadata), cardinality(event_data)])
    THEN
      RAISE EXCEPTION 'the parts of the call differ in length';
    END IF;
@writes@
    -- Whoever holds the head and falls silent is cut off, and what it did is undone.
    PERFORM set_config('idle_in_transaction_session_timeout', '1s', true);
    IF current_setting('synchronous_commit') = 'off' THEN
      PERFORM set_config('synchronous_commit', 'on', true);
    END IF;
    SELECT * INTO current FROM head FOR UPDATE;

    -- Statements from here on see everything that earlier holders of the head have committed.
    SELECT e.seq, e.number, e.recorded_at INTO end_seq, end_number, stamp FROM events e ORDER BY e.seq DESC LIMIT 1;
    end_seq := coalesce(end_seq, 0);
    end_number := coalesce(end_number, 0);
    stamp := greatest(stamp, date_trunc('milliseconds', clock_timestamp() + current.clock_offset));

    actual := ARRAY(
      SELECT coalesce((SELECT e.revision FROM events e WHERE e.stream = i.stream ORDER BY e.revision DESC LIMIT 1), -1)
      FROM unnest(item_streams) WITH ORDINALITY i (stream, n) ORDER BY i.n);

    IF EXISTS (SELECT FROM events e WHERE e.id = ANY (event_ids)) THEN
      SELECT array_agg(c.known ORDER BY c.item), array_agg(c.same ORDER BY c.item) INTO known, same
      FROM (
        SELECT t.item, count(e.id)::integer AS known,
          (count(*) FILTER (WHERE e.stream = item_streams[t.item] AND e.revision = t.revision))::integer AS same
        FROM unnest(event_items, event_ids, event_revisions) t (item, id, revision)
        LEFT JOIN LATERAL (SELECT s.id, s.stream, s.revision FROM events s WHERE s.id = t.id OFFSET 0) e ON true
        GROUP BY t.item
      ) c;
    END IF;

    accepted := ARRAY(
@accepts@

    INSERT INTO events (seq, id, stream, revision, incarnation, number, recorded_at, schema_version, type, metadata, data)
    SELECT end_seq + row_number() OVER (ORDER BY t.n), t.id, item_streams[t.item], t.revision, current.incarnation,
      end_number + row_number() OVER (ORDER BY t.n), stamp, t.version, t.type, t.metadata, t.data
    FROM unnest(event_items, event_revisions, event_ids, event_types, event_versions, event_metadata, event_data)
      WITH ORDINALITY t (item, revision, id, type, version, metadata, data, n)
    WHERE accepted[t.item]
    ORDER BY t.n;

    RETURN QUERY
    SELECT CASE WHEN i.accepted THEN 'appended' WHEN i.same = i.size THEN 'repeated' WHEN i.known > 0 THEN 'mixed' ELSE 'moved' END,
      i.actual,
      CASE WHEN i.accepted THEN current.incarnation ELSE e.incarnation END,
      CASE WHEN i.accepted THEN end_number + sum(i.size) FILTER (WHERE i.accepted) OVER (ORDER BY i.n) ELSE e.number END,
      CASE WHEN i.accepted THEN stamp ELSE e.recorded_at END
    FROM unnest(item_streams, item_expected, item_sizes, actual, known, same, accepted)
      WITH ORDINALITY i (stream, expected, size, actual, known, same, accepted, n)
    LEFT JOIN LATERAL (
      SELECT s.incarnation, s.number, s.recorded_at FROM events s
      WHERE i.same = i.size AND s.stream = i.stream AND s.revision = i.expected + i.size OFFSET 0
    ) e ON true
    ORDER BY i.n;
  END $$;
  REVOKE ALL ON FUNCTION append FROM PUBLIC;
`;

/** The statements that make the append function, in any variant; none of their text changes once it was released. */
export function appendSql(check: AppendCheck): string {
  const { parameter, lengths, writes: guard, accepts } = variants[check];
  return append
    .replace('@parameter@', parameter)
    .replace('@lengths@', lengths)
    .replace('@declares@', guard === '' ? '' : '    not_theirs text;\n')
    .replace('@writes@', guard)
    .replace('@accepts@', accepts);
}
