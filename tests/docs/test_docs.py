# SPDX-License-Identifier: EUPL-1.2
"""The documentation names all that exists, and its links lead somewhere."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import click
import pytest

import ui.main  # noqa: F401  (adds the commands that open the screens)
from assistant.answers import Reason
from assistant.cli import COMMANDS
from assistant.wiring import switch_telemetry_off
from corpus.erase import ErasureProof
from corpus.errors import UnreadableFile
from corpus.readers import ENDINGS
from corpus.readers.programs import Need
from corpus.report import IngestReport
from corpus.weights_catalogue import catalogue
from guardrails.findings import Entity
from guardrails.placeholders import LABELS
from tests.docs.settings_table import Setting, kept, settings, table
from tests.promises.test_imports import DOORS, MODULES
from tests.table import each

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [
    *(
        ROOT / f"{name}.md"
        for name in ("README", "README.fr", "CHANGELOG", "CONTRIBUTING", "SECURITY")
    ),
    ROOT / "benchmarks" / "README.md",
    ROOT / "samples" / "README.md",
    *sorted(DOCS.rglob("*.md")),
]
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


def read(*names: str) -> str:
    return ROOT.joinpath(*names).read_text("utf-8")


def commands(
    command: click.Command | None = None, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, click.Command]]:
    """Yield each command that does something, by the words that call it."""
    if command is None:
        for name, place in COMMANDS.items():
            module, _, attribute = place.partition(":")
            yield from commands(getattr(import_module(module), attribute), (name,))
    elif isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from commands(below, (*path, name))
    else:
        yield " ".join(path), command


def sections(page: str) -> dict[str, str]:
    """Return the text under each heading of the second level."""
    return dict(part.partition("\n")[::2] for part in page.split("\n## ")[1:])


EVERY_COMMAND = dict(commands())
COMMAND_SECTIONS = sections(read("docs", "command-line.md"))


def test_the_screens_are_among_the_commands() -> None:
    assert {"serve", "demo", "corpus add", "register verify"} <= EVERY_COMMAND.keys()


@each("name", EVERY_COMMAND)
def test_a_command_has_its_section_and_each_of_its_options_a_word(name: str) -> None:
    told = COMMAND_SECTIONS[f"`greffier {name}`"]
    if "#choosing-entries" in told:
        told += COMMAND_SECTIONS["Choosing entries"]
    options = [p for p in EVERY_COMMAND[name].params if isinstance(p, click.Option)]
    for option in options:
        spelled = max([*option.opts, *option.secondary_opts], key=len)
        assert re.search(rf"(?<![\w-]){re.escape(spelled)}(?![\w-])", told), spelled


def test_no_section_describes_a_command_that_does_not_exist() -> None:
    told = {
        title.strip("`").removeprefix("greffier ") for title in COMMAND_SECTIONS if "`" in title
    }
    assert told == EVERY_COMMAND.keys()


def test_what_is_not_there_yet_is_not_there() -> None:
    named = re.findall(r"`([a-z ]+)`", COMMAND_SECTIONS["Not there yet"])
    assert not {*named} & EVERY_COMMAND.keys()


@pytest.mark.parametrize(
    ("command", "result"), [("corpus add", IngestReport), ("corpus remove", ErasureProof)]
)
def test_the_shape_of_a_result_is_the_one_described(command: str, result: type) -> None:
    shape = re.findall(r"```\n(.*?)```", COMMAND_SECTIONS[f"`greffier {command}`"], re.DOTALL)[0]
    outer = re.sub(r"\[\{.*?\}\]|(?<=: )\{.*?\}", "", shape)
    assert re.findall(r'"(\w+)"', outer) == [field.name for field in fields(result)]


@each("reason", Reason)
def test_a_refusal_reason_is_explained(reason: Reason) -> None:
    assert f"\n| `{reason}` | " in COMMAND_SECTIONS["`greffier ask`"]


def reasons_given() -> set[str]:
    sources = [p.read_text("utf-8") for p in MODULES if "assistant" in p.parts]
    return {
        Reason[name].value
        for source in sources
        for name in re.findall(r"(?<!= )\bReason\.([A-Z_]+)", source)
    }


def test_the_page_says_which_reasons_are_given() -> None:
    told = re.findall(r"\| `(\w+)` \| [^|]+ \| yes \|", COMMAND_SECTIONS["`greffier ask`"])
    assert {*told} == reasons_given()


@each("entity", Entity)
def test_an_entity_and_its_placeholder_are_named(entity: Entity) -> None:
    assert f"| `{entity}` | `[{LABELS[entity]}_1]` |" in COMMAND_SECTIONS["`greffier screen`"]


def test_every_environment_variable_is_named() -> None:
    used = {
        name
        for path in MODULES
        for name in re.findall(r"GREFFIER_[A-Z_]+", path.read_text("utf-8"))
    }
    told = re.findall(r"^\| `(GREFFIER_[A-Z_]+)`", COMMAND_SECTIONS["Environment"], re.MULTILINE)
    assert {*told} == used


@each("setting", [*settings()], ids=lambda s: s.name)
def test_a_setting_has_its_row_with_its_default_and_its_bounds(setting: Setting) -> None:
    default = f"`{setting.default}`" if setting.default else "none"
    start = f"| `{setting.name}` | {default} | "
    (row,) = (line for line in read("docs", "settings.md").splitlines() if line.startswith(start))
    assert {*setting.bounds} <= {*re.findall(r"-?\d+", row.removeprefix(start))}


def test_no_row_describes_a_setting_that_does_not_exist() -> None:
    told = re.findall(r"^\| `([\w.]+)` \|", read("docs", "settings.md"), re.MULTILINE)
    assert sorted(told) == sorted(s.name for s in settings())


def test_the_french_table_of_settings_is_current() -> None:
    assert kept() == table()


def test_what_is_read_and_what_waits_is_listed() -> None:
    told = sections(read("docs", "corpus.md"))
    read_now = ENDINGS.keys() - {".ppt", ".gz"}  # slides that wait; `.tar.gz` is told instead
    assert {*re.findall(r"`(\.\w+)`", told["What is read"])} == read_now
    waits = told["What waits, what fails"].partition("| fails because")[0]
    assert {*re.findall(r"^\| `(\w+)`", waits, re.MULTILINE)} == {*Need}


def test_why_a_file_fails_is_listed() -> None:
    fails = read("docs", "corpus.md").partition("| fails because")[2].partition("\n\n")[0]
    reasons = re.findall(r"`(\w+)`", inspect.getdoc(UnreadableFile) or "")
    named = [reason for reason in reasons if reason != "reason"]
    assert named == re.findall(r"^\| `(\w+)`", fails, re.MULTILINE)


def test_every_model_file_is_listed() -> None:
    told = re.findall(r"^\| `([\w.-]+)` \|.*?([\d.]+) GB", read("docs", "models.md"), re.MULTILINE)
    assert told == [(w.name, f"{w.size_bytes / 1e9:.2f}") for w in catalogue()]


def test_every_switch_against_telemetry_is_listed() -> None:
    page = read("docs", "architecture.md")
    switches = re.findall(r'"([A-Z_]{6,})":', inspect.getsource(switch_telemetry_off))
    assert "ORT_DISABLE_TELEMETRY" in switches
    for switch in switches:
        assert f"`{switch}`" in page, switch


def test_the_doors_are_those_that_the_import_test_holds() -> None:
    told = sections(read("docs", "architecture.md"))["The import rule"]
    rows = re.findall(r"^\| `(\w+)` \| (`[\w./]+`(?:, `[\w./]+`)*) \|", told, re.MULTILINE)
    assert {library: tuple(re.findall(r"[\w./]+", doors)) for library, doors in rows} == {
        library: (doors,) if isinstance(doors, str) else doors for library, doors in DOORS.items()
    }


@each("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text("utf-8")):
        if re.match(r"https?:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.is_relative_to(ROOT), link
        assert target.exists(), link
        if anchor:
            assert anchor in {slug(h) for h in HEADING.findall(target.read_text("utf-8"))}, link


def slug(heading: str) -> str:
    """Return the anchor that a heading gets where Markdown is shown."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def test_every_decision_is_in_their_list() -> None:
    listed = {*LINK.findall(read("docs", "decisions", "README.md"))}
    pages = {p.name for p in (DOCS / "decisions").glob("*.md")} - {"README.md"}
    assert listed == pages


