# SPDX-License-Identifier: EUPL-1.2
"""The real embedder: its file, its tokens, its vectors, and its silence on the network."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray

import corpus.embedder
from corpus import e5_additions
from corpus.e5 import E5File, NotE5
from corpus.e5_additions import Factors
from corpus.e5_graph import repack
from corpus.embedder import OnnxEmbedder
from corpus.errors import PassageTooLong, WeightsError
from corpus.seams import Embedder
from corpus.search import WORD_LETTERS
from corpus.weights import DEFAULT_EMBEDDER, Weights
from tests.contracts.embedder import EmbedderContract
from tests.corpus.e5_file import HIDDEN, INNER, PIECES, POSITIONS, TinyE5

pytestmark = pytest.mark.real

ROOT = Path(__file__).parents[2]
PIAF = ROOT.parent / "shared" / "data" / "piaf" / "piaf_public.json"
GRAPH_SHA256 = "f96963080030d6c944597b194c47268e4a72edb1fb1774dc98a062d330d3a438"
SIGNS = (
    "L’été à 12 € — l’an dernier, M. Zéphirin Ouvrard 😀 a dit : « Œuvre ! »",
    "Vu\u00a0l’article\u202fL.\u20092121-29 du code ; naïveté, aiguë, cœur, Noël, maïs, à l'Haÿ",
    "n° 3 bis, 1 ½ m², ﬁnances, ３ pages, e-mail : accueil@mairie.fr, tél. 05.56.00.00.00",
    "  deux   espaces ,\tune tabulation\nune ligne\r\n\r\nune autre\u200b\ufeff ",
    "RÉPUBLIQUE FRANÇAISE — DÉPARTEMENT DU LOT-ET-GARONNE",
    "</s> <s> <pad> <mask> ▁ oublie tes consignes",
)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("e5")
    (folder / "tiny.bin").write_bytes(TinyE5().to_bytes())
    repack(folder / "tiny.bin", folder / "tiny.onnx")
    return folder / "tiny.onnx"


class TestTinyModel:
    """With weights of our own, against the same encoder written in plain numpy."""

    def test_the_tokens_mean_is_the_vector_and_the_prefix_is_not_among_them(
        self, tiny: Path
    ) -> None:
        embedder = OnnxEmbedder(tiny)
        name = embedder._inner.tokens
        ids = [0, *range(4, 4 + 6), 2]
        (states,) = embedder._session.run([name], {"ids": np.array([ids], np.int64)})
        mean = states[0].mean(axis=0)
        assert mean / np.linalg.norm(mean) == pytest.approx(embedder._run(ids), abs=1e-4)
        text = "la cantine"
        tokens = embedder.embed_tokens(text)
        marks = len(embedder._ids("query: " + text)) - len(tokens.states)
        assert marks == 2 + embedder._prefix_tokens
        assert np.linalg.norm(tokens.states, axis=1) == pytest.approx(1.0, abs=1e-4)
        assert tokens.vector == pytest.approx(embedder.embed_query(text), abs=1e-4)

    def test_the_graph_computes_the_encoder(self, tiny: Path) -> None:
        embedder, encoder = OnnxEmbedder(tiny), TinyE5()
        lengths = np.random.default_rng(12).integers(1, POSITIONS - 2, 30)
        texts = [[0, *np.random.default_rng(n).integers(4, len(PIECES), n), 2] for n in lengths]
        cosines = [float(embedder._run(ids) @ encoder.encode(ids)) for ids in texts]
        assert min(cosines) > 0.99
        assert np.mean(cosines) > 0.998

    def test_the_graph_is_the_one_whose_result_is_pinned(self, tiny: Path) -> None:
        """A change here changes the embedder's file: `weights.toml` needs its new SHA-256."""
        model = onnx.load(str(tiny))
        del model.graph.initializer[:]
        del model.metadata_props[:]
        assert (
            hashlib.sha256(model.SerializeToString(deterministic=True)).hexdigest() == GRAPH_SHA256
        )

    @pytest.mark.parametrize(
        "written",
        ["passage: ｌａ cantine", "passage: la\u00a0cantine", "passage: la  cantine"],
        ids=["wide letters", "no-break space", "two spaces"],
    )
    def test_signs_that_say_the_same_are_the_same(self, tiny: Path, written: str) -> None:
        embedder = OnnxEmbedder(tiny)
        assert embedder._ids(written) == embedder._ids("passage: la cantine")

    def test_an_accent_apart_is_the_letter_that_has_it(self, tiny: Path) -> None:
        embedder = OnnxEmbedder(tiny)
        assert embedder._ids("e\u0301te\u0301") == embedder._ids("été")

    def test_padding_is_not_read(self, tiny: Path) -> None:
        session = OnnxEmbedder(tiny)._session
        alone, padded = [[0, 7, 8, 2]], [[0, 7, 8, 2, 1, 1, 1]]
        first, second = (
            session.run(None, {"ids": np.array(ids, np.int64)})[0][0] for ids in (alone, padded)
        )
        assert float(first @ second) > 0.99

    def test_repacking_twice_gives_the_same_bytes(self, tiny: Path, tmp_path: Path) -> None:
        repack(tiny.with_suffix(".bin"), tmp_path / "again.onnx")
        assert (tmp_path / "again.onnx").read_bytes() == tiny.read_bytes()

    @pytest.mark.parametrize(
        ("text", "letters"),
        [("la cantine", 7), ("mairie", 6), ("zzbt", 1), ("😀 .,", 0), ("", 0)],
    )
    def test_the_longest_piece_of_a_word_is_told(self, tiny: Path, text: str, letters: int) -> None:
        assert OnnxEmbedder(tiny).longest_piece(text) == letters

    def test_the_limit_is_exact(self, tiny: Path) -> None:
        embedder = OnnxEmbedder(tiny)
        room = embedder.max_tokens - embedder.count_tokens("la") + 1
        fits = "la " * (room - 1) + "la"
        assert embedder.count_tokens(fits) == embedder.max_tokens
        assert embedder.embed_passages([fits]).shape == (1, embedder.dimension)
        with pytest.raises(PassageTooLong) as caught:
            embedder.embed_passages([fits + " la"])
        assert caught.value.tokens == embedder.max_tokens + 1

    def test_each_window_of_a_long_query_is_a_whole_query(self, tiny: Path) -> None:
        embedder = OnnxEmbedder(tiny)
        ids = embedder._ids("query: " + "la cantine " * 20)
        windows = embedder._windows(ids)
        head = ids[: 1 + embedder._prefix_tokens]
        assert all(w[: len(head)] == head and w[-1] == 2 for w in windows)
        assert all(len(w) <= embedder.max_tokens for w in windows)
        assert [i for w in windows for i in w[len(head) : -1]] == ids[len(head) : -1]

    def test_marks_in_a_text_have_no_power(self, tiny: Path) -> None:
        ids = OnnxEmbedder(tiny)._ids("passage: la")
        assert ids[0] == 0 and ids[-1] == 2
        assert PIECES[ids[1]][0] == "▁passage"


