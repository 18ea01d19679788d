# SPDX-License-Identifier: EUPL-1.2
"""The town's papers, read back by programs that know nothing of ours (python-docx, markdown-it)."""

from __future__ import annotations

import io
import re
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree
from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.libraries import libraries
from assistant.settings import Settings
from assistant.wiring import Parts, open_parts
from guardrails.register.records import JsonValue, Kind
from guardrails.register.sampling import sample as draw_sample
from tests.assistant.conftest import CANTEEN
from tests.assistant.terminal import RESIDENT, RosterGuard, Terminal, stand_in
from tests.register.homes import ask_in
from tests.register.rated import rate_right
from ui.papers import PAPERS, PaperFile, draft_papers
from ui.papers.filling import LINE
from ui.papers.words import entries, words

SAMPLES = Path(__file__).parents[3] / "samples"
TOWN = "Mirelande-sur-Auvelle"
QUESTIONS = """
[[question]]
question = "Combien coûte le repas de la cantine ?"
answers = ["4,20 €"]
file = "cantine.txt"
page = 1

[[question]]
question = "Ai-je droit à une aide ?"
"""
REGISTER = Path(__file__).parents[3] / "guardrails" / "register"
NO_INCIDENTS = {"account", "document", "document_begun"}
"""What changes of accounts and erasures say of themselves."""

ETALAB = {
    "Informations sur l'administration": (
        "Nom de l'administration concernée", "Direction ou service porteur",
        "Contact au sein de l'administration concernée", "Date de mise à jour des informations",
    ),
    "Informations métier sur l'algorithme et la décision prise": (
        "Nom de l'algorithme", "Contexte global", "Finalité de l'algorithme",
        "Comment et quand l'algorithme intervient-il dans la prise de décision ?",
        "Niveau d'automatisation de la décision", "Fondements juridiques", "Ressources connexes",
    ),
    "Informations sur l'impact de la décision": (
        "Nombre de décisions administratives prises par an", "Portée de la décision",
        "Public concerné par la décision", "Ressources connexes",
    ),
    "Informations sur le fonctionnement interne de l'algorithme": (
        "Données traitées", "Source des données traitées", "Mode de collecte des données traitées",
        "Type d'algorithme", "Opérations effectuées par l'algorithme", "Ressources connexes",
    ),
}  # fmt: skip
"""The fields of the guide's sheet (11 February 2021), heading by heading."""

Cells = list[list[str]]


@dataclass(frozen=True)
class Town:
    """A data folder, and the papers made from it."""

    parts: Parts

    @property
    def settings(self) -> Path:
        return self.parts.folder.settings

    def draft(self, *names: str, form: str = "docx") -> dict[str, PaperFile]:
        made = draft_papers(self.parts, names or PAPERS, form, by="x", role="administrator")
        return {one.paper: one for one in made}

    def paper(self, name: str) -> Document:
        return opened(self.draft(name)[name].content)

    def words(self, name: str) -> list[str]:
        return words_of(self.paper(name))

    def entries(self, kind: Kind) -> list[Mapping[str, JsonValue]]:
        return [entry.payload for entry in self.parts.register.entries() if entry.kind is kind]


@contextmanager
def opened_town(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Town]:
    stand_in(patch, guard=RosterGuard(RESIDENT))
    patch.setenv("GREFFIER_MODELS", str(folder / "models"))
    patch.delenv("GREFFIER_SHARES", raising=False)
    data = folder / "data"
    with open_parts(data, folder / "keys", Settings.read(data / "greffier.toml")) as parts:
        yield Town(parts)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The sample town: its settings as they are, two documents, two questions."""
    folder = tmp_path_factory.mktemp("sample")
    (folder / "data").mkdir(mode=0o700)
    (folder / "town").mkdir()
    shutil.copy(SAMPLES / "greffier.toml", folder / "data" / "greffier.toml")
    (folder / "town" / "cantine.txt").write_text(CANTEEN, "utf-8")
    (folder / "town" / "merci.txt").write_text(f"Le conseil remercie {RESIDENT}.", "utf-8")
    with pytest.MonkeyPatch.context() as patch, opened_town(folder, patch) as town:
        town.parts.ingestion.add([folder / "town"], collection="public")
        for document in town.parts.store.documents():
            town.parts.sorting.decide(document.id, "public")  # a person's last word
        town.parts.assistant.ask("Combien coûte le repas de la cantine ?")
        town.parts.assistant.ask(f"Où habite {RESIDENT} ?")
        yield town


@pytest.fixture(scope="module")
def kept(sample: Town) -> dict[str, PaperFile]:
    """Every paper of the sample town, as DOCX."""
    return sample.draft()


@pytest.fixture(scope="module")
def marked(sample: Town) -> dict[str, PaperFile]:
    """The same as Markdown."""
    return sample.draft(form="md")


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A folder of which nothing is set and into which nothing was put."""
    (tmp_path / "data").mkdir(mode=0o700)
    with opened_town(tmp_path, monkeypatch) as town:
        yield town


