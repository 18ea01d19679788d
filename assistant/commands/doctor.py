# SPDX-License-Identifier: EUPL-1.2
"""`doctor`: what is missing or weak, and the command that mends it."""

from __future__ import annotations

import click

from assistant.commands.session import Session
from assistant.doctor import examine
from assistant.texts import Texts

FR = Texts("fr")


@click.command(help=FR("help", "doctor"))
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def doctor(session: Session, as_json: bool) -> int:
    findings = examine(session.data, session.keys_base, session.settings, session.texts)
    if as_json:
        session.print_json(
            [{"name": f.name, "state": f.state, "detail": f.detail} for f in findings]
        )
    else:
        for f in findings:
            session.say(session.texts("cli", f"doctor_{f.state}", name=f.name, detail=f.detail))
    return 1 if any(f.state == "bad" for f in findings) else 0
