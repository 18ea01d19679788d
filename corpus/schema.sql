-- SPDX-License-Identifier: EUPL-1.2
-- Hidden text only. A document's passages are stretches of its pages: no text is kept twice
-- but for the stemmed terms of the full-text index.

CREATE TABLE documents (
    id TEXT PRIMARY KEY,            -- keyed hash of collection and content
    file TEXT NOT NULL,             -- hidden form of the path relative to the folder added
    collection TEXT NOT NULL,
    media_type TEXT NOT NULL,
    page_count INTEGER NOT NULL,
    needs TEXT NOT NULL,            -- what its unread pages wait for
    waiting_pages TEXT NOT NULL,    -- JSON list of page numbers
    act TEXT NOT NULL,              -- JSON: kind, number, date, object, title
    hidden TEXT NOT NULL,           -- JSON: entity to count
    recipe TEXT NOT NULL,           -- versions of what read, hid, split and embedded it
    added TEXT NOT NULL             -- UTC
) STRICT;

CREATE TABLE pages (
    document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (document, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE passages (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    page INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    heading TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL
) STRICT;
CREATE INDEX passages_of_document ON passages (document, ordinal);

-- Each file that was seen, by keyed hash of its path: the path itself is not kept.
CREATE TABLE files (
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
CREATE INDEX files_of_root ON files (root);
CREATE INDEX files_of_document ON files (document);

CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE terms USING fts5 (body, heading, scope, tokenize = 'ascii');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (terms, 'row');