def opened(data: bytes) -> Document:
    return docx.Document(io.BytesIO(data))


def parts_of(document: Document) -> Iterator[Paragraph | Table]:
    yield from document.iter_inner_content()


def words_of(document: Document) -> list[str]:
    """Return all that a DOCX says, paragraph by paragraph, row by row."""
    said: list[str] = []
    for part in parts_of(document):
        if isinstance(part, Table):
            said += [cell.text for row in part.rows for cell in row.cells]
        else:
            said.append(part.text)
    return [words for one in said if (words := " ".join(one.split()))]


def read_docx(data: bytes) -> list[str]:
    return words_of(opened(data))


def words_of_markdown(data: bytes) -> list[str]:
    """Return all that a Markdown file says, as a reader of CommonMark with tables has it."""
    tokens = MarkdownIt("commonmark").enable("table").parse(data.decode())
    said = [_words(token) for token in tokens if token.type == "inline"]
    return [words for one in said if (words := " ".join(one.split()))]


def _words(token: Token) -> str:
    kinds = {child.type for child in token.children or ()}
    assert kinds <= {"text", "text_special", "softbreak"}, (kinds, token.content)
    return "".join(
        " " if child.type == "softbreak" else child.content for child in token.children or ()
    )


def tables_under(document: Document, heading: str) -> list[Cells]:
    """Return the cells of the tables below a heading, down to the next one."""
    found, is_there = list[Cells](), False
    for part in parts_of(document):
        if isinstance(part, Table):
            if is_there:
                found.append([[cell.text for cell in row.cells] for row in part.rows])
        elif part.style and part.style.name == "Heading 1":
            is_there = part.text == heading
    return found


def properties(data: bytes) -> dict[str, str]:
    package = opened(data).part.package
    (part,) = (p for p in package.iter_parts() if p.partname == "/docProps/custom.xml")
    return {one.get("name"): one[0].text for one in etree.fromstring(part.blob)}


def blanks_of(words: list[str]) -> set[str]:
    """Return the hints of the blanks that stand in a paper."""
    return set(re.findall(rf"{LINE} \(([^()]+)\)", " ".join(words)))


# -- every paper, from the sample town


@pytest.mark.parametrize("form", ["docx", "md"])
@pytest.mark.parametrize("name", PAPERS)
def test_every_paper_comes_out_of_the_sample_town_and_says_its_version(
    kept: dict[str, PaperFile], marked: dict[str, PaperFile], name: str, form: str
) -> None:
    files, read = (kept, read_docx) if form == "docx" else (marked, words_of_markdown)
    words = read(files[name].content)
    text = " ".join(words)
    assert TOWN in text and f"Greffier {version('greffier')}" in words
    assert sha256((SAMPLES / "greffier.toml").read_bytes()).hexdigest() in words
    assert "Aucun modèle n'en a écrit un mot" in text
    assert "Ce que la commune doit encore décider" in words
    for left in ("{{", "{%", "None", "Undefined", "&lt;", "<"):
        assert left not in text, left


def test_the_two_forms_say_the_same(
    kept: dict[str, PaperFile], marked: dict[str, PaperFile]
) -> None:
    for name, one in kept.items():  # each reading of the register is one entry more
        assert uncounted(read_docx(one.content)) == uncounted(
            words_of_markdown(marked[name].content)
        ), name


def uncounted(words: list[str]) -> list[str]:
    return [re.sub(r"\d+", "n", line) for line in words]


