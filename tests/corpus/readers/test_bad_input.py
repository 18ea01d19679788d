# SPDX-License-Identifier: EUPL-1.2
"""Files made badly, or on purpose: each is reported by name, the others are read."""

from __future__ import annotations

import io
import stat
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import pytest
from reportlab.pdfgen import canvas

from corpus.acts import read_act
from corpus.errors import UnreadableFile
from corpus.readers import read, read_data
from corpus.readers.archive import members
from corpus.readers.package import Package
from corpus.readers.pool import ReadingPool
from corpus.report import Failed, Flagged
from corpus.sentences import sentences
from tests.corpus.conftest import Town
from tests.corpus.readers.files import archive, compound
from tests.corpus.test_readers import W, docx, odt, p, pdf, zipped

RUN = "_" * 20_000
CANTEEN = "Le repas à la cantine de Brumeval coûte 3,20 euros pour les enfants de la commune."
LIBRARY = "La bibliothèque ouvre le mercredi de 14 heures à 18 heures toute l'année."


def failures(town: Town) -> dict[str, str]:
    return {failed.file: failed.reason for failed in town.add().failed}


# -- archives


def test_files_of_an_archive_are_files_of_their_own(town: Town) -> None:
    inner = archive({"biblio.md": LIBRARY.encode()})
    data = archive(
        {"tarifs/cantine.txt": CANTEEN.encode(), "lot.zip": inner, "__MACOSX/._a": b"x", ".b": b"x"}
    )
    (town.folder / "envoi.zip").write_bytes(data)
    assert town.add().added == 2
    assert {d.file for d in town.store.documents()} == {
        "envoi.zip/tarifs/cantine.txt",
        "envoi.zip/lot.zip/biblio.md",
    }
    assert town.search("prix du repas à la cantine")[0] == "envoi.zip/tarifs/cantine.txt"
    again = town.add()
    assert (again.added, again.unchanged, town.ingestion.missing([town.folder])) == (0, 2, [])


def test_a_file_that_leaves_its_archive_is_pruned(town: Town) -> None:
    path = town.folder / "envoi.zip"
    path.write_bytes(archive({"a.txt": CANTEEN.encode(), "b.txt": LIBRARY.encode()}))
    town.add()
    path.write_bytes(archive({"b.txt": LIBRARY.encode()}))
    report = town.add(prune=True)
    assert (report.removed, report.unchanged) == (1, 1)
    assert [d.file for d in town.store.documents()] == ["envoi.zip/b.txt"]


