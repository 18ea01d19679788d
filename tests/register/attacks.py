# SPDX-License-Identifier: EUPL-1.2
"""What somebody could do to a register, one attack a function.

    Scene(register, an older copy, kept checkpoints, the keys) ──attack──▶ a register to verify

The attacker may write to the file as they please: they take the triggers off and put them
back. Those of `INSIDE` hold the signing key as well, and are only caught by a checkpoint
that was kept elsewhere.
"""

from __future__ import annotations

import base64
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guardrails.register import AuditRecord, Kind, Register, Rhythm, Selection, open_register
from guardrails.register.bundles import write_bundle
from guardrails.register.events import enter_removal, write_certificate
from guardrails.register.keeper import Keeper
from guardrails.register.keyfiles import find_keys
from guardrails.register.keys import Keyring
from guardrails.register.leaves import Row, canonical, leaf_of, stamp
from guardrails.register.merkle import Frontier
from guardrails.register.notes import Checkpoint, key_of, read_note, sign
from guardrails.register.queries import COLUMNS, row_of
from guardrails.register.schema import STATEMENTS
from guardrails.register.trust_policy import TrustPolicy
from guardrails.register.verdicts import Trouble
from tests.register.forgeries import forge_bundle, sign_bundle_anew, texts_of
from tests.register.homes import Clock, Home, ask_in
from tests.register.witnessed import WAIT_SECONDS, Neighbours

