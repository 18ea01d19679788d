# SPDX-License-Identifier: EUPL-1.2
"""Packs: made and signed elsewhere, checked before anything, in the place of last month's."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.errors import UserError
from assistant.operations import ingest
from assistant.pack.adding import add_pack, newest_in
from assistant.pack.making import make
from assistant.pack.manifest import FORM, NOTE, Manifest, opened
from assistant.pack.words import examined, file_words, kept_packs, pack_json, pack_words
from assistant.settings import Settings
from assistant.texts import Texts
from assistant.wiring import open_parts
from corpus import audience
from corpus.ingest import Ingestion
from corpus.packs import Pack, Standing, pack_of
from guardrails.register.notes import VerifierKey, key_of, read_skey, sign_text
from tests.assistant.terminal import RESIDENT, RosterGuard, Terminal, stand_in
from tests.corpus.conftest import ReadHere
from tests.fakes import open_head
from tests.table import each

FICHE = """<?xml version="1.0" encoding="UTF-8"?>
<Publication xmlns:dc="http://purl.org/dc/elements/1.1/" ID="{id}">
<dc:title>{title}</dc:title><dc:date>modified {day}</dc:date>
<Texte><Paragraphe>{text}</Paragraphe></Texte></Publication>"""
PASSPORT = ("F1", "Passeport", "2026-03-03", "Le passeport d'un adulte coûte 86 euros de timbre.")
CARD = ("F2", "Carte d'identité", "2026-01-09", "La carte d'identité dure dix ans pour un adulte.")
UNION = ("F3", "Pacs", "2025-05-06", "Le pacs se déclare à la mairie de la résidence commune.")
FR, EN = Texts("fr"), Texts("en")
LICENCE, SOURCE = "Licence Ouverte 2.0", "service-public.fr"


def fiche(told: tuple[str, str, str, str]) -> str:
    identifier, title, day, text = told
    return FICHE.format(id=identifier, title=title, day=day, text=text)


class Maker:
    """Somebody elsewhere, with a key."""

    def __init__(self, terminal: Terminal, folder: Path) -> None:
        self.terminal, self.folder = terminal, folder
        self.key = folder / "packs.key"
        self.public = terminal("pack", "keygen", "association.example/packs", "--out",
                               str(self.key)).out.strip()  # fmt: skip

    def guides(self, *told: tuple[str, str, str, str]) -> Path:
        place = self.folder / "fiches"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        for one in told:
            (place / f"{one[0]}.xml").write_text(fiche(one), "utf-8")
        return place

    def pack(self, month: str, *told: tuple[str, str, str, str], out: Path | None = None) -> Path:
        out = out or self.folder / f"service-public-{month}.zip"
        make(
            self.guides(*told), out, name="service-public", month=month, licence=LICENCE,
            source=SOURCE, secret=self.key.read_text("utf-8"),
        )  # fmt: skip
        return out

    def signed(self, text: str, members: Mapping[str, bytes], out: Path) -> Path:
        """A pack that says whatever it is told to say, signed by the right key."""
        name, private = read_skey(self.key.read_text("utf-8"))
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(zipfile.ZipInfo(NOTE), sign_text(text, name, [private]))
            for member, data in members.items():
                archive.writestr(zipfile.ZipInfo(member), data)
        return out

    def keys(self) -> list[VerifierKey]:
        return [VerifierKey.read(self.public)]


@pytest.fixture
def terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    stand_in(monkeypatch, guard=RosterGuard(RESIDENT))
    # the pool of readers has its own tests, and takes its time
    monkeypatch.setattr("assistant.pack.adding.ReadingPool", lambda count: nullcontext(ReadHere()))
    here = {"open_reading": lambda: nullcontext(ReadHere())}
    monkeypatch.setattr(
        Ingestion.__init__, "__kwdefaults__", Ingestion.__init__.__kwdefaults__ | here
    )
    monkeypatch.setattr(audience, "_read", lambda name: open_head("pacs"))  # told private
    return Terminal(tmp_path, capsys, monkeypatch)


@pytest.fixture
def maker(terminal: Terminal, tmp_path: Path) -> Maker:
    return Maker(terminal, tmp_path)


def added(terminal: Terminal, maker: Maker, file: Path, *more: str) -> dict[str, Any]:
    done = terminal("pack", "add", str(file), "--trust", maker.public, "--json", *more)
    assert done.code == 0, done.err
    told: dict[str, Any] = done.json
    return told


def found(terminal: Terminal, question: str, who: str = "senior") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = terminal(
        "search", question, "--audience", who, "--json"
    ).json["passages"]  # fmt: skip
    return rows


def standing(terminal: Terminal) -> Mapping[str, Standing]:
    return kept_packs(terminal.data, Settings())


# -- made


def test_the_same_guides_make_the_same_bytes_and_what_is_no_guide_stays_out(
    maker: Maker, terminal: Terminal, tmp_path: Path
) -> None:
    folder = maker.guides(CARD, PASSPORT)
    (folder / "lisez-moi.txt").write_text("Bonjour", "utf-8")
    (folder / "sommaire.xml").write_text("<Sommaire/>", "utf-8")
    files = []
    for name in ("a.zip", "b.zip"):
        done = terminal("pack", "make", str(folder), "--month", "2026-11", "--key", str(maker.key),
                        "--out", str(tmp_path / name), "--json")  # fmt: skip
        assert (done.json["guides"], done.json["left_out"]) == (2, 2)
        files.append((tmp_path / name).read_bytes())
    assert files[0] == files[1]
    manifest, signer = opened(tmp_path / "a.zip", maker.keys())
    assert (signer.name, sorted(manifest.guides)) == (
        "association.example/packs", ["F1.xml", "F2.xml"],
    )  # fmt: skip
    assert Manifest.read(manifest.text) == manifest
    assert maker.key.stat().st_mode & 0o077 == 0


@each(
    "arguments, words",
    [
        (("keygen", "Ma clé", "--out", "k"), "nom de clé"),
        (("keygen", "a.example/packs", "--out", "packs.key"), "existe déjà"),
        (("make", "fiches", "--month", "novembre", "--key", "packs.key"), "2026-11"),
        (("make", "vide", "--month", "2026-11", "--key", "packs.key"), "aucune fiche"),
        (("make", "fiches", "--month", "2026-11", "--key", "fiches/F1.xml"), "n'est pas une clé"),
        (("add", "rien.zip", "--trust", "abc"), "clé publique"),
        (("add", "rien.zip"), "aucune clé"),
        (("add",), "--from-share"),
    ],
)
def test_a_command_that_cannot_be_carried_out_says_why(
    arguments: tuple[str, ...], words: str, maker: Maker, terminal: Terminal, tmp_path: Path
) -> None:
    maker.guides(PASSPORT)
    (tmp_path / "vide").mkdir(exist_ok=True)
    (tmp_path / "rien.zip").touch()
    places = {"k", "packs.key", "fiches", "vide", "rien.zip", "fiches/F1.xml"}
    done = terminal("pack", *(str(tmp_path / a) if a in places else a for a in arguments))
    assert (done.code, words in done.err) == (1, True), done.err
    assert not (tmp_path / "k").exists()


# -- added


def test_a_month_takes_the_place_of_the_one_before(
    maker: Maker, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = added(terminal, maker, maker.pack("2026-10", PASSPORT, CARD, UNION))
    assert (first["added"], first["private"], first["before"]) == (3, 0, "")
    (seen,) = [row for row in found(terminal, "déclarer un pacs") if "F3" in str(row["file"])]
    assert seen["pack"] == {
        "name": "service-public", "month": "2026-10", "becoming": "", "updated": "2025-05-06",
    }  # fmt: skip
    read: list[str] = []
    submit = ReadHere.submit

    def noted(self: ReadHere, path: Path, inside: tuple[str, ...], name: str) -> object:
        read.append(name)
        return submit(self, path, inside, name)

    monkeypatch.setattr(ReadHere, "submit", noted)
    dearer = (*PASSPORT[:2], "2026-11-02", "Le passeport d'un adulte coûte 90 euros de timbre.")
    then = added(terminal, maker, maker.pack("2026-11", dearer, CARD))
    assert [Path(name).name for name in read] == ["F1.xml"]
    assert [then[name] for name in ("updated", "unchanged", "removed", "before")] == [
        1, 1, 1, "2026-10",
    ]  # fmt: skip
    assert not any("F3" in str(row["file"]) for row in found(terminal, "déclarer un pacs"))
    (card,) = [row for row in found(terminal, "carte d'identité") if "F2" in str(row["file"])]
    assert (
        pack_json(Pack(name="service-public", month="2026-11", updated="2026-01-09"))
        == (card["pack"])
    )
    assert list(terminal.data.glob("packs*")) == []
    assert standing(terminal) == {"service-public": Standing(month="2026-11")}
    told = terminal("register", "show", "--kind", "ingestion", "--jsonl").jsonl[-1]["payload"]
    assert told["pack"] == {
        "name": "service-public", "month": "2026-11", "before": "2026-10", "guides": 2,
        "key": then["key"],
    }  # fmt: skip
    (erased,) = [
        line["payload"]
        for line in terminal("register", "show", "--kind", "erasure", "--jsonl").jsonl
        if "traces" in line["payload"]
    ]
    assert len(erased["documents"]) == 1
    assert added(terminal, maker, maker.folder / "service-public-2026-11.zip")["added"] == 0


def test_an_older_pack_waits_for_a_word(maker: Maker, terminal: Terminal) -> None:
    october, november = maker.pack("2026-10", CARD), maker.pack("2026-11", CARD, PASSPORT)
    added(terminal, maker, november)
    refused = terminal("pack", "add", str(october), "--trust", maker.public)
    assert (refused.code, "--again" in refused.err) == (1, True)
    assert standing(terminal)["service-public"].month == "2026-11"
    assert added(terminal, maker, october, "--again")["removed"] == 1
    assert standing(terminal)["service-public"].month == "2026-10"


def test_the_newest_of_the_shares_is_taken(
    maker: Maker, terminal: Terminal, tmp_path: Path
) -> None:
    one, two = tmp_path / "un", tmp_path / "deux"
    one.mkdir(), two.mkdir()
    maker.pack("2026-09", CARD, out=one / "service-public-2026-09.zip")
    maker.pack("2026-11", CARD, out=two / "service-public-2026-11.zip")
    (one / "service-public-2026-13.zip").touch()
    (one / "autre-2026-12.zip").touch()
    assert newest_in([tmp_path / "absent", one, two], "service-public").parent == two
    terminal.data.mkdir(exist_ok=True)
    (terminal.data / "greffier.toml").write_text(
        f'shares = ["{one}", "{two}"]\n[packs]\ntrusted = ["{maker.public}"]\n', "utf-8"
    )
    assert terminal("pack", "add", "--from-share", "--json").json["month"] == "2026-11"
    missing = terminal("pack", "add", "--from-share", "--name", "etat")
    assert "etat-AAAA-MM.zip" in missing.err


def test_what_is_not_as_it_was_signed_is_refused_with_words(
    maker: Maker, terminal: Terminal, tmp_path: Path
) -> None:
    good = maker.pack("2026-10", PASSPORT)
    data, bad = good.read_bytes(), tmp_path / "mauvais.zip"
    passport = fiche(PASSPORT).encode()
    digest = opened(good, maker.keys())[0].guides["F1.xml"]
    many = replace(
        opened(good, maker.keys())[0],
        guides={f"F{n}.xml": digest for n in range(100_000)},
    )

    def told(text: str, **members: bytes) -> bytes:
        named = {name.replace("_", "."): content for name, content in members.items()}
        return maker.signed(text, named, bad).read_bytes()

    text = opened(good, maker.keys())[0].text
    unsigned = tmp_path / "sans.zip"
    with zipfile.ZipFile(unsigned, "w") as archive:
        archive.writestr(zipfile.ZipInfo(NOTE), text)
    folded = tmp_path / "plie.zip"
    with zipfile.ZipFile(folded, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NOTE, bytes(50_000_000))
    crowd = tmp_path / "foule.zip"
    maker.signed(text, {"F1.xml": passport, **{f"x{n}.xml": b"" for n in range(20_001)}}, crowd)
    cases = {
        "empty": (b"", "n'est pas un pack"),
        "no pack": (b"PK\x03\x04 et la suite, qui n'en est pas une du tout", "n'est pas un pack"),
        "cut in its note": (data[:200], "coupé"),
        "cut in a guide": (data[:-400], "coupé"),
        "a guide changed": (data.replace(b"86 euros", b"16 euros"), "n'est pas ce qui a été signé"),
        "its note changed": (data.replace(b"2026-10", b"2026-12", 1), "signature de ce pack"),
        "unsigned": (unsigned.read_bytes(), "n'est pas signé"),
        "folded": (folded.read_bytes(), "n'est pas un pack"),
        "a path outside": (
            told(text.replace("F1.xml", "../F1.xml"), F1_xml=passport), "hors de son dossier"),
        "a hidden path": (told(text.replace("F1.xml", ".F1.xml")), "hors de son dossier"),
        "another form": (told(text.replace(FORM, "greffier/pack/v9")), "n'est pas un pack"),
        "another count": (told(text.replace('"count":1', '"count":2')), "ne se lit pas"),
        "no month": (told(text.replace("2026-10", "2026-19")), "ne se lit pas"),
        "no guide": (told(text), "ne contient pas les fiches"),
        "one too many": (told(text, F1_xml=passport, F9_xml=b"x"), "ne contient pas les fiches"),
        "100,000 named": (told(many.text), "trop de fiches"),
        "20,001 held": (crowd.read_bytes(), "trop de fiches"),
    }  # fmt: skip
    wrong = {}
    for name, (content, words) in cases.items():
        bad.write_bytes(content)
        done = terminal("pack", "add", str(bad), "--trust", maker.public)
        if done.code != 1 or words not in done.err or len(done.err.strip().splitlines()) != 1:
            wrong[name] = done.err
    assert not wrong
    private = read_skey(maker.key.read_text("utf-8"))[1]
    other = str(key_of("autre.example", private))
    assert "autre clé" in terminal("pack", "add", str(good), "--trust", other).err
    assert standing(terminal) == {}
    assert terminal("corpus", "list", "--json").json == []
    assert not (terminal.data / "packs").exists()


def test_a_guide_that_is_none_is_told_and_the_rest_goes_in(
    maker: Maker, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.pack.making.kind_of", lambda name, data: "fiche.xml")
    monkeypatch.setattr("assistant.pack.making.GUIDES", {"fiche.xml"})
    folder = maker.guides(PASSPORT)
    (folder / "F8.xml").write_text("<Sommaire/>", "utf-8")
    out = maker.folder / "p.zip"
    make(folder, out, name="service-public", month="2026-10", licence=LICENCE, source=SOURCE,
         secret=maker.key.read_text("utf-8"))  # fmt: skip
    report = added(terminal, maker, out)
    assert report["added"] == 1
    assert [one["reason"] for one in report["failed"]] == ["broken"]


class Died(BaseException):
    """The process is killed here."""


@pytest.mark.parametrize(
    "stage",
    [
        "assistant.pack.adding._check",
        "corpus.passages.PassageStore.put",
        "assistant.pack.adding.remove",
        "corpus.passages.PassageStore.remove",
    ],
)
def test_killed_in_the_middle_it_goes_on_and_says_meanwhile_that_two_months_are_there(
    maker: Maker, terminal: Terminal, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    added(terminal, maker, maker.pack("2026-10", PASSPORT, UNION))
    dearer = (*PASSPORT[:2], "2026-11-02", "Le passeport d'un adulte coûte 90 euros de timbre.")
    november = maker.pack("2026-11", dearer, CARD)

    def die(*_: object, **__: object) -> None:
        raise Died

    with (
        monkeypatch.context() as killed,
        open_parts(terminal.data, terminal.keys, Settings()) as parts,
    ):
        killed.setattr(stage, die)
        with pytest.raises(Died):
            add_pack(parts, november, keys=maker.keys())
    is_begun = stage != "assistant.pack.adding._check"
    now = standing(terminal)["service-public"]
    assert (now.month, now.becoming) == ("2026-10", "2026-11" if is_begun else "")
    (line,) = examined(terminal.data, Settings(), FR, date(2026, 11, 5))
    assert (line.state, "relancez" in line.detail) == (
        ("weak", True) if is_begun else ("ok", False)
    )
    if is_begun:
        rows = found(terminal, "passeport pacs carte")
        words = {row["pack"]["becoming"] for row in rows if "pack" in row}
        assert words == {"2026-11"}
    added(terminal, maker, november)
    assert standing(terminal) == {"service-public": Standing(month="2026-11")}
    files = sorted(row["file"] for row in terminal("corpus", "list", "--json").json)
    assert files == ["service-public.zip/F1.xml", "service-public.zip/F2.xml"]
    (line,) = examined(terminal.data, Settings(), FR, date(2026, 11, 5))
    assert line.state == "ok"


def test_a_full_disk_changes_nothing(
    maker: Maker, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = maker.pack("2026-10", PASSPORT)
    usage = SimpleNamespace(total=1, used=1, free=0)
    with monkeypatch.context() as full:
        full.setattr("assistant.pack.adding.shutil.disk_usage", lambda path: usage)
        done = terminal("pack", "add", str(pack), "--trust", maker.public)
    assert (done.code, "plein" in done.err) == (1, True)
    assert not (terminal.data / "packs").exists() or not [*(terminal.data / "packs").iterdir()]
    assert standing(terminal) == {}
    assert added(terminal, maker, pack)["added"] == 1


def test_only_packs_go_into_the_collection_of_a_pack(terminal: Terminal) -> None:
    done = terminal("corpus", "add", str(terminal.town), "--collection", "pack:service-public")
    assert (done.code, "pack signé" in done.err) == (1, True)
    with open_parts(terminal.data, terminal.keys, Settings()) as parts, pytest.raises(UserError):
        ingest(parts, [terminal.town], collection="pack:x")


def test_a_removal_that_the_register_cannot_take_leaves_both_months_and_says_so(
    maker: Maker, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    added(terminal, maker, maker.pack("2026-10", PASSPORT, UNION))
    november = maker.pack("2026-11", PASSPORT)
    with monkeypatch.context() as broken:

        def full(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        broken.setattr("assistant.operations.begin_removal", full)
        done = terminal("pack", "add", str(november), "--trust", maker.public)
    assert (done.code, "plein" in done.err) == (1, True)
    assert standing(terminal)["service-public"].becoming == "2026-11"
    assert added(terminal, maker, november)["removed"] == 1


# -- told


def test_an_answer_that_quotes_a_guide_says_its_source_and_its_dates(
    maker: Maker, terminal: Terminal
) -> None:
    meal = ("F7", "Cantine", "2026-02-01", "Le repas de la cantine coûte 4,20 euros par enfant.")
    added(terminal, maker, maker.pack("2026-11", meal))
    asked = "Combien coûte le repas de la cantine ?"
    outcome = terminal("ask", asked, "--audience", "senior", "--json").json
    told = [one["pack"] for one in (*outcome["citations"], *outcome["leads"])]
    assert told and all(
        one == {"name": "service-public", "month": "2026-11", "becoming": "",
                "updated": "2026-02-01"}
        for one in told
    )  # fmt: skip
    assert (
        "service-public.fr, pack de novembre 2026 (fiche mise à jour le 1er février 2026)"
        in terminal("ask", asked, "--audience", "senior").out
    )


def test_of_two_that_are_as_near_the_town_s_own_paper_comes_first(
    maker: Maker, terminal: Terminal
) -> None:
    same = "Le repas de la cantine coûte 4,20 euros par enfant."
    page = f"Cantine\nFiche service-public.fr mise à jour le 1er février 2026\n{same}"
    (terminal.town / "cantine.txt").write_text(page, "utf-8")
    guides = [(f"F{n}", "Cantine", "2026-02-01", same) for n in range(7)]
    added(terminal, maker, maker.pack("2026-11", *guides))
    terminal("corpus", "add", str(terminal.town), "--collection", "public")
    first, *others = found(terminal, "prix du repas de la cantine")
    assert (first["file"], "pack" in first) == ("cantine.txt", False)
    scores = [round(float(str(one["score"])), 2) for one in (first, *others[:7])]
    assert len({*scores}) == 1 and all("pack" in one for one in others[:7])


@each(
    "pack, texts, words",
    [
        (None, FR, ""),
        (Pack(name="etat", month="2026-10"), FR, "etat, pack d'octobre 2026"),
        (Pack(name="etat", month="2026-08"), EN, "etat, pack of August 2026"),
        (
            Pack(name="service-public", month="2026-11", updated="2026-03-03"), FR,
            "service-public.fr, pack de novembre 2026 (fiche mise à jour le 3 mars 2026)",
        ),
        (
            Pack(name="service-public", month="2026-10", becoming="2026-11"), FR,
            "service-public.fr, pack d'octobre 2026 en cours de remplacement par celui de novembre "
            "2026",
        ),
    ],
)  # fmt: skip
def test_where_a_guide_comes_from_is_told_in_both_languages(
    pack: Pack | None, texts: Texts, words: str
) -> None:
    assert pack_words(pack, texts) == words
    assert file_words("F1.xml", pack, texts) == (f"F1.xml – {words}" if words else "F1.xml")


@each(
    "before, month, towards, shown",
    [
        (Standing(), "2026-11", Standing(becoming="2026-11"), ("2026-11", "")),
        (Standing(month="2026-10"), "2026-11", Standing(month="2026-10", becoming="2026-11"),
         ("2026-10", "2026-11")),
        (Standing(becoming="2026-10"), "2026-11", Standing(month="2026-10", becoming="2026-11"),
         ("2026-10", "2026-11")),
        (Standing(month="2026-11"), "2026-11", Standing(month="2026-11", becoming="2026-11"),
         ("2026-11", "")),
    ],
)  # fmt: skip
def test_what_stands_side_by_side_is_known(
    before: Standing, month: str, towards: Standing, shown: tuple[str, str]
) -> None:
    assert before.towards(month) == towards == Standing.read(str(towards))
    pack = pack_of("pack:x", str(towards), "")
    assert pack and (pack.month, pack.becoming) == shown


@each(
    "today, state, words",
    [
        (date(2026, 11, 30), "ok", "de novembre 2026"),
        (date(2026, 10, 31), "ok", "de novembre 2026"),
        (date(2027, 2, 28), "ok", "de novembre 2026"),
        (date(2027, 3, 1), "weak", "plus de trois mois"),
        (date(2020, 1, 1), "weak", "horloge"),
    ],
)
def test_an_old_pack_and_a_clock_in_the_past_are_told(
    today: date, state: str, words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = {"service-public": Standing(month="2026-11")}
    monkeypatch.setattr("assistant.pack.words.kept_packs", lambda data, settings: kept)
    (line,) = examined(tmp_path, Settings(), FR, today)
    assert (line.state, words in line.detail) == (state, True), line.detail


def test_doctor_tells_of_a_pack(maker: Maker, terminal: Terminal) -> None:
    added(terminal, maker, maker.pack("2020-01", PASSPORT))
    assert "janvier 2020 a plus de trois mois" in terminal("doctor").out