def test_a_tape_is_read_like_an_archive(town: Town) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tape:
        for name, text in (("a/cantine.txt", CANTEEN), ("biblio.txt", LIBRARY), ("../x.txt", "x")):
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            tape.addfile(info, io.BytesIO(text.encode()))
        link = tarfile.TarInfo("lien.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tape.addfile(link)
    (town.folder / "envoi.tar.gz").write_bytes(out.getvalue())
    report = town.add()
    assert report.added == 2
    assert {(f.file, f.reason) for f in report.failed} == {
        ("envoi.tar.gz/../x.txt", "outside_folder"),
        ("envoi.tar.gz/lien.txt", "outside_folder"),
    }


def test_paths_links_and_passwords_in_an_archive_are_reported(town: Town) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("../dehors.txt", "x")
        made.writestr("/absolu.txt", "x")
        made.writestr("C:\\racine.txt", "x")
        link = zipfile.ZipInfo("lien.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
        made.writestr("bon.txt", CANTEEN)
        made.writestr("secret.txt", LIBRARY)
    data = bytearray(out.getvalue())
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.rindex(sign, 0, data.rindex(b"secret.txt") + 1) if sign[2] == 1 else 0
        at = at or data.index(b"secret.txt") - 30
        data[at + flags] |= 1
    (town.folder / "lot.zip").write_bytes(bytes(data))
    assert failures(town) == {
        "lot.zip/../dehors.txt": "outside_folder",
        "lot.zip//absolu.txt": "outside_folder",
        "lot.zip/C:\\racine.txt": "outside_folder",
        "lot.zip/lien.txt": "outside_folder",
        "lot.zip/secret.txt": "encrypted",
    }
    assert [d.file for d in town.store.documents()] == ["lot.zip/bon.txt"]
    assert sorted(path.name for path in town.folder.parent.iterdir()) == ["data", "town"]


def test_a_bomb_of_zeros_is_refused_before_it_unfolds(tmp_path: Path) -> None:
    bomb = tmp_path / "bombe.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(20):
            made.writestr(f"{number}.txt", bytes(5_000_000))
    with pytest.raises(UnreadableFile) as refused:
        members(bomb)
    assert refused.value.reason == "too_large"


def test_a_directory_that_lies_about_sizes_does_not_help(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.readers.archive.MAX_MEMBER_BYTES", 1_000)
    data = archive({"a.txt": b"a" * 50_000})
    size = (50_000).to_bytes(4, "little")
    (town.folder / "menteur.zip").write_bytes(data.replace(size, (10).to_bytes(4, "little")))
    assert failures(town)["menteur.zip/a.txt"] in ("too_large", "broken")


def test_archives_in_archives_are_opened_only_so_deep(town: Town) -> None:
    data = archive({"fond.txt": CANTEEN.encode()})
    for level in range(5):
        data = archive({f"{level}.zip": data})
    (town.folder / "poupee.zip").write_bytes(data)
    assert failures(town) == {"poupee.zip/4.zip/3.zip/2.zip": "too_large"}


def test_too_many_files_in_an_archive(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.readers.archive.MAX_MEMBERS", 3)
    (town.folder / "a.zip").write_bytes(archive({f"{n}.txt": b"x" for n in range(5)}))
    assert failures(town) == {"a.zip": "too_large"}


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("coupe.zip", archive({"a.txt": CANTEEN.encode()})[:-30], "broken"),
        ("vide.zip", archive({}), "empty"),
        ("faux.zip", b"pas une archive", "broken"),
        ("coupe.tgz", b"\x1f\x8b\x08\x00" + bytes(30), "broken"),
    ],
)
def test_a_bad_archive_has_its_reason(town: Town, name: str, data: bytes, reason: str) -> None:
    (town.folder / name).write_bytes(data)
    town.write("bon.txt", CANTEEN)
    assert failures(town) == {name: reason}
    assert [d.file for d in town.store.documents()] == ["bon.txt"]


# -- bombs, macros, what is hidden


@pytest.mark.parametrize("kind", ["docx", "odt", "fiche"])
def test_entities_are_never_expanded(kind: str) -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "zut">{levels}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    made = {
        "docx": (
            zipped(
                {
                    "word/document.xml": f"{bomb}<w:document {W}><w:body>{p('&e8;&f;')}"
                    f"{p('Le reste.')}</w:body></w:document>"
                }
            ),
            "a.docx",
        ),
        "odt": (
            zipped({"content.xml": bomb + "<a>&e8;</a>"}),
            "a.odt",
        ),
        "fiche": (
            f'{bomb}<Publication ID="F1"><Texte><Paragraphe>&e8;&f;</Paragraphe>'
            "<Paragraphe>Le reste.</Paragraphe></Texte></Publication>".encode(),
            "F1.xml",
        ),
    }
    data, name = made[kind]
    try:
        text = read_data(data, name=name).pages[0].text
    except UnreadableFile:
        return
    assert "zut" not in text and "root:" not in text
    assert text.endswith("Le reste.")


@pytest.mark.parametrize(
    "declared",
    [
        "<!DOCTYPE x>",
        '<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd">',
        '<!DOCTYPE x [<!ENTITY a "b">]>',
        "<!DOCTYPE x [<!ENTITY a '&a;'>]><y>&a;</z>",
    ],
)
def test_an_office_file_that_declares_a_type_is_refused_by_name(declared: str) -> None:
    body = f"{declared}<w:document {W}><w:body>{p(CANTEEN)}</w:body></w:document>"
    wide = body.encode("utf-16")
    for name, data in (
        ("a.docx", zipped({"word/document.xml": body})),
        ("b.docx", archive({"word/document.xml": wide})),
        ("c.odt", zipped({"content.xml": declared + "<a>Texte</a>"})),
        ("d.xlsx", zipped({"xl/workbook.xml": declared + "<a/>"})),
        ("e.pptx", zipped({"ppt/presentation.xml": declared + "<a/>"})),
        ("f.xlsx", zipped({"xl/workbook.xml": f"<!--{'x' * 200_000}-->{declared}<a/>"})),
        ("h.xlsx", zipped({"xl/workbook.xml": "<a/>", "xl/media/s.xml": f"{declared}<a/>"})),
        ("i.xlsx", archive({"xl/workbook.xml": f"{declared}<a/>".encode("utf-16-be")})),
        ("j.xlsx", archive({"xl/workbook.xml": f"{declared}<a/>".encode("utf-16-le")})),
        ("g.xlsx", zipped({"xl/workbook.xml": "<a/>", "xl/a.PART": f"\n{declared}<a/>"})),
    ):
        with pytest.raises(UnreadableFile) as refused:
            read_data(data, name=name)
        if name != "b.docx" or "</z>" not in declared:
            assert (name, refused.value.reason) == (name, "doctype")


def test_a_drawing_in_a_spreadsheet_may_declare_its_type() -> None:
    drawing = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd"><svg/>'
    Package(zipped({"xl/workbook.xml": "<a/>", "xl/media/image1.svg": drawing})).refuse_types()
    with pytest.raises(UnreadableFile, match="doctype"):
        Package(zipped({"xl/workbook.xml": "<a/>", "xl/image1.svg": drawing})).refuse_types()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", "<!---->" * 60 + "x"),
        ("a.md", "# a" + " " * 20_000 + "b"),
        ("b.md", "[" * 100_000),
        ("a.txt", "Nom " + "." * 60_000 + "x"),
        ("arrete.eml", f"Subject: =?utf-8?q?Arr=C3=AAt=C3=A9_fait_=C3=A0{RUN}x?=\n\nBonjour"),
    ],
)
def test_long_runs_of_one_sign_are_read(name: str, text: str) -> None:
    """Each took minutes, or all the time there is, in one look of one pattern."""
    try:
        pages = read_data(text.encode(), name=name).pages
    except UnreadableFile:
        return
    read_act([(page.number, page.text) for page in pages], name)
    for page in pages:
        assert sentences(page.text)