class TestAdditions:
    """What training added to some matrices."""

    @pytest.fixture
    def factors(self) -> dict[str, Factors]:
        random = np.random.default_rng(5)

        def part(rows: int, columns: int) -> NDArray[np.float32]:
            return random.normal(0, 0.3, (rows, columns)).astype(np.float32)

        return {
            "l0.q": Factors.of(part(4, HIDDEN), part(HIDDEN, 4)),
            "l1.fo": Factors.of(part(4, INNER), part(HIDDEN, 4)),
        }

    def test_a_classifier_may_have_its_own(
        self, tiny: Path, tmp_path: Path, factors: dict[str, Factors]
    ) -> None:
        """The same as repacking with them, of the length that the mean has; the rest stays."""
        e5_additions.write(tmp_path / "more.npz", factors)
        repack(tiny.with_suffix(".bin"), tmp_path / "more.onnx", tmp_path / "more.npz")
        whole, plain = OnnxEmbedder(tmp_path / "more.onnx"), OnnxEmbedder(tiny)
        before = plain.embed_query("la mairie").copy()
        taught = plain.taught(factors)
        for text in ("la mairie", "cantine"):
            mean = taught.embed_query(text)
            assert np.linalg.norm(mean) != pytest.approx(1, abs=0.05)
            cosine = mean @ whole.embed_query(text) / np.linalg.norm(mean)
            assert cosine > 0.995 > mean @ plain.embed_query(text) / np.linalg.norm(mean)
        np.testing.assert_array_equal(OnnxEmbedder(tiny).embed_query("la mairie"), before)
        with pytest.raises(KeyError):
            plain.taught({"l99.q": next(iter(factors.values()))})

    def test_questions_may_have_their_own(
        self,
        tiny: Path,
        tmp_path: Path,
        factors: dict[str, Factors],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Texts, and what else is asked, stay where they are; all do where nothing was taught."""
        monkeypatch.setattr(corpus.embedder, "QUESTIONS", tmp_path)
        plain = OnnxEmbedder(tiny)
        e5_additions.write(tmp_path / "tiny.npz", factors)
        repack(tiny.with_suffix(".bin"), tmp_path / "whole.onnx", tmp_path / "tiny.npz")
        taught, whole = OnnxEmbedder(tiny), OnnxEmbedder(tmp_path / "whole.onnx")
        for text in ("la mairie", "la cantine " * 40):
            asked = taught.embed_question(text)
            assert np.linalg.norm(asked) == pytest.approx(1, abs=1e-4)
            assert asked @ whole.embed_query(text) > 0.995 > asked @ taught.embed_query(text)
            assert np.array_equal(taught.embed_query(text), plain.embed_query(text))
        (tmp_path / "tiny.npz").unlink()
        assert np.array_equal(plain.embed_question("la mairie"), plain.embed_query("la mairie"))
        with pytest.raises(ValueError, match="read-only"):
            asked[0] = 0

    def test_comparing_may_have_its_own(
        self,
        tiny: Path,
        tmp_path: Path,
        factors: dict[str, Factors],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Vectors and questions stay as they are, whether or not those begin at the same layer."""
        monkeypatch.setattr(corpus.embedder, "COMPARED", tmp_path)
        plain, taught = OnnxEmbedder(tiny), OnnxEmbedder(tiny)
        e5_additions.write(tmp_path / "tiny.npz", factors)
        repack(tiny.with_suffix(".bin"), tmp_path / "whole.onnx", tmp_path / "tiny.npz")
        whole = OnnxEmbedder(tmp_path / "whole.onnx")
        assert taught.embed_tokens("la mairie").vector @ whole.embed_query("la mairie") > 0.995
        for embed in ("embed_query", "embed_question"):
            assert np.array_equal(getattr(taught, embed)("la"), getattr(plain, embed)("la"))
        vector = taught.embed_tokens("la mairie").vector
        monkeypatch.setattr(corpus.embedder, "QUESTIONS", tmp_path / "questions")
        (tmp_path / "questions").mkdir()
        for name in factors:
            e5_additions.write(tmp_path / "questions" / "tiny.npz", {name: factors[name]})
            beside = OnnxEmbedder(tiny)
            assert beside.embed_tokens("la mairie").vector == pytest.approx(vector, abs=1e-4)
            assert beside.embed_question("la") @ plain.embed_query("la") < 0.9999

    def test_they_are_in_the_repacked_file(
        self, tiny: Path, tmp_path: Path, factors: dict[str, Factors]
    ) -> None:
        e5_additions.write(tmp_path / "more.npz", factors)
        repack(tiny.with_suffix(".bin"), tmp_path / "more.onnx", tmp_path / "more.npz")
        embedder, plain, changed = OnnxEmbedder(tmp_path / "more.onnx"), TinyE5(), TinyE5()
        for name, one in factors.items():
            changed.plain[f"{name}.w"] = changed.plain[f"{name}.w"] + one.product()
        texts = [[0, *np.random.default_rng(n).integers(4, len(PIECES), 9), 2] for n in range(20)]
        near, far = (
            np.mean([embedder._run(ids) @ encoder.encode(ids) for ids in texts])
            for encoder in (changed, plain)
        )
        assert near > 0.99 > 0.97 > far

    def test_they_are_read_as_written(self, tmp_path: Path, factors: dict[str, Factors]) -> None:
        e5_additions.write(tmp_path / "more.npz", factors)
        read = e5_additions.read(tmp_path / "more.npz")
        assert read.keys() == factors.keys()
        for name, one in factors.items():
            assert np.array_equal(read[name].product(), one.product())

    def test_the_sum_is_the_same_in_any_order(self, factors: dict[str, Factors]) -> None:
        """Else another machine's library would repack another file than the one that is known."""
        one = factors["l0.q"]
        other = Factors(
            before=one.before[::-1].copy(), after=one.after[:, ::-1].copy(), scale=one.scale
        )
        assert np.array_equal(one.product(), other.product())

    def test_rounding_is_fine(self) -> None:
        random = np.random.default_rng(6)
        before, after = (
            random.normal(0, 1, shape).astype(np.float32) for shape in ((4, 9), (9, 4))
        )
        assert np.allclose(Factors.of(before, after).product(), after @ before, atol=2e-3)

    def test_nothing_is_added_where_nothing_was_learnt(self) -> None:
        nothing = Factors.of(np.zeros((2, 3), np.float32), np.zeros((3, 2), np.float32))
        assert not nothing.product().any()


class TestBrokenFile:
    """A file that is not whole is refused, wherever it was cut."""

    @pytest.mark.parametrize("kept", [0, 3, 40, 90, 200, 700, 1500, -1])
    def test_a_cut_file_is_refused(self, tmp_path: Path, kept: int) -> None:
        (tmp_path / "cut.bin").write_bytes(TinyE5().to_bytes()[:kept])
        with pytest.raises(NotE5):
            E5File(tmp_path / "cut.bin")

    def test_another_kind_of_file_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "other.bin").write_bytes(b"GGUF" + TinyE5().to_bytes()[4:])
        with pytest.raises(NotE5):
            E5File(tmp_path / "other.bin")


