-- SPDX-License-Identifier: EUPL-1.2
-- What PostgreSQL has beside the tables of schema.sql: a full-text index of our own, which ranks as
-- FTS5 does, and what stands for SQLite's `user_version` and `data_version`.

CREATE TABLE IF NOT EXISTS format (version integer NOT NULL);

-- How often each term stands in a passage and in its heading, and how long the passage is.
CREATE TABLE IF NOT EXISTS postings (
    term text COLLATE "C" NOT NULL,
    passage bigint NOT NULL,
    body integer NOT NULL,
    heading integer NOT NULL,
    tokens integer NOT NULL,
    PRIMARY KEY (term, passage) INCLUDE (body, heading, tokens)
);
CREATE INDEX IF NOT EXISTS postings_of_passage ON postings (passage);

-- How many passages hold each term; room is left in each page, since common words change often.
CREATE TABLE IF NOT EXISTS words (
    term text COLLATE "C" PRIMARY KEY,
    passages bigint NOT NULL
) WITH (fillfactor = 50);

-- One row: how often something was written, the passages of the index and all their terms.
CREATE TABLE IF NOT EXISTS totals (
    one integer PRIMARY KEY CHECK (one = 1),
    writes bigint NOT NULL,
    passages bigint NOT NULL,
    tokens bigint NOT NULL
);
INSERT INTO totals VALUES (1, 0, 0, 0) ON CONFLICT DO NOTHING;

-- Where a string stands in another, as SQLite calls it.
CREATE OR REPLACE FUNCTION instr(text, text) RETURNS integer LANGUAGE sql IMMUTABLE
AS $$ SELECT strpos($1, $2) $$;
