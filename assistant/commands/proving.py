# SPDX-License-Identifier: EUPL-1.2
"""The commands of `register` that hand over what strangers verify: proof, witnesses, policy.

proof        the proofs of a question, one file an entry; entered as an export
witnesses    who watches over the register, and what they saw
policy       whom an auditor is to trust, as a file of c2sp.org/tlog-policy
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from assistant.commands.auditing import ROLE, help_of, opened
from assistant.commands.session import Session
from assistant.sealing import witness_places
from guardrails.errors import RecordInvalid
from guardrails.register import Register
from guardrails.register.files import write_whole
from guardrails.register.proof_files import Handed, entries_of, hand_over
from guardrails.register.verdicts import moment
from guardrails.register.witnesses import WitnessState

ASK_SECONDS = 15.0
POLICY = """\
# {head}
{logs}
{witnesses}
{quorum}
"""


@click.command("proof", help=help_of("proof"))
@click.argument("record")
@click.option("--output", type=click.Path(path_type=Path), help=help_of("proof_output"))
@click.option("--json", "in_json", is_flag=True)
@click.pass_obj
def proof_command(session: Session, record: str, output: Path | None, in_json: bool) -> int:
    with opened(session) as (_, register, me):
        try:
            entries = entries_of(register, record, kinds=None)
        except RecordInvalid:
            session.tell(session.texts("register", "no_such_exchange", exchange=record))
            return 1
        handed = hand_over(register, entries, by=me, role=ROLE)
    place = output or Path(f"preuve-{record[:8]}")
    written = _written(handed, place)
    if in_json:
        session.print_json({
            "record": record, "origin": handed.origin, "place": str(place), "files": written,
            "entries": [proof.index for proof in handed.proofs],
        })  # fmt: skip
    else:
        for name in written:
            session.say(str(place if place.suffix == ".zip" else place / name))
    count = len(handed.proofs)
    key = "proof_outlives_one" if count == 1 else "proof_outlives"
    session.tell(session.texts("register", key, count=count))
    return 0


def _written(handed: Handed, place: Path) -> list[str]:
    """Write the files where they are to stand, readable by who asked alone; return their names."""
    if place.suffix == ".zip":
        write_whole(place, handed.zipped())
        return [place.name]
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, text in handed.files().items():
        write_whole(place / name, text.encode())
    return [*handed.files()]


@click.command("witnesses", help=help_of("witnesses"))
@click.option("--ask", "asks", is_flag=True, help=help_of("witnesses_ask"))
@click.option("--json", "in_json", is_flag=True)
@click.pass_obj
def witnesses_command(session: Session, asks: bool, in_json: bool) -> int:
    with opened(session) as (_, register, _me):
        if asks:
            register.checkpoint_seen(seconds=ASK_SECONDS)
        states, size = register.witnesses.states(register), register.size()
    if in_json:
        session.print_json({
            "size": size,
            "witnesses": [
                {"name": s.name, "size": s.size, "at": s.at, "trouble": s.trouble} for s in states
            ],
        })  # fmt: skip
    elif not states:
        session.tell(session.texts("register", "witness_none"))
    else:
        for line in told(session, states):
            session.say(line)
    return 1 if any(state.trouble for state in states) else 0


def told(session: Session, states: Sequence[WitnessState]) -> list[str]:
    """Say how each witness stands, a sentence each."""
    texts, lines = session.texts, []
    for state in states:
        facts = {
            "name": state.name, "size": state.size, "known": state.known,
            "at": moment(state.at, texts.language),
        }  # fmt: skip
        seen = "witness_seen" if state.size else "witness_not_yet"
        if state.trouble is None:
            lines.append(texts("register", seen, **facts))
        else:
            lines.append(texts("register", f"witness_{state.trouble.value}", **facts))
            lines += [texts("register", "witness_seen_before", **facts)] if state.size else []
    return lines


def ask_witnesses(session: Session, register: Register) -> None:
    """Show the last checkpoint to the witnesses, and say what came of it."""
    if not len(register.witnesses):
        return
    register.witnesses.ask(register, seconds=ASK_SECONDS)
    for line in told(session, register.witnesses.states(register)):
        session.tell(line)


@click.command("policy", help=help_of("policy"))
@click.option("--quorum", type=click.IntRange(1, 16), help=help_of("policy_quorum"))
@click.pass_obj
def policy_command(session: Session, quorum: int | None) -> None:
    places = witness_places(session.settings.register_)
    if quorum is not None and quorum > len(places):
        number = {0: "_none", 1: "_one"}.get(len(places), "")
        key = f"policy_too_many{number}"
        raise click.UsageError(session.texts("register", key, count=len(places)))
    with opened(session) as (_, register, _me):
        origin, keys = register.origin, register.key_chain()
    names = [f"temoin-{number}" for number in range(1, len(places) + 1)]
    needed = quorum or len(places)
    group = f"group temoins {needed} {' '.join(names)}\nquorum temoins"
    text = POLICY.format(
        head=session.texts("register", "policy_head", origin=origin),
        logs="\n".join(f"log {key}" for key in keys),
        witnesses="\n".join(
            f"witness {name} {place.key} {place.address}"
            for name, place in zip(names, places, strict=True)
        ),
        quorum=group if places else "quorum none",
    )
    session.say(text.rstrip("\n"))
