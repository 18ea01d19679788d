# SPDX-License-Identifier: EUPL-1.2
"""How a network learns: the same arithmetic as `guardrails.names.network`, with the way back.

Parts are left out at random while it learns (a word's own table most often), so that it leans on
no single one; the steps are those of Adam.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guardrails.names.network import OUTPUTS, REACHES, VECTOR, Floats, Inputs, Ints, normed
from guardrails.names.traits import FACTS, ROWS

_LEFT_OUT = (0.35, 0.1, 0.1, 0.15)
"""How often a token's own row, its affixes, its trigrams and its vector are left out."""

_TABLES = ("whole", "affixes", "trigrams")
_MEMORY, _SPREAD = 0.9, 0.98
_LONGEST_STEP = 2.0
_DECAY = 1e-3


@dataclass(frozen=True, slots=True)
class Batch:
    """Some texts laid end to end: the kinds of token, and for each place its kind and answers.

    `answers` and `shares` (how much an answer counts): (places, len(OUTPUTS)).
    """

    inputs: Inputs
    kinds: Ints
    is_token: Floats
    answers: Floats
    shares: Floats


class Learner:
    """The weights of one network, learning; `weights` is what the guard will read."""

    def __init__(
        self, *, width: int, dim: int, dropout: float, seed: int, left_out: bool = True
    ) -> None:
        self._draw = draw = np.random.default_rng(seed)
        self._dim, self._width, self._dropout = dim, width, dropout
        self._left_out = _LEFT_OUT if left_out else (0.0,) * len(_LEFT_OUT)
        wide = 3 * dim + FACTS + VECTOR
        weights = {table: draw.normal(0, 0.1, (ROWS, dim)) for table in _TABLES}
        weights["embed"] = draw.normal(0, np.sqrt(2 / wide), (wide, width))
        weights["embed_bias"] = np.zeros(width)
        for layer in range(len(REACHES)):
            weights[f"layer{layer}"] = draw.normal(0, np.sqrt(2 / 3 / width), (3 * width, width))
            weights[f"layer{layer}_bias"] = np.zeros(width)
            weights[f"layer{layer}_gain"] = np.full(width, 0.5)
        weights["out"] = draw.normal(0, 0.05, (width, len(OUTPUTS)))
        weights["out_bias"] = np.zeros(len(OUTPUTS))
        self.weights: dict[str, Floats] = {n: w.astype(np.float32) for n, w in weights.items()}
        self.slopes = {name: np.zeros_like(w) for name, w in self.weights.items()}
        self._means = {name: np.zeros_like(w) for name, w in self.weights.items()}
        self._squares = {name: np.zeros_like(w) for name, w in self.weights.items()}
        self._steps = 0

    def learn(self, batch: Batch, rate: float) -> float:
        """Take one step; return how surprised the network was before it."""
        surprise = self.slopes_of(batch)
        self._step(rate)
        return surprise

    def slopes_of(self, batch: Batch) -> float:
        """Work out how each weight changes the surprise, which is returned."""
        w, s, width = self.weights, self.slopes, self._width
        for slope in s.values():
            slope[:] = 0
        seen, kept = self._seen(batch.inputs)
        hidden = np.maximum(seen @ w["embed"] + w["embed_bias"], 0)
        embedded, scale = normed(hidden)
        first = self._some((len(batch.kinds), width))
        x: Floats = embedded[batch.kinds] * batch.is_token * first
        passed = []
        for layer, reach in enumerate(REACHES):
            weights = w[f"layer{layer}"]
            z: Floats = x @ weights[width : 2 * width] + w[f"layer{layer}_bias"]
            z[reach:] += (x @ weights[:width])[:-reach]
            z[:-reach] += (x @ weights[2 * width :])[reach:]
            z = np.maximum(z, 0)
            y, scaled = normed(z)
            some = self._some(y.shape)
            passed.append((x, z, y, scaled, some))
            x = (x + y * w[f"layer{layer}_gain"] * some) * batch.is_token
        odds = x @ w["out"] + w["out_bias"]
        chances = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
        wanted = batch.answers * np.float32(0.98) + np.float32(0.01)
        told = wanted * np.log(chances + 1e-7) + (1 - wanted) * np.log(1 - chances + 1e-7)
        surprise = float(-(batch.shares * told).sum() / batch.shares[:, 0].sum())

        back = ((chances - wanted) * batch.shares / batch.shares[:, 0].sum()).astype(np.float32)
        s["out"] += x.T @ back
        s["out_bias"] += back.sum(0)
        dx = back @ w["out"].T
        for layer in reversed(range(len(REACHES))):
            reach, (x, z, y, scaled, some) = REACHES[layer], passed[layer]
            weights, slopes = w[f"layer{layer}"], s[f"layer{layer}"]
            dx = dx * batch.is_token
            dy = dx * some
            s[f"layer{layer}_gain"] += (dy * y).sum(0)
            dz = _before_norm(dy * w[f"layer{layer}_gain"], y, scaled) * (z > 0)
            slopes[width : 2 * width] += x.T @ dz
            slopes[:width] += x[:-reach].T @ dz[reach:]
            slopes[2 * width :] += x[reach:].T @ dz[:-reach]
            s[f"layer{layer}_bias"] += dz.sum(0)
            dx = dx + dz @ weights[width : 2 * width].T
            dx[:-reach] += dz[reach:] @ weights[:width].T
            dx[reach:] += dz[:-reach] @ weights[2 * width :].T
        dx = dx * first * batch.is_token
        dkinds = np.zeros_like(hidden)
        _add(dkinds, batch.kinds, dx)
        self._back_to_tables(
            batch.inputs, seen, _before_norm(dkinds, embedded, scale) * (hidden > 0), kept
        )
        return surprise

    def _seen(self, inputs: Inputs) -> tuple[Floats, list[Floats]]:
        """Return what the network sees of each kind, parts left out at random."""
        w, count = self.weights, len(inputs.whole)
        kept = [
            (self._draw.random((count, 1), dtype=np.float32) >= share).astype(np.float32)
            for share in self._left_out
        ]
        parts = [
            w["whole"][inputs.whole] * kept[0],
            w["affixes"][inputs.affixes].mean(1) * kept[1],
            np.einsum("ijk,ij->ik", w["trigrams"][inputs.trigrams], inputs.shares) * kept[2],
            inputs.facts,
            inputs.vectors * kept[3],
        ]
        return np.concatenate(parts, axis=1), kept

    def _back_to_tables(self, inputs: Inputs, seen: Floats, dz: Floats, kept: list[Floats]) -> None:
        w, s, dim = self.weights, self.slopes, self._dim
        s["embed"] += seen.T @ dz
        s["embed_bias"] += dz.sum(0)
        dseen = dz @ w["embed"][: 3 * dim].T
        whole, affixes, trigrams = (
            dseen[:, n * dim : (n + 1) * dim] * kept[n] for n in range(len(_TABLES))
        )
        _add(s["whole"], inputs.whole, whole)
        count = inputs.affixes.shape[1]
        _add(s["affixes"], inputs.affixes.ravel(), np.repeat(affixes / np.float32(count), count, 0))
        held = inputs.shares.ravel() > 0
        each = (trigrams[:, None, :] * inputs.shares[:, :, None]).reshape(-1, dim)
        _add(s["trigrams"], inputs.trigrams.ravel()[held], each[held])

    def _some(self, shape: tuple[int, ...]) -> Floats:
        kept = self._draw.random(shape, dtype=np.float32) >= self._dropout
        return kept.astype(np.float32) * np.float32(1 / (1 - self._dropout))

    def _step(self, rate: float) -> None:
        self._steps += 1
        length = np.sqrt(sum(float((slope**2).sum()) for slope in self.slopes.values()))
        shorter = np.float32(min(1.0, _LONGEST_STEP / (length + 1e-9)))
        for name, weight in self.weights.items():
            slope = self.slopes[name] * shorter
            mean, square = self._means[name], self._squares[name]
            mean += (1 - _MEMORY) * (slope - mean)
            square += (1 - _SPREAD) * (slope * slope - square)
            step = mean / np.float32(1 - _MEMORY**self._steps)
            spread = np.sqrt(square / np.float32(1 - _SPREAD**self._steps)) + np.float32(1e-8)
            weight -= np.float32(rate) * (step / spread + np.float32(_DECAY) * weight)


def _before_norm(dy: Floats, y: Floats, scale: Floats) -> Floats:
    back: Floats = scale * (dy - dy.mean(1, keepdims=True) - y * (dy * y).mean(1, keepdims=True))
    return back


def _add(target: Floats, rows: Ints, values: Floats) -> None:
    """Add each value to its row; a row may come more than once."""
    order = np.argsort(rows, kind="stable")
    ordered = rows[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    target[ordered[starts]] += np.add.reduceat(values[order], starts, axis=0)
