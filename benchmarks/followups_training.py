# SPDX-License-Identifier: EUPL-1.2
"""Teaches what a question is after another, and which words of both stay: the tagger's networks.

    python -m benchmarks.followups_training --work DIR [--layer 16] [--leave taught_3] [--write]

PyTorch must be there (`pip install torch`). The default model reads each example once (ten minutes
on 2 cores; `DIR` keeps what it held, and what was cut goes on), then the networks learn in two
minutes. `--leave` names a list that is not learnt from; it is tagged and told right or wrong by
`benchmarks.followups`' own measure. `--write` keeps the networks in `assistant/following/`.

Learnt from (`followups/taught_*.jsonl`): conversations by authors who had seen no code, with the
whole question as a reader would write it. A word stays where an alignment finds it there.
"""

from __future__ import annotations

import argparse
import difflib
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from assistant.following.reading import (
    FOLDER,
    HEADS,
    PLACES,
    Inputs,
    Kind,
    Laid,
    Tagger,
    inputs_of,
    laid,
)
from assistant.following.wording import understood
from assistant.following.words import Word, words_of
from assistant.llama import LlamaModel
from assistant.settings import Settings
from assistant.wiring import open_weights
from benchmarks.followups import Case, case_of
from corpus.weights import DEFAULT_LANGUAGE_MODEL

LISTS = Path(__file__).with_name("followups")
SHORT = LISTS / "short.txt"
LAYER, WIDTH, LAYERS, NETWORKS = 16, 96, 2, 3
EPOCHS, BATCH, RATE, DECAY, DROPPED, DROPPED_INSIDE = 30, 16, 1e-3, 0.02, 0.3, 0.2
TOOL, REPLACED, OTHER = 0.4, 2.0, 0.3
"""What a word weighs that is a tool of grammar, one of a question of which a part is replaced, and
one of a question that nothing is taken from."""

STRANGERS = 0.35
"""Of a list's conversations, so many more in which another's first question follows."""

LONG_ENOUGH = 4
"""Letters of a word that may stand elsewhere than in its order."""


Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Two questions, and what a reader takes the second for."""

    name: str
    case: Case
    read: Laid
    kind: Kind
    unclear: bool
    stays: NDArray[np.float32]
    weights: NDArray[np.float32]


def rows_of(path: Path) -> list[Row]:
    """Return the conversations of a list, named."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [{**row, "name": f"{path.stem} {row['id']}"} for row in rows]


def strangers(rows: Sequence[Row], share: float) -> Iterator[Row]:
    """Yield conversations in which another's first question follows: it stands alone. Most are
    short, as nobody asks shortly what an author writes to stand alone."""
    firsts = sorted((row["before"][0] for row in rows), key=len)
    order = random.Random(len(rows))
    for row in order.sample(rows, int(share * len(rows))):
        follow = firsts[int(len(firsts) * order.random() ** 2)]
        if follow not in row["before"]:
            yield _alone(row, follow, "+")