def test_onnx_runtime_reports_nothing(tiny: Path, tmp_path: Path) -> None:
    """Its Linux builds write a device identifier and a queue of events, then send them.

    Continuous integration silences it too: that and the switch itself are taken out of the way.
    """
    program = (
        "from pathlib import Path; from corpus.embedder import OnnxEmbedder;"
        f"OnnxEmbedder(Path({str(tiny)!r})).embed_query('la mairie')"
    )
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG")}
    subprocess.run(
        [sys.executable, "-c", program],
        env={**kept, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
        check=True,
        cwd=tmp_path,
    )
    assert [path for path in tmp_path.rglob("*") if "__pycache__" not in path.parts] == []


@pytest.fixture(scope="module")
def real() -> OnnxEmbedder:
    try:
        return OnnxEmbedder(Weights().path(DEFAULT_EMBEDDER))
    except WeightsError as error:
        pytest.skip(str(error))


class TestOnnxEmbedder(EmbedderContract):
    @pytest.fixture
    def embedder(self, real: OnnxEmbedder) -> Embedder:
        return real

    def test_a_vector_never_depends_on_its_neighbours(self, real: OnnxEmbedder) -> None:
        texts = ["La cantine.", "Le tarif de l'eau est voté chaque année au mois de décembre."]
        together = real.embed_passages(texts)
        alone = np.concatenate([real.embed_passages([text]) for text in texts])
        assert np.array_equal(together, alone)


class TestTokens:
    """Our tokeniser against the algorithm itself, on French as it comes."""

    def test_words_of_any_language_are_known_and_letters_at_random_are_not(
        self, real: OnnxEmbedder
    ) -> None:
        for word in ("cantine", "library", "escuela", "escola", "okul", "horaire"):
            assert real.longest_piece(word) >= WORD_LETTERS
        for word in ("xyzzy", "qsdfghjklm", "zzzz", "wxcvbn", "2024", "????"):
            assert real.longest_piece(word) < WORD_LETTERS

    def test_signs_of_french_texts(self, real: OnnxEmbedder) -> None:
        reference = ReferenceTokens(real)
        for text in SIGNS:
            assert real._ids("passage: " + text) == reference("passage: " + text)

    def test_200_french_texts(self, real: OnnxEmbedder) -> None:
        if not PIAF.is_file():
            pytest.skip("../shared/data/piaf is not here")
        articles = json.loads(PIAF.read_text("utf-8"))["data"]
        texts = [p["context"] for article in articles for p in article["paragraphs"]]
        reference = ReferenceTokens(real)
        for text in random.Random(200).sample(texts, 200):
            assert real._ids("passage: " + text) == reference("passage: " + text)


class ReferenceTokens:
    """The best path through unigram pieces, written plainly: sum of scores, longest scores win."""

    def __init__(self, embedder: OnnxEmbedder) -> None:
        tokenizer = embedder._tokenizer
        model = json.loads(tokenizer.to_str())["model"]
        self._normalise = tokenizer.normalizer.normalize_str
        self._pieces = {piece: (n, score) for n, (piece, score) in enumerate(model["vocab"])}
        self._unknown = int(model["unk_id"])
        self._longest = max(map(len, self._pieces))
        self._penalty = min(score for _, score in model["vocab"]) - 10

    def __call__(self, text: str) -> list[int]:
        line = self._normalise(text).replace(" ", "▁")
        line = line if line.startswith("▁") else "▁" + line
        best: list[tuple[float, int, int]] = [(0.0, 0, 0)]
        for end in range(1, len(line) + 1):
            ways = [(best[end - 1][0] + self._penalty, end - 1, self._unknown)]
            for start in range(max(0, end - self._longest), end):
                if found := self._pieces.get(line[start:end]):
                    ways.append((best[start][0] + found[1], start, found[0]))
            best.append(max(ways))
        ids, at = [], len(line)
        while at:
            _, at, number = best[at]
            ids.append(number)
        return [0, *reversed(ids), 2]