@pytest.mark.parametrize("name", PAPERS)
def test_a_docx_has_a_title_headings_lists_and_tables_that_name_their_columns(
    kept: dict[str, PaperFile], name: str
) -> None:
    document = opened(kept[name].content)
    styles = [p.style.name for p in document.paragraphs if p.style]
    assert styles[0] == "Title" and {"Heading 1", "List Bullet"} <= {*styles}
    assert document.core_properties.title == document.paragraphs[0].text
    assert document.tables
    for table in document.tables:
        (head, *_) = table.rows
        assert head._tr.xpath("./w:trPr/w:tblHeader")
    told = properties(kept[name].content)
    assert told["AIGenerated"] == "false"
    assert told["DigitalSourceType"].endswith("/dataDrivenMedia")
    assert "AI-assisted" not in told
    assert told["Paper"] == name
    assert told["SettingsSHA256"] == sha256((SAMPLES / "greffier.toml").read_bytes()).hexdigest()


@pytest.mark.parametrize("name", PAPERS)
def test_every_blank_that_is_told_stands_in_the_paper_and_in_its_list(
    kept: dict[str, PaperFile], name: str
) -> None:
    words, blanks = read_docx(kept[name].content), kept[name].blanks
    assert blanks and {*blanks} == blanks_of(words)
    assert words[words.index("À compléter dans ce document") + 1 :] == [*blanks]


def test_no_official_and_no_resident_is_named(kept: dict[str, PaperFile]) -> None:
    roster = tomllib.loads((SAMPLES / "greffier.toml").read_text("utf-8"))["roster"]
    for one in kept.values():
        text = " ".join(read_docx(one.content))
        assert not [name for name in (*roster, RESIDENT) if name in text]


def test_what_is_set_is_no_blank(kept: dict[str, PaperFile]) -> None:
    for one in kept.values():
        assert "town." not in " ".join(one.blanks)


def test_what_is_written_was_entered_first(
    sample: Town, kept: dict[str, PaperFile], marked: dict[str, PaperFile]
) -> None:
    told = [entry for entry in sample.entries(Kind.EXPORT) if entry["form"] == "papers"]
    assert [*PAPERS] in [entry["papers"] for entry in told]
    assert {"docx", "md"} <= {entry["file"] for entry in told}
    assert "papers" in {entry["purpose"] for entry in sample.entries(Kind.READING)}


# -- what each of them says


def test_the_transparency_sheet_has_the_fields_of_the_guide(kept: dict[str, PaperFile]) -> None:
    document = opened(kept["transparence"].content)
    for heading, fields in ETALAB.items():
        ((head, *rows),) = tables_under(document, heading)
        assert head == ["Information", "Précisions"]
        assert tuple(row[0] for row in rows) == fields
        assert all(row[1] for row in rows)


def test_every_kind_of_entry_is_mapped_with_its_count_and_its_months(
    kept: dict[str, PaperFile],
) -> None:
    document = opened(kept["correspondances"].content)
    ((_, *rows),) = tables_under(document, "Chaque nature d'entrée")
    assert [row[0] for row in rows] == [entries()[kind].name for kind in Kind]
    counts = {row[0]: int(row[-1]) for row in rows}
    assert counts["question"] == counts["échange clos"] == 2
    assert {row[-2] for row in rows} == {"12 mois"}
    asked = tables_under(document, "Chaque demande")[0]
    assert {"Art. 12, § 1", "Art. 26, § 6", "CNIL 2021-122"} <= {row[0] for row in asked}


def test_the_assessment_counts_what_the_documents_hide(kept: dict[str, PaperFile]) -> None:
    held, hidden = tables_under(opened(kept["aipd"].content), "2. Les données")[1:]
    assert held[1:] == [["Actes publics", "2", "2", "habitants et agents"]]
    assert hidden[1:] == [["PERSONNE", "2"]]


def test_short_and_long_retention_are_asked_about(bare: Town) -> None:
    bare.settings.write_text("[register]\nmonths = 24\nmonths_by_kind = {intent = 3}\n", "utf-8")
    words = bare.words("correspondances")
    hints = " ".join(blanks_of(words))
    assert "pourquoi moins de six mois" in hints and "pourquoi plus d'un an" in hints
    assert "3 mois" in words and "24 mois" in words


