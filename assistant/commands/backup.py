# SPDX-License-Identifier: EUPL-1.2
"""`backup` and `restore`: one encrypted file for the data, another for the keys.

A passphrase comes from a file, from the environment or from a terminal, never from the command
line, which other users of the machine can read.
"""

from __future__ import annotations

import getpass
import secrets
import sys
import tempfile
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

import click

from assistant import passphrases
from assistant.backup.archive import facts, kind_of
from assistant.backup.making import (
    VARIABLES,
    back_up,
    refuse_passphrase,
    refuse_place,
    refuse_shared,
)
from assistant.backup.manifest import CARDS, REGISTER, Kind, Manifest
from assistant.backup.restoring import check_archive, refuse_filled, restore_data, restore_keys
from assistant.cards import CardStore
from assistant.cards.restored import Withdrawn, lost_entries, withdraw
from assistant.commands.session import Session
from assistant.errors import UserError
from assistant.texts import Texts
from assistant.wiring import open_index, open_parts
from guardrails.register import open_register
from guardrails.register.events import enter_restore
from guardrails.register.inspection import origin_of
from guardrails.register.keyfiles import find_keys

FR = Texts("fr")
ROLE = "administrator"
PROMPTS = {Kind.DATA: "backup_prompt", Kind.KEYS: "backup_keys_prompt"}
OUTPUT = click.Path(path_type=Path, dir_okay=False)
INPUT = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("backup", help=FR("help", "backup"))
@click.argument("file", required=False, type=OUTPUT)
@click.option("--keys", "keys_file", type=OUTPUT, help=FR("help", "backup_keys"))
@click.option("--passphrase-file", type=INPUT, help=FR("help", "backup_passphrase"))
@click.option("--keys-passphrase-file", type=INPUT, help=FR("help", "backup_keys_passphrase"))
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def backup(
    session: Session,
    /,
    file: Path | None,
    keys_file: Path | None,
    passphrase_file: Path | None,
    keys_passphrase_file: Path | None,
    as_json: bool,
) -> None:
    if file is None and keys_file is None:
        file = Path(f"greffier-{datetime.now():%Y%m%d-%H%M%S}.backup")
    wanted = {Kind.DATA: (file, passphrase_file), Kind.KEYS: (keys_file, keys_passphrase_file)}
    paths = {kind: path for kind, (path, _) in wanted.items() if path is not None}
    for path in paths.values():
        refuse_place(path, data=session.data, keys_base=session.keys_base)
    chosen = {k: (path, _new_passphrase(session, k, wanted[k][1])) for k, path in paths.items()}
    _keep_apart(session, chosen)
    done = []
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        for kind, (path, passphrase) in chosen.items():
            by = parts.register.pseudonym(getpass.getuser())
            made = back_up(parts, kind, path, passphrase, by=by, role=ROLE)
            done.append({"file": str(path), "bytes": path.stat().st_size, **facts(made)})
    if as_json:
        session.print_json(done)
        return
    for told in done:
        session.say(session.texts("cli", f"backup_{told['kind']}", **told))


def _keep_apart(session: Session, chosen: Mapping[Kind, tuple[Path, str]]) -> None:
    """Refuse one passphrase for both, as far as both can be seen."""
    if len({passphrase for _, passphrase in chosen.values()}) < len(chosen):
        raise session.fail("backup_passphrase_same")
    kept = session.settings.backup
    usual = [folder for folder in (kept.folder, kept.keys_folder) if folder]
    places = [*usual, *(path.parent for path, _ in chosen.values())]
    for kind, (_, passphrase) in chosen.items():
        refuse_shared(kind, passphrase, places)


@click.command("restore", help=FR("help", "restore"))
@click.argument("file", type=INPUT)
@click.option("--check", "only_check", is_flag=True, help=FR("help", "restore_check"))
@click.option("--into", type=click.Path(path_type=Path, file_okay=False),
              help=FR("help", "restore_into"))  # fmt: skip
