# SPDX-License-Identifier: EUPL-1.2
"""What the register's schema holds in PostgreSQL, and nothing else: a trigger, a rule, a default, a
check or a policy more is tampering, whatever its name; so is one of ours that does other work.

Told from the catalogue in words that are the same on every version of the server.
"""

from __future__ import annotations

from collections.abc import Iterable

QUERY = """
WITH ours AS (SELECT oid FROM pg_namespace WHERE nspname = 'greffier_register'),
tables AS (SELECT c.* FROM pg_class c JOIN ours ON c.relnamespace = ours.oid)
SELECT concat_ws(' ', 'relation', relname, relkind, relpersistence,
    CASE WHEN relrowsecurity OR relforcerowsecurity OR relispartition OR relhassubclass
    THEN 'changed' END) FROM tables
UNION ALL SELECT concat_ws(' ', 'column', relname, attname, format_type(atttypid, atttypmod),
    CASE WHEN attnotnull THEN 'filled' END,
    CASE WHEN atthasdef OR attidentity != '' OR attgenerated != '' OR attisdropped THEN 'made' END)
    FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND attnum > 0 AND relkind = 'r'
UNION ALL SELECT concat_ws(' ', 'index', t.relname, i.indisunique, i.indisvalid,
    pg_get_expr(i.indexprs, i.indrelid), pg_get_expr(i.indpred, i.indrelid))
    FROM tables t JOIN pg_index i ON i.indexrelid = t.oid
UNION ALL SELECT concat_ws(' ', 'constraint', relname, conname, contype,
    pg_get_expr(conbin, conrelid))
    FROM tables t JOIN pg_constraint ON conrelid = t.oid AND contype != 'n'
UNION ALL SELECT concat_ws(' ', 'trigger', relname, tgname, tgenabled, tgtype, tgqual IS NULL,
    tgfoid::regproc)
    FROM tables t JOIN pg_trigger ON tgrelid = t.oid AND NOT tgisinternal
UNION ALL SELECT concat_ws(' ', 'rule', relname, rulename)
    FROM tables t JOIN pg_rewrite ON ev_class = t.oid
UNION ALL SELECT concat_ws(' ', 'policy', relname, polname)
    FROM tables t JOIN pg_policy ON polrelid = t.oid
UNION ALL SELECT concat_ws(' ', 'parent', relname) FROM tables t JOIN pg_inherits
    ON inhrelid = t.oid
UNION ALL SELECT concat_ws(' ', 'function', proname, lanname, prosecdef, proconfig IS NULL, prosrc)
    FROM pg_proc p JOIN ours ON p.pronamespace = ours.oid JOIN pg_language l ON l.oid = p.prolang
"""


OBJECTS = frozenset(
    {
        "column entries at text filled",
        "column entries digest bytea filled",
        "column entries exchange text filled",
        "column entries index bigint filled",
        "column entries key bigint filled",
        "column entries kind text filled",
        "column entries public text filled",
        "column entries tree bytea filled",
        "column format version integer filled",
        "column head note text filled",
        "column head one integer filled",
        "column notes note text filled",
        "column notes size bigint filled",
        "column open_exchanges exchange text filled",
        "column open_exchanges index bigint filled",
        "column open_exchanges writer text filled",
        "column payloads index bigint filled",
        "column payloads sealed bytea filled",
        "column pending erasure bigint filled",
        "constraint entries entries_pkey p",
        "constraint head head_one_check c (one = 1)",
        "constraint head head_pkey p",
        "constraint notes notes_pkey p",
        "constraint open_exchanges open_exchanges_pkey p",
        "constraint payloads payloads_pkey p",
        "constraint pending pending_pkey p",
        "function only_grows plpgsql f t  BEGIN RAISE EXCEPTION 'the register only grows'; END ",
        "index entries_exchange f t (exchange <> ''::text)",
        "index entries_key f t (kind = 'key'::text)",
        "index entries_pkey t t",
        "index head_pkey t t",
        "index notes_pkey t t",
        "index open_exchanges_pkey t t",
        "index payloads_pkey t t",
        "index pending_pkey t t",
        "relation entries r p",
        "relation entries_exchange i p",
        "relation entries_key i p",
        "relation entries_pkey i p",
        "relation format r p",
        "relation head r p",
        "relation head_pkey i p",
        "relation notes r p",
        "relation notes_pkey i p",
        "relation open_exchanges r p",
        "relation open_exchanges_pkey i p",
        "relation payloads r p",
        "relation payloads_pkey i p",
        "relation pending r p",
        "relation pending_pkey i p",
        "trigger entries entries_only_grow O 58 t only_grows",
        "trigger payloads payloads_never_change O 50 t only_grows",
    }
)
"""What `store_postgresql.SCHEMA` makes."""


def foreign(found: Iterable[str]) -> str:
    """Return the first object that is not as it should be, empty if all are; `found`: what QUERY
    finds."""
    return min({*found} ^ OBJECTS, default="")