def test_a_heading_may_be_closed_by_its_signs() -> None:
    text = read_data(b"## Tarifs  ##  \n\nLe repas.\n", name="a.md").pages[0].text
    assert text.splitlines()[0] == "Tarifs"


def test_an_old_manifest_may_declare_its_type() -> None:
    with zipfile.ZipFile(io.BytesIO(odt(f"<text:p>{CANTEEN}</text:p>"))) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    declared = b'<!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "M">'
    parts["META-INF/manifest.xml"] = declared + b'<manifest:manifest xmlns:manifest="m"/>'
    assert read_data(archive(parts), name="a.odt").pages[0].text == CANTEEN


def test_what_a_file_hides_is_flagged_by_name(town: Town) -> None:
    changed = docx(
        p("Le tarif de la halle est de 4,20 euros la journée pour les associations.")
        + "<w:p><w:del><w:r><w:delText>3,20</w:delText></w:r></w:del></w:p>"
        + '<w:p><w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>Blanc</w:t></w:r></w:p>',
        comments=f"<w:comments {W}><w:comment>{p('À revoir')}</w:comment></w:comments>",
        vbaProject="x",
    )
    page = '<p>La halle ouvre à huit heures.</p><p style="color:#fff">Blanc aussi</p>'
    (town.folder / "halle.docx").write_bytes(changed)
    (town.folder / "page.html").write_text(page, "utf-8")
    assert town.add().flagged == (
        Flagged(file="halle.docx", flags=("comments", "hidden_text", "tracked_changes")),
        Flagged(file="page.html", flags=("hidden_text",)),
    )
    kept = " ".join(text for d in town.store.documents() for _, text in town.store.pages(d.id))
    assert "Blanc" not in kept and "revoir" not in kept and "3,20" not in kept