def test_the_system_card_lists_every_library_and_the_models_of_the_catalogue(
    kept: dict[str, PaperFile],
) -> None:
    document = opened(kept["carte-du-systeme"].content)
    licences, listed = tables_under(document, "Bibliothèques et licences")
    assert [row[0] for row in listed[1:]] == [one.name for one in libraries()]
    assert sum(int(row[1]) for row in licences[1:]) == len(libraries()) > 100
    assert sum("« Coder » dans un nom" in line for line in words_of(document)) == 1
    models = tables_under(document, "De quoi il est fait")[0]
    assert {row[2] for row in models[1:]} == {"Apache-2.0", "MIT"}
    used = {row[0]: row[1] for row in tables_under(document, "Ce qui est mesuré à l'usage")[0]}
    assert (used["Questions"], used["Réponses"], used["Refus"]) == ("2", "1", "1")


def test_the_system_card_tells_what_auditors_rated_with_its_interval(bare: Town) -> None:
    hint = "tirer un échantillon à la page de l'auditeur"
    assert any(hint in one for one in blanks_of(bare.words("carte-du-systeme")))
    register = bare.parts.register
    for _ in range(3):
        ask_in(register)
    drawn = draw_sample(register, 3)
    for exchange in drawn.exchanges[:2]:
        rate_right(register, exchange, drawn=drawn)
    document = bare.paper("carte-du-systeme")
    assert not any(hint in one for one in blanks_of(words_of(document)))
    (rated,) = tables_under(document, "Évaluations")
    told = {row[0]: row[1] for row in rated}
    assert told["Dernier avis"] == f"{register.now():%d/%m/%Y}"
    assert told["Réponses entièrement justes"] == "2 sur 2 (intervalle à 95 % : 16 à 100 %)"
    assert told["Questions notées du tirage"] == "2 sur 3"
    assert told["Avis semblables de deux auditeurs"] == "pas encore mesuré"


def test_a_model_elsewhere_is_a_blank_and_its_address_is_not_told(bare: Town) -> None:
    bare.settings.write_text('[model]\nendpoint = "http://10.0.0.5:8080/v1"\n', "utf-8")
    words = {name: read_docx(one.content) for name, one in bare.draft().items()}
    assert any("model.endpoint" in hint for hint in blanks_of(words["carte-du-systeme"]))
    assert any("envoient quelque chose ailleurs" in line for line in words["aipd"])
    assert not any("10.0.0.5" in line for lines in words.values() for line in lines)


def test_witnesses_are_told_of_as_something_that_leaves_the_machine(bare: Town) -> None:
    key = "w.example+00df7ba9+BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    bare.settings.write_text(f'[register]\nwitnesses = ["{key} https://w.example"]\n', "utf-8")
    words = {name: " ".join(read_docx(one.content)) for name, one in bare.draft().items()}
    for name in ("aipd", "registre-des-traitements"):
        assert "register.witnesses" in words[name] and "w.example" not in words[name], name
    assert "les témoins des réglages" in words["correspondances"]


def test_every_incident_of_the_register_has_its_words() -> None:
    """Each `why` that the register writes: as `{"why": …}`, or handed to what closes or tells."""
    code = "".join(path.read_text("utf-8") for path in REGISTER.glob("*.py"))
    written = {*re.findall(r'"why": "(\w+)"', code), *re.findall(r'why="(\w+)"', code)}
    written |= {*re.findall(r'_tell_clock\(\s*"(\w+)"', code)}
    known = {*words()["incident"], *NO_INCIDENTS}
    assert {"witness_trouble", "process_died", "clock_unconfirmed"} <= written
    assert written <= known, written - known


# -- settings with blanks, settings that are hostile


def test_what_is_not_set_is_a_blank_with_its_hint(bare: Town) -> None:
    made = bare.draft()
    for name, one in made.items():
        words = read_docx(one.content)
        assert "town.name dans greffier.toml" in " ".join(blanks_of(words)), name
        assert "pas de fichier : les réglages par défaut" in words
    hints = " ".join(made["registre-des-traitements"].blanks)
    assert "town.phone" in hints and "town.address" in hints
    assert any("greffier eval" in hint for hint in made["carte-du-systeme"].blanks)


HOSTILE = r"A|B <script>x</script> # *y* [z](u) _w_ \ `k` & \| fin"


