# SPDX-License-Identifier: EUPL-1.2
"""`pack`: the State's guides, signed by whoever gathered them, for towns without a network.

keygen NAME   draws a key that signs packs; towns are given its public side
make FOLDER   gathers and signs a month's guides, elsewhere
add FILE      checks and adds them, in the place of last month's
"""

from __future__ import annotations

import getpass
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assistant.commands.adding import show_report, shown_progress
from assistant.commands.session import Session
from assistant.pack.adding import Added, add_pack, newest_in
from assistant.pack.making import make
from assistant.pack.manifest import MONTH, NAME, fingerprint
from assistant.pack.words import is_ahead, month_words, source_words
from assistant.texts import Texts
from assistant.wiring import open_parts
from corpus.cores import step_back
from corpus.packs import collection_of_pack
from corpus.weights import default_shares
from guardrails.register.files import write_whole
from guardrails.register.notes import NoteMalformed, VerifierKey, is_origin, key_of, skey

FR = Texts("fr")
ROLE = "administrator"
SERVICE_PUBLIC = "service-public"
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
MAX_KEY_BYTES = 1_000


@click.group(help=FR("help", "pack"))
def pack() -> None:
    pass


@pack.command(help=FR("help", "pack_keygen"))
@click.argument("name")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def keygen(session: Session, name: str, out: Path) -> None:
    if not is_origin(name):
        raise session.fail("pack_key_name")
    if out.exists():  # a key that signs is never written over
        raise session.fail("backup_there", name=out.name)
    private = Ed25519PrivateKey.generate()
    write_whole(out, f"{skey(name, private)}\n".encode())
    session.say(str(key_of(name, private)))
    session.tell(session.texts("pack", "key_made"))


@pack.command("make", help=FR("help", "pack_make"))
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help=FR("help", "pack_out"))
@click.option("--name", default=SERVICE_PUBLIC, show_default=True)
@click.option("--month", required=True, help=FR("help", "pack_month"))
@click.option("--key", "key_file", required=True, type=FILE, help=FR("help", "pack_key"))
@click.option("--licence", default="Licence Ouverte 2.0 (Etalab)", show_default=True)
@click.option("--source", default="service-public.fr (DILA)", show_default=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def make_pack(
    session: Session, /, folder: Path, out: Path | None, name: str, month: str, key_file: Path,
    licence: str, source: str, as_json: bool,
) -> None:  # fmt: skip
    if not NAME.fullmatch(name) or not MONTH.fullmatch(month):
        raise session.fail("pack_month")
    out = out or Path(f"{name}-{month}.zip")
    if out.exists():
        raise session.fail("backup_there", name=out.name)
    try:
        secret = key_file.read_bytes()[:MAX_KEY_BYTES].decode()
        made = make(
            folder, out, name=name, month=month, licence=licence, source=source, secret=secret
        )
    except (NoteMalformed, UnicodeDecodeError) as error:
        raise session.fail("pack_key") from error
    count = len(made.manifest.guides)
    if as_json:
        session.print_json({"file": str(out), "name": name, "month": month, "guides": count,
                            "left_out": made.left_out})  # fmt: skip
        return
    session.say(session.texts("pack", "made", file=out, count=count, left_out=made.left_out))
    if out.name != made.manifest.file:
        session.tell(session.texts("pack", "other_name", file=made.manifest.file))


@pack.command(help=FR("help", "pack_add"))
@click.argument("file", required=False, type=FILE)
@click.option("--trust", multiple=True, help=FR("help", "pack_trust"))
@click.option("--from-share", is_flag=True, help=FR("help", "pack_from_share"))
@click.option("--name", default=SERVICE_PUBLIC, show_default=True, help=FR("help", "pack_name"))
@click.option("--again", is_flag=True, help=FR("help", "pack_again"))
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def add(
    session: Session, /, file: Path | None, trust: tuple[str, ...], from_share: bool, name: str,
    again: bool, as_json: bool,
) -> int:  # fmt: skip
    if (file is None) != from_share:
        raise session.fail("pack_which")
    settings = session.settings
    try:
        keys = [VerifierKey.read(text) for text in (*trust, *settings.packs.trusted)]
    except NoteMalformed as error:
        raise session.fail("pack_trust") from error
    if not keys:
        raise session.fail("pack_no_key")
    path = file or newest_in((*settings.shares, *default_shares()), name)
    step_back()
    with open_parts(session.data, session.keys_base, settings) as parts:
        me = parts.register.pseudonym(getpass.getuser())
        with shown_progress(session) as progress:
            added = add_pack(
                parts, path, keys=keys, again=again, progress=progress, by=me, role=ROLE
            )
    if as_json:
        session.print_json({
            "name": added.manifest.name, "month": added.manifest.month, "before": added.before,
            "key": fingerprint(added.signer), "guides": len(added.manifest.guides),
            **asdict(added.report), "removed": added.removed, "remains": added.remains,
        })  # fmt: skip
    else:
        _show(session, added)
    return 1 if added.remains else 0


def _show(session: Session, added: Added) -> None:
    texts, manifest = session.texts, added.manifest
    show_report(session, added.report)
    told = {
        "source": source_words(manifest.name, texts), "month": month_words(manifest.month, texts),
        "count": len(manifest.guides), "removed": added.removed, "licence": manifest.licence,
        "by": added.signer.name,
    }  # fmt: skip
    session.say(texts("pack", "added", **told))
    if added.remains:
        session.tell(texts("cli", "remains", count=added.remains))
    if not session.settings.rights.sees("senior", collection_of_pack(manifest.name)):
        session.tell(texts("pack", "agents_only", name=manifest.name))
    if is_ahead(manifest.month, date.today()):
        session.tell(texts("pack", "doctor_ahead", **told))