def test_what_is_not_seen_is_screened_flagged_and_kept_nowhere(town: Town) -> None:
    deleted = "<w:p><w:del><w:r><w:delText>{}</w:delText></w:r></w:del></w:p>"
    shown = p("La halle ouvre à huit heures du matin, tous les jours de la semaine.")
    plain, personal = deleted.format("Texte retiré"), deleted.format("refusé à Zuliani")
    (town.folder / "halle.docx").write_bytes(docx(shown + plain))
    (town.folder / "place.docx").write_bytes(docx(shown + p("La place aussi.") + personal))
    said = f"<w:comments {W}><w:comment>{p('Voir Zuliani')}</w:comment></w:comments>"
    (town.folder / "note.docx").write_bytes(docx(shown + p("Note."), comments=said))
    assert town.add().flagged == (
        Flagged(file="halle.docx", flags=("tracked_changes",)),
        Flagged(file="note.docx", flags=("comments", "personal_unseen")),
        Flagged(file="place.docx", flags=("tracked_changes", "personal_unseen")),
    )
    assert any("refusé à Zuliani" in text for text in town.guard.texts)
    every = b"".join(path.read_bytes() for path in town.data.iterdir())
    for words in ("Texte retiré", "refusé", "Voir", "Zuliani"):
        assert words.encode() not in every
    assert (
        sum(report for report in (d.hidden.get("PERSON", 0) for d in town.store.documents())) == 0
    )


def test_white_letters_on_a_dark_ground_are_read() -> None:
    table = (
        '<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:fill="1F3864"/></w:tcPr><w:p><w:r><w:rPr>'
        '<w:color w:val="FFFFFF"/></w:rPr><w:t>Horaires</w:t></w:r></w:p></w:tc></w:tr></w:tbl>'
    )
    document = read_data(docx(table), name="a.docx")
    assert (document.pages[0].text, document.flags) == ("Horaires", ())
    page = '<div style="background:#036"><p style="color:white">Horaires</p></div>'
    assert read_data(page.encode(), name="a.html").flags == ()


def test_hidden_text_of_a_pdf_is_dropped_and_flagged() -> None:
    out = io.BytesIO()
    drawn = canvas.Canvas(out)
    drawn.drawString(60, 750, "La halle ouvre à huit heures tous les mardis de l'année.")
    drawn.setFillColorRGB(1, 1, 1)
    drawn.drawString(60, 720, "Blanc sur blanc")
    drawn.setFillColorRGB(0, 0, 0)
    drawn.rect(50, 640, 300, 40, fill=1)
    drawn.setFillColorRGB(1, 1, 1)
    drawn.drawString(60, 655, "Blanc sur noir")
    drawn.setFillColorRGB(0, 0, 0)
    drawn.setFont("Helvetica", 1)
    drawn.drawString(60, 600, "Minuscule")
    text = drawn.beginText(60, 560)
    text.setFont("Helvetica", 12)
    text.setTextRenderMode(3)
    text.textLine("Invisible")
    drawn.drawText(text)
    drawn.save()
    document = read_data(out.getvalue(), name="a.pdf")
    (page,) = document.pages
    assert document.flags == ("hidden_text",)
    assert "huit heures" in page.text and "Blanc sur noir" in page.text
    assert not any(w in page.text for w in ("Blanc sur blanc", "Minuscule", "Invisible"))


# -- size, and readers that hang, die or want too much memory


def test_a_pdf_of_two_thousand_pages_is_read() -> None:
    document = read_data(pdf(*[[f"Le point {n} est adopté."] for n in range(2_000)]), name="a.pdf")
    assert len(document.pages) == 2_000


