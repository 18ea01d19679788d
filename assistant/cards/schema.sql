-- SPDX-License-Identifier: EUPL-1.2
-- Validated answers: hidden text only.

CREATE TABLE IF NOT EXISTS cards (
    id TEXT PRIMARY KEY,
    answer TEXT NOT NULL,           -- empty: the quotes are the answer
    audience TEXT NOT NULL,
    until TEXT NOT NULL,            -- ISO day, or empty
    state TEXT NOT NULL,
    why TEXT NOT NULL,
    "by" TEXT NOT NULL,             -- a pseudonym
    role TEXT NOT NULL,
    at TEXT NOT NULL,               -- UTC
    embedder TEXT NOT NULL,
    vector BLOB NOT NULL,           -- of its question, float32
    service TEXT NOT NULL DEFAULT '',
    likely REAL NOT NULL DEFAULT 0  -- how likely a proposal is to be asked
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS cards_by_state ON cards (state);

-- What is said in other languages than French.
CREATE TABLE IF NOT EXISTS translations (
    card TEXT NOT NULL REFERENCES cards (id) ON DELETE CASCADE,
    language TEXT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (card, language)
) STRICT, WITHOUT ROWID;

-- The question (rank 0) and other ways to ask it.
CREATE TABLE IF NOT EXISTS askings (
    number INTEGER PRIMARY KEY,
    card TEXT NOT NULL REFERENCES cards (id) ON DELETE CASCADE,
    rank INTEGER NOT NULL,
    text TEXT NOT NULL,
    key TEXT NOT NULL               -- its words, signs left out
) STRICT;
CREATE INDEX IF NOT EXISTS askings_of ON askings (card, rank);
CREATE INDEX IF NOT EXISTS askings_by_key ON askings (key);

CREATE TABLE IF NOT EXISTS quotes (
    card TEXT NOT NULL REFERENCES cards (id) ON DELETE CASCADE,
    rank INTEGER NOT NULL,
    document TEXT NOT NULL,
    file TEXT NOT NULL,
    page INTEGER NOT NULL,
    quote TEXT NOT NULL,
    heading TEXT NOT NULL,
    PRIMARY KEY (card, rank)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS quotes_of_document ON quotes (document);

-- Lines of which a question was written, so that no later night begins anew.
CREATE TABLE IF NOT EXISTS tried (
    document TEXT NOT NULL,
    content TEXT NOT NULL,          -- keyed hash of the file: one that changed is read again
    page INTEGER NOT NULL,
    start INTEGER NOT NULL,
    night TEXT NOT NULL,            -- ISO day
    PRIMARY KEY (document, content, page, start)
) STRICT, WITHOUT ROWID;

-- Questions that found no answer and that somebody worked through without one.
CREATE TABLE IF NOT EXISTS settled (
    key TEXT PRIMARY KEY,           -- its words, signs left out
    question TEXT NOT NULL,
    what TEXT NOT NULL,
    day TEXT NOT NULL
) STRICT, WITHOUT ROWID;