def short(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield conversations that a few words follow which stand alone: a greeting, a service."""
    order = random.Random(SHORT.name)
    for follow in SHORT.read_text("utf-8").splitlines():
        yield _alone(order.choice(rows), follow, follow)


def _alone(row: Row, follow: str, mark: str) -> Row:
    return {
        **row, "name": f"{row['name']} {mark}", "follow": follow, "means": [follow], "kind": "new",
        "must": [], "must_not": [],
    }  # fmt: skip


def examples(rows: Iterable[Row]) -> Iterator[Example]:
    """Yield what is learnt of conversations."""
    for row in rows:
        read = laid(row["follow"], " ".join(row["before"]))
        is_unclear = row["kind"] == "unclear"
        means = row["means"] if is_unclear else row["means"][:1]
        found = [_alignment(read, words_of(one)) for one in means]
        kind = _kind(row["kind"], read, found[0])
        stays = np.mean([[place is not None for place in one] for one in found], axis=0)
        weights = np.array([1.0 if w.says else TOOL for w in (*read.question, *read.before)])
        asked = len(read.question)
        if kind is Kind.ALONE:
            stays[:asked], stays[asked:] = 1, 0
            weights[asked:] *= OTHER
        elif kind is Kind.REPLACES:
            weights[asked:] *= REPLACED
        yield Example(
            name=row["name"],
            case=case_of(row),
            read=read,
            kind=kind,
            unclear=is_unclear,
            stays=stays.astype(np.float32),
            weights=weights.astype(np.float32),
        )


def _alignment(read: Laid, means: Sequence[Word]) -> list[int | None]:
    """Return where each word of both questions stands in the whole one, the follow-up's first."""
    asked = _aligned(read.question, means, ())
    return [*asked, *_aligned(read.before, means, read.question)]


def _aligned(
    words: Sequence[Word], means: Sequence[Word], others: Sequence[Word]
) -> list[int | None]:
    roots, wanted = [w.root for w in words], [w.root for w in means]
    found: list[int | None] = [None] * len(words)
    for block in difflib.SequenceMatcher(None, roots, wanted, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            found[block.a + step] = block.b + step
    elsewhere = {word.root for word in others}
    for at, root in enumerate(roots):
        if found[at] is None and len(root) >= LONG_ENOUGH and root in wanted:
            found[at] = wanted.index(root) if root not in elsewhere else None
    return found


def _kind(told: str, read: Laid, found: Sequence[int | None]) -> Kind:
    """Return what a question is: by what its author calls it, and by whose words come first."""
    if told == "new":
        return Kind.ALONE
    if told == "replace":
        return Kind.REPLACES
    asked = len(read.question)
    firsts = [
        min((p for p, w in zip(places, words, strict=True) if p is not None and w.says), default=99)
        for places, words in ((found[:asked], read.question), (found[asked:], read.before))
    ]
    return Kind.ADDS if firsts[1] <= firsts[0] else Kind.ASKS_OF


# -- what the model holds


def states_of(each: Sequence[Example], layer: int, work: Path) -> dict[str, NDArray[np.float16]]:
    """Return the states of each example's words, read by the model or kept from before."""
    kept = work / f"states_{layer}.npz"
    known = dict(np.load(kept)) if kept.exists() else {}
    missing = [one for one in each if one.name not in known]
    if missing:
        path = open_weights(Settings()).path(DEFAULT_LANGUAGE_MODEL)
        model = LlamaModel(path, tagger=Tagger(layer, ()))
        for done, one in enumerate(missing, 1):
            states = model.word_states(one.read, layer)
            assert states is not None, one.name
            known[one.name] = states.astype(np.float16)
            if done % 50 == 0 or done == len(missing):
                np.savez(kept, **known)
                print(f"{done}/{len(missing)} read", flush=True)
        model.close()
    return known


# -- the network


class Network(nn.Module):
    """The same arithmetic as `assistant/following/reading.py`, with what learning needs."""

    def __init__(self, width: int, traits: int) -> None:
        super().__init__()
        self.state, self.whole = nn.Linear(width, WIDTH), nn.Linear(width, WIDTH)
        self.traits = nn.Linear(traits, WIDTH)
        self.sides, self.places = nn.Embedding(2, WIDTH), nn.Embedding(PLACES, WIDTH)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(
                WIDTH, HEADS, 2 * WIDTH, DROPPED_INSIDE, batch_first=True, norm_first=True
            )
            for _ in range(LAYERS)
        )
        self.kept, self.kinds = nn.Linear(WIDTH, 1), nn.Linear(WIDTH, len(Kind) + 1)
        self.drop = nn.Dropout(DROPPED)

    def forward(self, given: Sequence[Inputs]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return the log-odds of each word (padded), of the kinds, and which places are words."""

        def laid_out(name: str) -> torch.Tensor:
            rows = [torch.tensor(getattr(one, name)) for one in given]
            return nn.utils.rnn.pad_sequence(rows, batch_first=True)

        lengths = torch.tensor([len(one.sides) for one in given])
        is_word = torch.arange(int(lengths.max()))[None] < lengths[:, None]
        words = (
            self.drop(self.state(self.drop(laid_out("states"))))
            + self.traits(laid_out("traits"))
            + self.sides(laid_out("sides"))
            + self.places(laid_out("places"))
        )
        whole = self.whole(self.drop(torch.tensor(np.stack([one.whole for one in given]))))
        x = torch.cat([self.drop(whole)[:, None], words], 1)
        ignored = torch.cat([torch.zeros(len(given), 1, dtype=torch.bool), ~is_word], 1)
        for layer in self.layers:
            x = layer(x, src_key_padding_mask=ignored)
        return self.kept(x[:, 1:]).squeeze(-1), self.kinds(x[:, 0]), is_word

    def arrays(self) -> dict[str, NDArray[np.float16]]:
        """Return the weights under the names that the tagger knows."""
        w = {name: value.detach().numpy() for name, value in self.state_dict().items()}
        told: dict[str, Any] = {"sides": w["sides.weight"], "places": w["places.weight"]}
        pairs = {name: name for name in ("state", "whole", "traits", "kept", "kinds")}
        for at in range(LAYERS):
            inner = {"out": "self_attn.out_proj", "up": "linear1", "down": "linear2"}
            pairs |= {f"layer{at}.{own}": f"layers.{at}.{theirs}" for own, theirs in inner.items()}
            told[f"layer{at}.in"] = w[f"layers.{at}.self_attn.in_proj_weight"].T
            told[f"layer{at}.in_bias"] = w[f"layers.{at}.self_attn.in_proj_bias"]
            for norm in ("norm1", "norm2"):
                told[f"layer{at}.{norm}_gain"] = w[f"layers.{at}.{norm}.weight"]
                told[f"layer{at}.{norm}_bias"] = w[f"layers.{at}.{norm}.bias"]
        for own, theirs in pairs.items():
            told[own], told[f"{own}_bias"] = w[f"{theirs}.weight"].T, w[f"{theirs}.bias"]
        told["kept"] = told["kept"][:, 0]
        return {name: np.asarray(array, np.float16) for name, array in told.items()}


def learnt(each: Sequence[Example], inputs: Sequence[Inputs], seed: int) -> Network:
    """Return a network that learnt the examples."""
    torch.manual_seed(seed)
    order = random.Random(seed)
    network = Network(inputs[0].states.shape[1], inputs[0].traits.shape[1])
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=DECAY)
    steps = EPOCHS * -(-len(each) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, steps + 1, pct_start=0.1)
    places = [*range(len(each))]
    for _ in range(EPOCHS):
        order.shuffle(places)
        for start in range(0, len(places), BATCH):
            some = places[start : start + BATCH]
            loss = _loss(network, [each[at] for at in some], [inputs[at] for at in some])
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
    return network.eval()


def _loss(network: Network, each: Sequence[Example], inputs: Sequence[Inputs]) -> torch.Tensor:
    kept, kinds, is_word = network(inputs)
    stays, weights = (
        nn.utils.rnn.pad_sequence([torch.tensor(getattr(e, name)) for e in each], batch_first=True)
        for name in ("stays", "weights")
    )
    weights = weights * is_word
    words = functional.binary_cross_entropy_with_logits(kept, stays, weights, reduction="sum")
    told = torch.tensor([one.kind for one in each])
    unclear = torch.tensor([float(one.unclear) for one in each])
    return (
        words / weights.sum()
        + 0.5 * functional.cross_entropy(kinds[:, :-1], told, label_smoothing=0.05)
        + 0.5 * functional.binary_cross_entropy_with_logits(kinds[:, -1], unclear)
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.followups_training")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--layer", type=int, default=LAYER)
    parser.add_argument("--leave", default="others_dev")
    parser.add_argument("--networks", type=int, default=NETWORKS)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args(arguments)
    chosen.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)  # matrices this small gain nothing from more
    paths = [*sorted(LISTS.glob("taught_*.jsonl")), LISTS / "others_dev.jsonl"]
    lists = [rows_of(path) for path in paths]
    told = [
        *chain(*lists),
        *chain(*(strangers(rows, STRANGERS) for rows in lists[:-1])),
        *short([*chain(*lists[:-1])]),
    ]
    each = [*examples(told)]
    states = states_of(each, chosen.layer, chosen.work)
    inputs = [inputs_of(one.read, states[one.name].astype(np.float32)) for one in each]
    is_left = [one.name.startswith(f"{chosen.leave} ") for one in each]
    taught = [at for at, left in enumerate(is_left) if not left]
    networks = [
        learnt([each[at] for at in taught], [inputs[at] for at in taught], seed).arrays()
        for seed in range(chosen.networks)
    ]
    arrays = {
        f"{number}.{name}": array
        for number, network in enumerate(networks)
        for name, array in network.items()
    }
    if chosen.write:
        path = FOLDER / f"{DEFAULT_LANGUAGE_MODEL}.npz"
        np.savez_compressed(path, layer=chosen.layer, networks=len(networks), **arrays)
        print(f"{path.name}: {path.stat().st_size:,} bytes")
    tagger = Tagger(
        chosen.layer,
        tuple({name: array.astype(np.float32) for name, array in one.items()} for one in networks),
    )
    outcomes = Counter[tuple[str, str]]()
    for one, left in zip(each, is_left, strict=True):
        if not left:
            continue
        tags = tagger.tags(one.read, states[one.name].astype(np.float32))
        before = " ".join(one.case.before)
        found = understood(one.case.ask, before, tags)
        outcome = one.case.outcome(found)
        for group in (one.case.kind, "all"):
            outcomes[group, outcome] += 1
        if chosen.show and outcome != "understood":
            text = " | ".join(found.choices) if found else "stands alone"
            print(f"{outcome} {one.case.kind}: {before} + {one.case.ask}\n    {text}")
    for group in dict.fromkeys(group for group, _ in outcomes):
        counts = {name: outcomes[group, name] for name in ("understood", "asked back", "wrong")}
        print(f"{group:12}", *(f"{name} {count}" for name, count in counts.items()))


if __name__ == "__main__":
    main()