def test_a_file_of_500_mb_is_refused_without_being_read(town: Town) -> None:
    with (town.folder / "enorme.pdf").open("wb") as file:
        file.truncate(500 * 1024 * 1024)
    town.write("bon.txt", CANTEEN)
    started = time.process_time()
    assert failures(town) == {"enorme.pdf": "too_large"}
    assert time.process_time() - started < 5


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """Return the command of a worker whose text reader does what the text says."""
    script = tmp_path_factory.mktemp("worker") / "trapped.py"
    script.write_text(
        """
import os, time
import corpus.readers as readers
from corpus.readers import worker
from corpus.readers.kinds import Kind
from corpus.readers.text import read_text

def read(data):
    if b"#hang#" in data:
        time.sleep(600)
    if b"#die#" in data:
        os._exit(9)
    if b"#eat#" in data:
        held = bytearray(3 * 1024**3)
    if b"#child#" in data:
        os.fork()
        time.sleep(600)
    return read_text(data)

readers.READERS[Kind.TEXT] = read
worker.main()
""",
        "utf-8",
    )
    return (sys.executable, str(script))


def test_a_reader_that_hangs_dies_or_eats_takes_only_its_file(
    tmp_path: Path, trapped: tuple[str, ...]
) -> None:
    texts = {
        "bon": CANTEEN, "pend": "#hang#", "meurt": "#die#", "mange": "#eat#", "enfant": "#child#",
        "encore": LIBRARY,
    }  # fmt: skip
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    outcome: dict[str, str] = {}
    with ReadingPool(2, command=trapped, silence_seconds=8) as pool:
        futures = {n: pool.submit(tmp_path / f"{n}.txt", (), f"{n}.txt") for n in texts}
        for name, future in futures.items():
            try:
                outcome[name] = future.result().pages[0].text
            except UnreadableFile as error:
                outcome[name] = error.reason
    assert outcome == {
        "bon": CANTEEN, "pend": "too_slow", "meurt": "broken", "mange": "too_large",
        "enfant": "too_slow", "encore": LIBRARY,
    }  # fmt: skip


def test_leaving_the_pool_ends_what_is_under_way(tmp_path: Path, trapped: tuple[str, ...]) -> None:
    (tmp_path / "a.txt").write_text("#hang#", "utf-8")
    with pytest.raises(KeyboardInterrupt), ReadingPool(1, command=trapped) as pool:
        future = pool.submit(tmp_path / "a.txt", (), "a.txt")
        worker = pool._workers[0]
        while worker._process is None:
            time.sleep(0.01)
        process = worker._process
        raise KeyboardInterrupt
    assert process.poll() is not None
    with pytest.raises(UnreadableFile):
        future.result()


def test_a_pool_reads_what_a_call_reads(tmp_path: Path) -> None:
    (tmp_path / "deux\nlignes.docx").write_bytes(docx(p(CANTEEN)))
    (tmp_path / "a.zip").write_bytes(archive({"b/c.odt": odt(f"<text:p>{LIBRARY}</text:p>")}))
    files = [((tmp_path / "deux\nlignes.docx"), ()), (tmp_path / "a.zip", ("b/c.odt",))]
    with ReadingPool(1) as pool:
        futures = [pool.submit(path, inside, path.name) for path, inside in files]
        apart = [future.result() for future in futures]
    assert apart == [read(path, inside=inside, name=path.name) for path, inside in files]


def test_passwords_of_older_formats_are_seen() -> None:
    locked = b"\xec\xa5" + bytes(9) + b"\x01" + bytes(20)
    for name, streams in (
        ("a.doc", {"WordDocument": locked}),
        ("a.xlsx", {"EncryptedPackage": b"x", "EncryptionInfo": b"x"}),
    ):
        with pytest.raises(UnreadableFile) as refused:
            read_data(compound(streams), name=name)
        assert refused.value.reason == "encrypted"


def test_a_copy_of_a_bad_file_has_the_same_reason(town: Town) -> None:
    town.write("a.pdf", "%PDF-1.7 tronqué")
    town.write("b.pdf", "%PDF-1.7 tronqué")
    assert town.add().failed == (
        Failed(file="a.pdf", reason="broken"),
        Failed(file="b.pdf", reason="broken"),
    )