@click.option("--passphrase-file", type=INPUT, help=FR("help", "backup_passphrase"))
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def restore(
    session: Session,
    file: Path,
    only_check: bool,
    into: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    kind, withdrawn = kind_of(file), Withdrawn()
    passphrase = _passphrase(session, kind, passphrase_file)
    if only_check:
        manifest = check_archive(file, passphrase, _scratch(into or session.data))
        words = f"backup_holds_{kind.value}"
    elif kind is Kind.KEYS:
        if into is not None:
            raise session.fail("backup_keys_into")
        manifest = restore_keys(file, passphrase, session.keys_base)
        words = "restored_keys"
    else:
        manifest, withdrawn = _restore_data(session, file, passphrase, into)
        words = "restored_aside" if into else "restored_data"
    if as_json:
        session.print_json({
            "holds": True, "restored": not only_check, **facts(manifest),
            "cards_withdrawn": withdrawn.known, "cards_to_confirm": withdrawn.in_doubt,
        })  # fmt: skip
        return
    session.say(session.texts("cli", words, **facts(manifest)))
    if withdrawn.known or withdrawn.in_doubt:
        session.tell(
            session.texts(
                "cli", "restored_cards", known=withdrawn.known, in_doubt=withdrawn.in_doubt
            )
        )
    missing = manifest.passages - manifest.vectors
    if missing and not only_check:
        session.tell(session.texts("cli", "restored_vectors", count=missing))


def _restore_data(
    session: Session, file: Path, passphrase: str, into: Path | None
) -> tuple[Manifest, Withdrawn]:
    """Put data back where they are served, or aside: there, nothing is entered."""
    withdrawn = Withdrawn()

    def enter(folder: Path, manifest: Manifest) -> None:
        nonlocal withdrawn
        if into is not None:
            return
        if REGISTER in manifest.versions:
            withdrawn = _enter(session, folder, manifest)
        elif CARDS in manifest.versions:  # the register stands elsewhere: it is not older
            withdrawn = _asked_elsewhere(session, folder)

    target = into or session.data
    refuse_filled(target)
    manifest = restore_data(file, passphrase, target, open_index=open_index, enter=enter)
    return manifest, withdrawn


def _asked_elsewhere(session: Session, folder: Path) -> Withdrawn:
    """Ask the town's own register what became of the cards since."""
    with open_parts(folder, session.keys_base, session.settings) as parts:
        return withdraw(parts.cards, parts.register, is_cut=False)


def _enter(session: Session, folder: Path, manifest: Manifest) -> Withdrawn:
    """Go on with the register from there; it says itself if entries were made since."""
    keys = session.keys_base / manifest.folder / "register"
    if find_keys(keys, origin=origin_of(folder / REGISTER)) is None:
        raise session.fail("backup_keys_first")
    words = passphrases.passphrase(passphrases.REGISTER)
    with open_register(folder / "register", keys, passphrase=words, restored=True) as register:
        enter_restore(
            register,
            made=manifest.made.isoformat(),
            entries=manifest.entries,
            by=register.pseudonym(getpass.getuser()),
            role=ROLE,
        )
        if CARDS not in manifest.versions:
            return Withdrawn()
        with closing(CardStore(folder / CARDS)) as cards:
            return withdraw(cards, register, is_cut=lost_entries(register, manifest.entries))


def _scratch(place: Path) -> Path:
    """Where a backup is opened to be checked: with the data, under what protects them."""
    if place.is_dir():
        return place / ".checking"
    return Path(tempfile.gettempdir()) / f".greffier-{secrets.token_hex(8)}"


def _new_passphrase(session: Session, kind: Kind, file: Path | None) -> str:
    words = _passphrase(session, kind, file, is_new=True)
    refuse_passphrase(words)
    return words


def _passphrase(session: Session, kind: Kind, file: Path | None, *, is_new: bool = False) -> str:
    if file is not None:
        try:
            return passphrases.read_file(file)
        except UnicodeDecodeError as error:
            raise UserError("not_text") from error
    if words := passphrases.passphrase(VARIABLES[kind]):
        return words
    if not sys.stdin.isatty():
        raise session.fail("backup_passphrase_missing", variable=VARIABLES[kind])
    prompt = session.texts("cli", PROMPTS[kind])
    typed: str = click.prompt(prompt, hide_input=True, confirmation_prompt=is_new, err=True)
    return typed
