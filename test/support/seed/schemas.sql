-- Two hundred schemas with what a dump can get wrong: order of creation, values that are made by the server, rights, what is not checked yet.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE COLLATION IF NOT EXISTS by_number (provider = icu, locale = 'en-u-kn-true');
CREATE ROLE e2e_reader;
DO $do$
DECLARE
  s text;
BEGIN
  FOR n IN 1..200 LOOP
    s := format('s%s', n);
    EXECUTE format($sql$
      CREATE SCHEMA %1$I AUTHORIZATION apprun;
      SET LOCAL ROLE apprun;
      CREATE TYPE %1$I.state AS ENUM ('new', 'it''s "done"', E'tab\tand\\backslash');
      CREATE DOMAIN %1$I.amount AS numeric(12, 3) CHECK (VALUE >= 0);
      CREATE FUNCTION %1$I.double(a numeric) RETURNS numeric LANGUAGE sql IMMUTABLE RETURN a * 2;
      CREATE TABLE %1$I.orders (
        id bigint GENERATED ALWAYS AS IDENTITY (START WITH 7 INCREMENT BY 3) PRIMARY KEY,
        name text COLLATE public.by_number NOT NULL,
        state %1$I.state NOT NULL DEFAULT 'new',
        amount %1$I.amount NOT NULL,
        twice numeric GENERATED ALWAYS AS (%1$I.double(amount)) STORED,
        words tsvector GENERATED ALWAYS AS (to_tsvector('simple', name)) STORED,
        at timestamptz NOT NULL DEFAULT '2026-11-27 22:00:00+00',
        bytes bytea, tags text[], data jsonb, span int4range, noted double precision
      );
      CREATE INDEX ON %1$I.orders USING gin (words);
      CREATE INDEX ON %1$I.orders USING gin (name public.gin_trgm_ops);
      CREATE UNIQUE INDEX ON %1$I.orders (lower(name)) WHERE state = 'new';
      INSERT INTO %1$I.orders (name, state, amount, bytes, tags, data, span, noted)
        SELECT format(E'Übung %%s "a" \\ \t', g), (ARRAY['new', 'it''s "done"', E'tab\tand\\backslash'])[1 + g %% 3]::%1$I.state, g / 7.0,
          decode(md5(g::text), 'hex'), ARRAY[NULL, '', 'NULL', '{', g::text], jsonb_build_object('n', g, 'ü', NULL), int4range(g, g + 5),
          CASE g %% 5 WHEN 0 THEN 'NaN'::float8 WHEN 1 THEN '-Infinity'::float8 ELSE g / 3.0 END
        FROM generate_series(1, 20) g;
      CREATE TABLE %1$I.events (day date NOT NULL, what text) PARTITION BY RANGE (day);
      CREATE TABLE %1$I.events_2025 PARTITION OF %1$I.events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
      CREATE TABLE %1$I.events_rest PARTITION OF %1$I.events DEFAULT;
      INSERT INTO %1$I.events SELECT date '2025-12-25' + g, 'day ' || g FROM generate_series(1, 12) g;
      CREATE TABLE %1$I.lines (order_id bigint, position int, note text);
      INSERT INTO %1$I.lines VALUES (-1, 1, 'of no order');
      ALTER TABLE %1$I.lines ADD CONSTRAINT of_an_order FOREIGN KEY (order_id) REFERENCES %1$I.orders NOT VALID;
      ALTER TABLE %1$I.lines ADD CONSTRAINT short CHECK (length(note) < 5) NOT VALID;
      ALTER TABLE %1$I.orders ENABLE ROW LEVEL SECURITY;
      ALTER TABLE %1$I.orders FORCE ROW LEVEL SECURITY;
      CREATE POLICY own ON %1$I.orders USING (state = 'new') WITH CHECK (amount < 1000);
      CREATE VIEW %1$I.open WITH (security_barrier) AS SELECT id, name FROM %1$I.orders WHERE state = 'new';
      CREATE MATERIALIZED VIEW %1$I.totals AS SELECT note, count(*) AS n FROM %1$I.lines GROUP BY note;
      CREATE SEQUENCE %1$I.numbers START 40 CYCLE MAXVALUE 50;
      SELECT nextval('%1$I.numbers');
      COMMENT ON TABLE %1$I.orders IS E'it''s\nof two lines';
      GRANT USAGE ON SCHEMA %1$I TO e2e_reader;
      GRANT SELECT (id, name) ON %1$I.orders TO e2e_reader;
      ALTER DEFAULT PRIVILEGES IN SCHEMA %1$I GRANT SELECT ON TABLES TO e2e_reader;
      RESET ROLE;
    $sql$, s);
  END LOOP;
END
$do$;
SELECT lo_from_bytea(90000 + g, decode(repeat(md5(g::text), 1000), 'hex')) FROM generate_series(1, 20) g;