QUESTIONS = 8
TARGET = 7  # the entry that most attacks aim at
TRIGGERS = [s for s in STATEMENTS if s.startswith("CREATE TRIGGER")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A closed register that held, and what an auditor and an attacker kept of it."""

    home: Home
    older: Path  # a whole copy of the data folder, taken before the last question
    early: str  # a checkpoint kept at that time
    late: str  # the last one

    @property
    def file(self) -> Path:
        return self.home.file

    @property
    def neighbours(self) -> Neighbours:
        """Two witnesses that cosigned both checkpoints."""
        return Neighbours(self.home.path / "witnesses")

    @property
    def policy(self) -> TrustPolicy:
        """What an auditor demands: the town's key, and both witnesses."""
        return self.neighbours.policy(self.key)

    def copied_to(self, path: Path) -> Scene:
        """Return the same scene elsewhere, to be attacked."""
        shutil.copytree(self.home.path, path)
        home = Home(path, clock=Clock(self.home.clock.moment))
        return replace(self, home=home, older=path / "older")

    @property
    def key(self) -> str:
        """The public key that an auditor noted."""
        return str(self.keyring().newest())

    def keyring(self) -> Keyring:
        folder = find_keys(self.home.keys, origin=read_note(self.late).checkpoint.origin)
        assert folder is not None
        return Keyring(folder)

    @contextmanager
    def sql(self) -> Iterator[sqlite3.Connection]:
        """Write to the file as somebody who takes the triggers off and puts them back."""
        with closing(sqlite3.connect(self.file, isolation_level=None)) as connection:
            for trigger in TRIGGERS:
                connection.execute(f"DROP TRIGGER {trigger.split()[2]}")
            yield connection
            for trigger in TRIGGERS:
                connection.execute(trigger)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def scene(path: Path) -> Scene:
    """Write a register, keep a copy and a checkpoint on the way, close it."""
    home, neighbours = Home(path), Neighbours(path / "witnesses").found()
    watching = neighbours.witnesses()
    rhythm = Rhythm(entries=10, every=timedelta(days=1))
    with home.open(rhythm=rhythm, places=[watching]) as register:
        neighbours.watch(register, watching)
        for _ in range(QUESTIONS - 1):
            ask_in(register)
        early = register.checkpoint_seen(seconds=WAIT_SECONDS)
    shutil.copytree(home.data, path / "older")
    with home.open(places=[watching]) as register:
        neighbours.watch(register, watching)
        ask_in(register)
        register.erase_entries([2], why="request")
        register.checkpoint_seen(seconds=WAIT_SECONDS)
    return Scene(home=home, older=path / "older", early=early, late=home.latest)


def flipped(value: object) -> object:
    """Return the value with its last bit turned over."""
    if isinstance(value, int):
        return value ^ 1
    if isinstance(value, bytes):
        return value[:-1] + bytes([value[-1] ^ 1])
    text = str(value) or "A"
    return text[:-1] + chr(ord(text[-1]) ^ 1)


def flip(table: str, column: str, where: str) -> Callable[[Scene], None]:
    """Turn over one bit of one column."""

    def attack(scene: Scene) -> None:
        with scene.sql() as sql:
            query = f'SELECT rowid, "{column}" FROM {table} WHERE {where}'
            rowid, value = sql.execute(query).fetchone()
            sql.execute(
                f'UPDATE OR REPLACE {table} SET "{column}" = ? WHERE rowid = ?',
                (flipped(value), rowid),
            )

    return attack


def swap(scene: Scene) -> None:
    with scene.sql() as sql:
        for table in ("entries", "payloads"):
            for start, end in ((TARGET, -1), (TARGET + 1, TARGET), (-1, TARGET + 1)):
                sql.execute(f'UPDATE {table} SET "index" = ? WHERE "index" = ?', (end, start))


def drop(scene: Scene) -> None:
    with scene.sql() as sql:
        for table in ("entries", "payloads"):
            sql.execute(f'DELETE FROM {table} WHERE "index" = ?', (TARGET,))


def drop_and_close_up(scene: Scene) -> None:
    drop(scene)
    with scene.sql() as sql:
        last = sql.execute('SELECT max("index") FROM entries').fetchone()[0]
        for index in range(TARGET + 1, last + 1):
            for table in ("entries", "payloads"):
                sql.execute(f'UPDATE {table} SET "index" = ? WHERE "index" = ?', (index - 1, index))


def duplicate(scene: Scene) -> None:
    with scene.sql() as sql:
        last = sql.execute('SELECT max("index") FROM entries').fetchone()[0]
        rest = COLUMNS.split(", ", 1)[1]
        sql.execute(
            f'INSERT INTO entries SELECT {last + 1}, {rest} FROM entries WHERE "index" = {TARGET}'
        )
        sql.execute(
            f'INSERT INTO payloads SELECT {last + 1}, sealed FROM payloads WHERE "index" = {TARGET}'
        )


def insert(scene: Scene) -> None:
    """Add a well-formed entry at the end, hashed as the register hashes."""
    with scene.sql() as sql:
        rows = rows_of(sql)
        made = replace(rows[-1], index=len(rows), at=stamp(datetime(2026, 3, 3, tzinfo=UTC)),
                       key=rows[-1].key + 1)  # fmt: skip
        put_back(sql, [*rows, made])
        sealed = sql.execute('SELECT sealed FROM payloads WHERE "index" = ?', (len(rows) - 1,))
        sql.execute("INSERT INTO payloads VALUES (?, ?)", (len(rows), sealed.fetchone()[0]))


def insert_between(scene: Scene) -> None:
    """Make room in the middle for an entry of one's own, and hash everything again."""
    with scene.sql() as sql:
        rows = rows_of(sql)
        payloads = dict(sql.execute('SELECT "index", sealed FROM payloads').fetchall())
        made = [*rows[:TARGET], rows[TARGET], *rows[TARGET:]]
        sealed = [payloads.get(row.index) for row in made]
        fresh = [replace(row, index=i, key=i) for i, row in enumerate(made)]
        put_back(sql, fresh)
        sql.execute("DELETE FROM payloads")
        for row, body in zip(fresh, sealed, strict=True):
            if body is not None:
                sql.execute("INSERT INTO payloads VALUES (?, ?)", (row.index, body))


def cut_tail(scene: Scene) -> None:
    with scene.sql() as sql:
        size = read_note(scene.early).checkpoint.size
        for table in ("entries", "payloads"):
            sql.execute(f'DELETE FROM {table} WHERE "index" >= ?', (size,))
        sql.execute("DELETE FROM notes WHERE size > ?", (size,))
        sql.execute("UPDATE head SET note = ?", (scene.early,))
    bring_erased_back(scene)  # the cut ERASURE entry would be missed otherwise


def restore_older(scene: Scene) -> None:
    shutil.rmtree(scene.home.data)
    shutil.copytree(scene.older, scene.home.data)


def fork(scene: Scene) -> None:
    """Go on from the older copy, with the same keys, to another end of the same length."""
    restore_older(scene)
    for anchor in scene.home.keys.glob("*/anchor.txt"):
        anchor.unlink()  # the insider removes what would stop them
    with scene.home.open() as register:
        for _ in range(2):
            ask_in(register, "somebody else")


def edit_and_rehash(scene: Scene) -> None:
    """Change an old moment and hash the whole chain again, without the signing key."""
    with scene.sql() as sql:
        rows = rows_of(sql)
        rows[TARGET] = replace(rows[TARGET], at=rows[TARGET - 1].at)
        put_back(sql, rows)


def edit_rehash_and_sign(scene: Scene) -> None:
    """The same, by somebody who holds the signing key: the seals are made again as well."""
    edit_and_rehash(scene)
    with scene.sql() as sql:
        rows = rows_of(sql)
        keyring = scene.keyring()
        sql.execute("DELETE FROM notes")
        point = Checkpoint(origin=keyring.origin, size=len(rows), root=rooted(rows))
        note = sign(point, [keyring.signer(str(keyring.newest()))])
        sql.execute("UPDATE head SET note = ?", (note,))


def backdate(scene: Scene) -> None:
    """Write an entry's moment back before the one that precedes it, and hash everything again."""
    with scene.sql() as sql:
        rows = rows_of(sql)
        rows[TARGET] = replace(rows[TARGET], at="2025-01-01T00:00:00.000000Z")
        put_back(sql, rows)


def set_clock_back(scene: Scene) -> None:
    scene.home.clock.moment -= timedelta(days=30)
    with scene.home.open() as register:
        ask_in(register)


def set_clock_ahead(scene: Scene) -> None:
    """Let it be two years later for a minute, in which somebody signs in and the service purges."""
    with scene.home.open() as register:
        scene.home.clock.moment += timedelta(days=730)
        register.append(AuditRecord(kind=Kind.SIGN_IN))
        Keeper(register).tick()
        scene.home.clock.moment -= timedelta(days=730)
        ask_in(register)


def steal_payload(scene: Scene) -> None:
    with scene.sql() as sql:
        sql.execute('DELETE FROM payloads WHERE "index" = ?', (TARGET,))


def bring_erased_back(scene: Scene) -> None:
    with closing(sqlite3.connect(scene.older / "register.sqlite3")) as old:
        row = old.execute('SELECT "index", sealed FROM payloads WHERE "index" = 2').fetchone()
    with scene.sql() as sql:
        sql.execute("INSERT INTO payloads VALUES (?, ?)", row)


def stray_payload(scene: Scene) -> None:
    with scene.sql() as sql:
        sql.execute("INSERT INTO payloads VALUES (9999, x'00')")


def add_trigger(scene: Scene) -> None:
    with scene.sql() as sql:
        sql.execute("CREATE TRIGGER t AFTER INSERT ON entries BEGIN DELETE FROM payloads; END")


def add_hidden_trigger(scene: Scene) -> None:
    """A name in which `_` of a pattern stands for any letter."""
    with scene.sql() as sql:
        trigger = "AFTER INSERT ON entries BEGIN DELETE FROM payloads; END"
        sql.execute(f"CREATE TRIGGER sqliteXpurge {trigger}")


def add_reserved_trigger(scene: Scene) -> None:
    """A name that SQLite keeps for itself, written past its own refusal."""
    add_trigger(scene)
    with closing(sqlite3.connect(scene.file, isolation_level=None)) as sql:
        sql.execute("PRAGMA writable_schema = ON")
        sql.execute(
            "UPDATE sqlite_master SET name = 'sqlite_t', sql = replace(sql, 'TRIGGER t ', "
            "'TRIGGER sqlite_t ') WHERE name = 't'"
        )


def replace_key(scene: Scene) -> None:
    """Put one's own key in the first entry, hash everything again, sign it all with it."""
    other = scene.home.path / "other"
    with open_register(other / "data", other / "keys", now=scene.home.clock) as foreign:
        foreign_key = str(foreign.keyring.newest())
        signer = foreign.signing_key()
    origin = read_note(scene.late).checkpoint.origin
    with scene.sql() as sql:
        rows = rows_of(sql)
        rows[0] = replace(rows[0], public='{"key":"' + foreign_key + '"}')
        put_back(sql, rows)
        sql.execute("DELETE FROM notes")
        point = Checkpoint(origin=foreign.origin, size=len(rows), root=rooted(rows_of(sql)))
        sql.execute("UPDATE head SET note = ?", (sign(point, [signer]),))
    assert origin != foreign.origin


def name_own_key(scene: Scene) -> None:
    """Enter a key of one's own as the register's next one, and seal everything with it."""
    origin, private = read_note(scene.late).checkpoint.origin, Ed25519PrivateKey.generate()
    with scene.sql() as sql:
        rows = rows_of(sql)
        public = '{"by":"","key":"' + str(key_of(origin, private)) + '"}'
        rows[TARGET] = replace(rows[TARGET], kind="key", public=public)
        put_back(sql, rows)
        sql.execute("DELETE FROM notes")
        point = Checkpoint(origin=origin, size=len(rows), root=rooted(rows))
        sql.execute("UPDATE head SET note = ?", (sign(point, [private]),))


def link_path(scene: Scene) -> None:
    other = scene.home.path / "elsewhere.sqlite3"
    shutil.move(scene.file, other)
    scene.file.symlink_to(other)


def while_open(scene: Scene, work: Callable[[Register], object]) -> None:
    """Put in the register's place a copy that was taken while it was open."""
    copy = scene.home.path / "live"
    with scene.home.open() as register:
        work(register)
        shutil.copytree(scene.home.data, copy)
    shutil.rmtree(scene.home.data)
    shutil.copytree(copy, scene.home.data)


def while_asked(attack: Callable[[Scene], None]) -> Callable[[Scene], None]:
    """Strike while a question is being answered."""

    def struck(scene: Scene) -> None:
        question = AuditRecord(kind=Kind.INTENT, exchange="question")
        while_open(scene, lambda register: register.append(question))
        attack(scene)

    return struck


def forget_question(scene: Scene) -> None:
    with scene.sql() as sql:
        sql.execute("DELETE FROM open_exchanges")


def claim_erasure(scene: Scene) -> None:
    """Have an entry's key destroyed by a line among the erasures under way."""
    with scene.sql() as sql:
        sql.execute("INSERT INTO pending VALUES (?)", (TARGET,))


def corrupt_wal(scene: Scene) -> None:
    """Flip a byte early in the log of a copy that was taken while the register was open."""

    def work(register: Register) -> None:
        ask_in(register)
        register.checkpoint()

    while_open(scene, work)
    wal = scene.file.with_name(scene.file.name + "-wal")
    content = bytearray(wal.read_bytes())
    content[200] ^= 1
    wal.write_bytes(content)
    scene.file.with_name(scene.file.name + "-shm").unlink(missing_ok=True)


def overwrite_page(scene: Scene) -> None:
    """Write noise over a page in the middle of the file."""
    with scene.file.open("r+b") as file:
        file.seek(4096 * 2)
        file.write(b"\x5a" * 4096)


def rows_of(sql: sqlite3.Connection) -> list[Row]:
    """Read all rows."""
    return [row_of(row) for row in sql.execute(f'SELECT {COLUMNS} FROM entries ORDER BY "index"')]


def rooted(rows: list[Row]) -> bytes:
    """Return the root over rows."""
    frontier = Frontier()
    for row in rows:
        frontier.append(leaf_of(row))
    return frontier.root()


def put_back(sql: sqlite3.Connection, rows: list[Row]) -> None:
    """Replace all rows, each hashed again."""
    frontier = Frontier()
    sql.execute("DELETE FROM entries")
    for row in rows:
        made = replace(row, tree=b"".join(frontier.append(leaf_of(row))))
        sql.execute(
            f"INSERT INTO entries ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (made.index, made.at, made.kind, made.exchange, made.public, made.key, made.digest,
             made.tree),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """What is done, in both languages, and what the verifier must say of it."""

    french: str
    english: str
    do: Callable[[Scene], None]
    trouble: Trouble | None  # None: it holds, with a remark
    index: int | None = None
    needs_kept: bool = False  # only a checkpoint kept elsewhere shows it
    kept_after: bool = False  # the checkpoint was kept after what the attack wrote


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleAttack:
    """What is done to a signed bundle, whose reader kept the town's public key."""

    french: str
    english: str
    do: Callable[[Scene, Path], Path]
    trouble: Trouble


def bundle_of(scene: Scene, path: Path) -> Path:
    """Make a bundle of everything, as the town does."""
    with scene.home.open() as register:
        write_bundle(register, Selection(), path)
    return path


def forge_all(scene: Scene, genuine: Path) -> Path:
    """Make a bundle of a register of one's own, and list the town's key among its keys."""
    return forge_bundle(genuine, scene.home.path / "elsewhere", scene.key)


def forge_certificate(scene: Scene, genuine: Path) -> Path:
    """Certify a removal that the town never made, in the same way."""
    path = scene.home.path / "certificate.zip"
    with Home(scene.home.path / "elsewhere").open() as foreign:
        exchange = enter_removal(foreign, {"documents": ["a1"], "remains": 0})
        write_certificate(foreign, exchange, path)
        keys = f"{scene.key}\n{foreign.key_chain()[0]}\n"
        sign_bundle_anew(path, foreign.signing_key(), {"keys.txt": keys})
    return path


def claim_handover(scene: Scene, genuine: Path) -> Path:
    """Sign the town's bundle with a key of one's own to which the town's handed over, it says."""
    private, origin = Ed25519PrivateKey.generate(), scene.key.partition("+")[0]
    own = str(key_of(origin, private))
    said = canonical({"by": base64.b64encode(bytes(64)).decode(), "key": own})
    changes = {"handovers.jsonl": said, "keys.txt": f"{scene.key}\n{own}\n"}
    sign_bundle_anew(genuine, private, changes)
    return genuine


def double_entry(scene: Scene, genuine: Path) -> Path:
    """Give an entry twice, as somebody who holds the signing key."""
    lines = texts_of(genuine)["entries.jsonl"].splitlines(keepends=True)
    changes = {"entries.jsonl": "".join([*lines, lines[TARGET]])}
    sign_bundle_anew(genuine, scene.keyring().signer(scene.key), changes)
    return genuine


def strip_entry(scene: Scene, genuine: Path) -> Path:
    """Change words and take out the sealed ones, as somebody who holds the signing key."""
    lines = [json.loads(line) for line in texts_of(genuine)["entries.jsonl"].splitlines()]
    del lines[TARGET]["sealed"], lines[TARGET]["secret"]
    lines[TARGET]["payload"]["payload"] = {"text": "Autre chose."}
    changes = {"entries.jsonl": "".join(canonical(line) + "\n" for line in lines)}
    sign_bundle_anew(genuine, scene.keyring().signer(scene.key), changes)
    return genuine


def change_words(scene: Scene, genuine: Path) -> Path:
    """Change a word of an entry, without any key."""
    texts = texts_of(genuine)
    texts["entries.jsonl"] = texts["entries.jsonl"].replace("neuf heures", "sept heures", 1)
    with zipfile.ZipFile(genuine, "w") as bundle:
        for name, text in texts.items():
            bundle.writestr(name, text)
    return genuine


BUNDLE_ATTACKS = [
    BundleAttack(french="lot : changer un mot",
                 english="bundle: change a word",
                 do=change_words, trouble=Trouble.BUNDLE_CHANGED),
    BundleAttack(french="lot : en fabriquer un, et y inscrire la clé de la mairie",
                 english="bundle: make one, and list the town's key in it",
                 do=forge_all, trouble=Trouble.OTHER_KEY),
    BundleAttack(french="attestation de retrait : de même",
                 english="certificate of removal: likewise",
                 do=forge_certificate, trouble=Trouble.OTHER_KEY),
    BundleAttack(french="lot : prétendre que la clé de la mairie a passé la main à la sienne",
                 english="bundle: claim that the town's key handed over to one's own",
                 do=claim_handover, trouble=Trouble.OTHER_KEY),
    BundleAttack(french="lot : donner deux fois une entrée, avec la clé de signature",
                 english="bundle: give an entry twice, with the signing key",
                 do=double_entry, trouble=Trouble.BUNDLE_REPEATED),
    BundleAttack(french="lot : changer un contenu et en ôter le scellé, avec la clé de signature",
                 english="bundle: change a payload and take its seal out, with the signing key",
                 do=strip_entry, trouble=Trouble.PAYLOAD_CHANGED),
]  # fmt: skip

ROW = f'"index" = {TARGET}'
ATTACKS = [
    Attack(french="inverser un bit du rang d’une entrée",
           english="flip a bit of an entry's place",
           do=flip("entries", "index", ROW), trouble=Trouble.ENTRY_MOVED, index=6),
    Attack(french="… de sa date",
           english="… of its date",
           do=flip("entries", "at", ROW), trouble=Trouble.ENTRY_CHANGED, index=TARGET),
    Attack(french="… de sa nature",
           english="… of its kind",
           do=flip("entries", "kind", ROW), trouble=Trouble.ENTRY_CHANGED, index=TARGET),
    Attack(french="… de son échange",
           english="… of its exchange",
           do=flip("entries", "exchange", ROW), trouble=Trouble.ENTRY_CHANGED, index=TARGET),
    Attack(french="… de sa partie publique",
           english="… of its public part",
           do=flip("entries", "public", '"index" = 0'), trouble=Trouble.ENTRY_CHANGED, index=0),
    Attack(french="… du numéro de sa clé",
           english="… of its key's number",
           do=flip("entries", "key", ROW), trouble=Trouble.ENTRY_CHANGED, index=TARGET),
    Attack(french="… de l’empreinte de son contenu",
           english="… of its payload's hash",
           do=flip("entries", "digest", ROW), trouble=Trouble.ENTRY_CHANGED, index=TARGET),
    Attack(french="… de son arbre de hachage",
           english="… of its hash tree",
           do=flip("entries", "tree", ROW), trouble=Trouble.TREE_CHANGED, index=TARGET),
    Attack(french="… de son contenu chiffré",
           english="… of its encrypted payload",
           do=flip("payloads", "sealed", ROW), trouble=Trouble.PAYLOAD_CHANGED, index=TARGET),
    Attack(french="… du rang d’un contenu",
           english="… of a payload's place",
           do=flip("payloads", "index", ROW), trouble=Trouble.PAYLOAD_CHANGED, index=6),
    Attack(french="… d’un sceau enregistré",
           english="… of a stored seal",
           do=flip("notes", "note", "size = 20"), trouble=Trouble.SEAL_FORGED),
    Attack(french="… de la taille d’un sceau",
           english="… of a seal's size",
           do=flip("notes", "size", "size = 20"), trouble=Trouble.SEAL_FORGED),
    Attack(french="… du dernier sceau",
           english="… of the last seal",
           do=flip("head", "note", "1"), trouble=Trouble.LAST_SEAL_FORGED),
    Attack(french="… de l’échange d’une question en cours",
           english="… of the exchange of a question under way",
           do=while_asked(flip("open_exchanges", "exchange", "1")), trouble=Trouble.LIST_CHANGED),
    Attack(french="… de son rang",
           english="… of its place",
           do=while_asked(flip("open_exchanges", "index", "1")), trouble=Trouble.LIST_CHANGED),
    Attack(french="faire oublier une question en cours",
           english="have a question under way forgotten",
           do=while_asked(forget_question), trouble=Trouble.LIST_CHANGED),
    Attack(french="inscrire un effacement en attente que nul n’a demandé",
           english="list an erasure under way that nobody asked for",
           do=claim_erasure, trouble=Trouble.LIST_CHANGED, index=TARGET),
    Attack(french="échanger deux entrées",
           english="swap two entries",
           do=swap, trouble=Trouble.ENTRY_MOVED, index=TARGET),
    Attack(french="retirer une entrée",
           english="drop an entry",
           do=drop, trouble=Trouble.ENTRY_MISSING, index=TARGET),
    Attack(french="retirer une entrée et resserrer les rangs",
           english="drop an entry and close up",
           do=drop_and_close_up, trouble=Trouble.ENTRY_MOVED, index=TARGET),
    Attack(french="dupliquer une entrée",
           english="duplicate an entry",
           do=duplicate, trouble=Trouble.ENTRY_MOVED, index=26),
    Attack(french="insérer une entrée à la fin, bien hachée",
           english="insert a well-hashed entry at the end",
           do=insert, trouble=Trouble.ENTRY_UNSEALED, index=26),
    Attack(french="insérer une entrée au milieu et tout rehacher",
           english="insert one in the middle and re-hash everything",
           do=insert_between, trouble=Trouble.REWRITTEN),
    Attack(french="couper la fin, sceaux compris",
           english="cut the tail, seals included",
           do=cut_tail, trouble=Trouble.TAIL_CUT, index=22, needs_kept=True),
    Attack(french="remettre une ancienne copie",
           english="put an older copy back",
           do=restore_older, trouble=Trouble.TAIL_CUT, index=22, needs_kept=True),
    Attack(french="fourche : deux histoires depuis un même point, avec les clés",
           english="fork: two histories from one point, with the keys",
           do=fork, trouble=Trouble.FORKED, needs_kept=True),
    Attack(french="modifier une entrée et rehacher toute la chaîne",
           english="edit an entry and re-hash the whole chain",
           do=edit_and_rehash, trouble=Trouble.REWRITTEN),
    Attack(french="la même chose avec la clé de signature",
           english="the same with the signing key",
           do=edit_rehash_and_sign, trouble=Trouble.FORKED, needs_kept=True),
    Attack(french="reculer la date d’une entrée et tout rehacher",
           english="set an entry's date back and re-hash everything",
           do=backdate, trouble=Trouble.CLOCK_BACK, index=TARGET),
    Attack(french="reculer l’horloge de la machine",
           english="set the machine's clock back",
           do=set_clock_back, trouble=None, kept_after=True),
    Attack(french="avancer l’horloge de deux ans pendant une minute",
           english="set the machine's clock two years ahead for a minute",
           do=set_clock_ahead, trouble=None, kept_after=True),
    Attack(french="supprimer un contenu chiffré",
           english="remove an encrypted payload",
           do=steal_payload, trouble=Trouble.PAYLOAD_MISSING, index=TARGET),
    Attack(french="ramener un contenu effacé d’une ancienne copie",
           english="bring an erased payload back from an older copy",
           do=bring_erased_back, trouble=Trouble.PAYLOAD_RETURNED, index=2),
    Attack(french="ajouter un contenu sans entrée",
           english="add a payload without an entry",
           do=stray_payload, trouble=Trouble.STRUCTURE),
    Attack(french="ajouter un déclencheur à la base",
           english="add a trigger to the database",
           do=add_trigger, trouble=Trouble.STRUCTURE),
    Attack(french="… sous un nom que SQLite semble se réserver",
           english="… under a name that SQLite seems to keep for itself",
           do=add_hidden_trigger, trouble=Trouble.STRUCTURE),
    Attack(french="… sous un nom qu’il se réserve vraiment",
           english="… under a name that it really keeps",
           do=add_reserved_trigger, trouble=Trouble.STRUCTURE),
    Attack(french="tout refaire avec une autre clé",
           english="make everything anew with another key",
           do=replace_key, trouble=Trouble.OTHER_REGISTER, needs_kept=True),
    Attack(french="inscrire sa propre clé comme la suivante",
           english="enter one's own key as the next one",
           do=name_own_key, trouble=Trouble.KEY_FORGED, index=TARGET),
    Attack(french="remplacer le chemin de la base par un lien",
           english="replace the database's path by a link",
           do=link_path, trouble=Trouble.LINK),
    Attack(french="abîmer le journal (WAL)",
           english="corrupt the log (WAL)",
           do=corrupt_wal, trouble=Trouble.TAIL_CUT, needs_kept=True, kept_after=True),
    Attack(french="écraser une page du fichier",
           english="overwrite a page of the file",
           do=overwrite_page, trouble=Trouble.DAMAGED),
]  # fmt: skip
