-- SPDX-License-Identifier: EUPL-1.2
-- Hidden text only. A document's passages are stretches of its pages: no text is kept twice
-- but for the stemmed terms of the full-text index.

CREATE TABLE IF NOT EXISTS documents (
    id TEXT PRIMARY KEY,            -- keyed hash of collection and content
    file TEXT NOT NULL,             -- hidden form of the path relative to the folder added
    collection TEXT NOT NULL,
    media_type TEXT NOT NULL,
    page_count INTEGER NOT NULL,
    needs TEXT NOT NULL,            -- what its unread pages wait for
    waiting_pages TEXT NOT NULL,    -- JSON list of page numbers
    act TEXT NOT NULL,              -- JSON: what its label is made of; the rest is in acts
    hidden TEXT NOT NULL,           -- JSON: entity to count
    recipe TEXT NOT NULL,           -- versions of what read, hid, split and embedded it
    added TEXT NOT NULL,            -- UTC
    declared TEXT NOT NULL DEFAULT '',  -- the collection that it was added with
    audience TEXT NOT NULL DEFAULT '',  -- whom it concerns, as it reads; empty: not told yet
    content TEXT NOT NULL DEFAULT ''    -- keyed hash of its content alone
) STRICT;

CREATE TABLE IF NOT EXISTS pages (
    document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (document, number)
) STRICT, WITHOUT ROWID;

-- Pages made out from their picture: how surely, and where their words stand (not which).
CREATE TABLE IF NOT EXISTS scans (
    document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    page INTEGER NOT NULL,
    confidence REAL NOT NULL,       -- 0 to 1
    boxes TEXT NOT NULL,            -- JSON: start, end, left, top, right, bottom of each
    PRIMARY KEY (document, page)
) STRICT, WITHOUT ROWID;

-- What each line of a page is, what it stands under, its table and cells: numbers, no word.
CREATE TABLE IF NOT EXISTS structures (
    document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    page INTEGER NOT NULL,
    lines TEXT NOT NULL,            -- JSON, as `corpus/structure.py` writes it
    PRIMARY KEY (document, page)
) STRICT, WITHOUT ROWID;

-- What tells of somebody's private life: why a document waits, or what was decided on.
CREATE TABLE IF NOT EXISTS concerns (
    document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    page INTEGER NOT NULL,          -- rank of the page, from 0; after the last page, the name
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    category TEXT NOT NULL,
    PRIMARY KEY (document, page, start, "end", category)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS passages (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    page INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    heading TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    item INTEGER NOT NULL DEFAULT 0 -- rank of its agenda item, 0 outside of minutes
) STRICT;
CREATE INDEX IF NOT EXISTS passages_of_document ON passages (document, ordinal);

-- What each document is (item 0) and what minutes decided, item by item.
CREATE TABLE IF NOT EXISTS acts (
    document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    item INTEGER NOT NULL,
    page INTEGER NOT NULL,          -- where its object stands: page, start, end
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    number_key TEXT NOT NULL,       -- the number in one writing, whatever its signs
    date TEXT NOT NULL,             -- ISO, or empty
    sitting TEXT NOT NULL,
    object TEXT NOT NULL,
    label TEXT NOT NULL,
    service TEXT NOT NULL,
    signatory TEXT NOT NULL,        -- a role, never a name
    articles TEXT NOT NULL,         -- JSON list
    stems TEXT NOT NULL,            -- those of the object, between spaces
    PRIMARY KEY (document, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS acts_of_kind ON acts (kind, date);

CREATE TABLE IF NOT EXISTS votes (
    document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    item INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    page INTEGER NOT NULL,          -- where the vote is told
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    pour INTEGER,
    contre INTEGER,
    abstentions INTEGER,
    unanimous INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (document, item, rank)
) STRICT, WITHOUT ROWID;

-- What acts say that they do to others, as they name them.
CREATE TABLE IF NOT EXISTS links (
    document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    item INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    effect TEXT NOT NULL,
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    date TEXT NOT NULL,
    about TEXT NOT NULL,
    since TEXT NOT NULL,
    PRIMARY KEY (document, item, rank)
) STRICT, WITHOUT ROWID;

-- Which acts of the corpus others end or amend: worked out from links after each run.
CREATE TABLE IF NOT EXISTS standing (
    document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    item INTEGER NOT NULL,
    effect TEXT NOT NULL,
    since TEXT NOT NULL,            -- ISO
    by_document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    by_item INTEGER NOT NULL,
    by_label TEXT NOT NULL,
    PRIMARY KEY (document, item, effect, by_document, by_item)
) STRICT, WITHOUT ROWID;

-- Each file that was seen, by keyed hash of its path: the path itself is not kept.
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY,
    root TEXT NOT NULL,
    collection TEXT NOT NULL,
    name TEXT NOT NULL,             -- hidden form
    stamp TEXT NOT NULL,            -- size and times: says whether to read it again
    document TEXT NOT NULL,         -- empty if it could not be read
    reason TEXT NOT NULL,           -- why it could not be read
    needs TEXT NOT NULL,            -- what it waits for
    recipe TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS files_of_root ON files (root);
CREATE INDEX IF NOT EXISTS files_of_document ON files (document);

CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE IF NOT EXISTS terms USING fts5 (body, heading, scope, tokenize = 'ascii');
CREATE VIRTUAL TABLE IF NOT EXISTS vocabulary USING fts5vocab (terms, 'row');