def _blocks(page: str) -> list[str]:
    """Return the commands of a page, without what it says of each."""
    blocks = re.findall(r"^```\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    return [re.sub(r"\s+#.*$", "", block, flags=re.MULTILINE) for block in blocks]


def _figures(page: str) -> list[str]:
    """Return the numbers of the table of answers and of what is said below it."""
    table = page.partition("|---|---|---|---|\n")[2].partition("\n## ")[0]
    return [number.replace(",", ".") for number in re.findall(r"\d+(?:[.,]\d+)?", table)]


def test_the_french_readme_has_the_commands_and_the_figures_of_the_other() -> None:
    english, french = read("README.md"), read("README.fr.md")
    assert _blocks(french) == _blocks(english) != []
    assert _figures(french) == _figures(english) != []


@pytest.mark.parametrize("command", ["make demo", "make test"])
def test_the_readme_opens_with_the_two_commands(command: str) -> None:
    opening = read("README.md").partition("\n## ")[0]
    assert f"\n{command} " in opening
    assert "](docs/images/answer.png)" in opening
    assert re.search(rf"^{command.removeprefix('make ')}:", read("Makefile"), re.MULTILINE)


def test_the_readme_names_every_page_of_the_documentation() -> None:
    linked = {
        (ROOT / name.partition("#")[0]).resolve()
        for name in LINK.findall(read("README.md"))
        if not name.startswith("http")
    }
    assert {*DOCS.glob("*.md"), *(DOCS / "fr").glob("*.md")} <= linked
