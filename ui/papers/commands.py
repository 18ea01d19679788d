# SPDX-License-Identifier: EUPL-1.2
"""`papers [NAME]`: the town's papers as files, drafts to complete; none is ever replaced."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from assistant.commands.session import Session
from assistant.texts import Texts
from assistant.wiring import open_parts
from ui.papers import FORMS, PAPERS, PaperFile, draft_papers, file_name
from ui.papers.known import utc_now

FR = Texts("fr")
ROLE = "administrator"


@click.command(help=FR("help", "papers"))
@click.argument("name", default="")
@click.option(
    "--format",
    "form",
    type=click.Choice([*FORMS]),
    default="docx",
    show_default=True,
    help=FR("help", "papers_format"),
)
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    default=Path(),
    help=FR("help", "papers_to"),
)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def papers(session: Session, name: str, form: str, folder: Path, as_json: bool) -> None:
    if name and name not in PAPERS:
        raise session.fail("paper_unknown", names=", ".join(PAPERS))
    if not folder.is_dir():
        raise session.fail("paper_no_folder")
    moment, wanted = utc_now(), [name] if name else [*PAPERS]
    for paper in wanted:  # one that is there may be completed by hand already
        if (folder / file_name(paper, form, moment)).exists():
            raise session.fail("paper_there", name=file_name(paper, form, moment))
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        me = parts.register.pseudonym(getpass.getuser())
        made = draft_papers(parts, wanted, form, by=me, role=ROLE, now=lambda: moment)
    for one in made:
        _write(one, folder)
    if as_json:
        session.print_json({"papers": [_row(one) for one in made]})
        return
    for one in made:
        count = len(one.blanks)
        key = "written_one" if count == 1 else "written" if count else "written_whole"
        session.say(session.texts("papers", key, file=one.name, count=count))
    session.tell(session.texts("papers", "drafts"))


def _write(paper: PaperFile, folder: Path) -> None:
    """Write a paper whole or not at all, and never over another."""
    path = folder / paper.name
    with path.open("xb") as file:
        try:
            file.write(paper.content)
            file.flush()
        except OSError:
            path.unlink()
            raise


def _row(paper: PaperFile) -> dict[str, object]:
    return {"name": paper.paper, "file": paper.name, "blanks": [*paper.blanks]}