def test_a_hostile_name_of_a_town_is_text_in_both_forms(bare: Town) -> None:
    bare.settings.write_text(f"[town]\nname = '{HOSTILE}'\n", "utf-8")
    for name, one in bare.draft().items():
        assert HOSTILE in " ".join(read_docx(one.content)), name
    for name, one in bare.draft(form="md").items():
        assert HOSTILE in " ".join(words_of_markdown(one.content)), name


def test_a_kept_evaluation_that_says_something_else_is_a_blank(bare: Town) -> None:
    (bare.settings.parent / "evaluation.json").write_text('{"at": "hier"}', "utf-8")
    assert any("greffier eval" in hint for hint in blanks_of(bare.words("carte-du-systeme")))


# -- the command


@pytest.fixture
def terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    import_module("ui.main")  # adds the command
    stand_in(monkeypatch)
    return Terminal(tmp_path, capsys, monkeypatch)


def test_the_last_evaluation_is_told_with_its_counts_and_is_not_the_town_s_use(
    terminal: Terminal, tmp_path: Path
) -> None:
    assert terminal("corpus", "add", str(terminal.town)).code == 0
    questions = tmp_path / "questions.toml"
    questions.write_text(QUESTIONS, "utf-8")
    scored = terminal("eval", str(questions), "--json").json
    done = terminal("papers", "carte-du-systeme", "--to", str(tmp_path), "--json")
    (told,) = done.json["papers"]
    document = opened((tmp_path / told["file"]).read_bytes())
    found = {row[0]: row[1] for row in tables_under(document, "Évaluations")[0]}
    assert found["Réponses justes, à la bonne page"] == f"{scored['right']} sur 1"
    assert found["Refus à raison"] == f"{scored['refused_rightly']} sur 1"
    assert found["Réponses fausses montrées"] == "0 sur 2"
    assert sha256(questions.read_bytes()).hexdigest() in found.values()
    used = {row[0]: row[1] for row in tables_under(document, "Ce qui est mesuré à l'usage")[0]}
    assert used["Questions"] == "0"


def test_without_a_name_all_are_written_and_told(terminal: Terminal, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    done = terminal("papers", "--format", "md", "--to", str(folder), "--json")
    assert done.code == 0, done.err
    told = done.json["papers"]
    assert [paper["name"] for paper in told] == [*PAPERS]
    assert {path.name for path in folder.iterdir()} == {paper["file"] for paper in told}
    for paper in told:
        words = words_of_markdown((folder / paper["file"]).read_bytes())
        assert {*paper["blanks"]} == blanks_of(words)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("à compléter", "Ce sont des brouillons", "n'existe pas", "n'est pas là",
                "existe déjà : rien n'a été écrit")),
        ("en", ("to fill", "These are drafts", "there is no such paper", "is not there: make it",
                "is there already: nothing was written")),
    ],
)  # fmt: skip
def test_the_command_speaks_both_languages_and_replaces_nothing(
    terminal: Terminal, tmp_path: Path, language: str, words: tuple[str, ...]
) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    there = ("--to", str(folder))
    done = terminal("--lang", language, "papers", "charte", *there)
    assert done.code == 0 and words[0] in done.out and words[1] in done.err
    (file,) = folder.iterdir()
    file.write_text("complété à la main", "utf-8")
    for arguments, said in (
        (("papers", "autre", *there), words[2]),
        (("papers", "--to", str(folder / "nulle-part")), words[3]),
        (("papers", *there), words[4]),
    ):
        refused = terminal("--lang", language, *arguments)
        assert refused.code == 1 and said in refused.err
        assert len(refused.err.splitlines()) == 1 and refused.out == ""
    assert [path.name for path in folder.iterdir()] == [file.name]
    assert file.read_text("utf-8") == "complété à la main"


def test_settings_that_cannot_be_read_are_one_line_and_nothing_is_written(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.data.mkdir(mode=0o700)
    (terminal.data / "greffier.toml").write_text("[town\nname = 3", "utf-8")
    (tmp_path / "papers").mkdir()
    refused = terminal("papers", "--to", str(tmp_path / "papers"))
    assert refused.code == 1 and "greffier.toml" in refused.err
    assert len(refused.err.splitlines()) == 1
    assert [*(tmp_path / "papers").iterdir()] == []
