# SPDX-License-Identifier: EUPL-1.2
"""The network of `assistant/cards/alignment.py` as PyTorch computes it, many pairs at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from assistant.cards.alignment import CENTRE, NARROW, SPREAD, WIDTH

Tensor = Any
NOWHERE = -1e4
DROPPED = 0.25


class Alignment(nn.Module):
    """`first` and `second` are states of tokens, shape (pairs, tokens, WIDTH), of length 1; `mine`
    and `theirs` say which of them are tokens; `near` is the cosine of both vectors."""

    def __init__(self) -> None:
        super().__init__()
        self.project = nn.Linear(WIDTH, NARROW)
        self.seek = nn.Linear(WIDTH, NARROW, bias=False)
        self.sharp = nn.Parameter(torch.tensor([10.0, 3.0]))
        self.compare = nn.Linear(4 * NARROW + 2, NARROW)
        self.mix = nn.Linear(NARROW, NARROW)
        self.weigh = nn.Linear(NARROW, 1)
        self.sum = nn.Linear(6 * NARROW + 2, NARROW)
        self.odds = nn.Linear(NARROW, 1)

    def forward(
        self, first: Tensor, second: Tensor, mine: Tensor, theirs: Tensor, near: Tensor
    ) -> Tensor:
        left, right = (self._projected(one) for one in (first, second))
        cosines = first @ second.transpose(1, 2)
        sought = [functional.normalize(self.seek(one), dim=-1) for one in (first, second)]
        drawn = self.sharp[0] * cosines + self.sharp[1] * (sought[0] @ sought[1].transpose(1, 2))
        told = torch.cat(
            [
                self._side(left, right, cosines, drawn, mine, theirs),
                self._side(
                    right, left, cosines.transpose(1, 2), drawn.transpose(1, 2), theirs, mine
                ),
                (apart := ((near - CENTRE) * SPREAD)[:, None]),
                apart**2,
            ],
            -1,
        )
        return self.odds(self._dropped(_bent(self.sum(self._dropped(told)))))[:, 0]

    def _projected(self, states: Tensor) -> Tensor:
        return torch.tanh(
            self.project(functional.dropout(states, DROPPED / 2, training=self.training))
        )

    def _side(
        self, own: Tensor, other: Tensor, cosines: Tensor, drawn: Tensor, mine: Tensor,
        theirs: Tensor,
    ) -> Tensor:  # fmt: skip
        share = torch.softmax(drawn.masked_fill(~theirs[:, None], NOWHERE), -1)
        like = share @ other
        best = cosines.masked_fill(~theirs[:, None], -1).amax(-1, keepdim=True)
        mean = (share * cosines).sum(-1, keepdim=True)
        beside = torch.cat([own, like, own * like, (own - like).abs(), best, mean], -1)
        compared = _bent(self.mix(self._dropped(_bent(self.compare(beside)))))
        kept = mine[..., None]
        weights = torch.softmax(self.weigh(compared).masked_fill(~kept, NOWHERE), 1)
        return torch.cat(
            [
                (compared * kept).sum(1) / kept.sum(1),
                compared.masked_fill(~kept, NOWHERE).amax(1),
                (weights * compared).sum(1),
            ],
            -1,
        )

    def _dropped(self, values: Tensor) -> Tensor:
        return functional.dropout(values, DROPPED, training=self.training)

    def arrays(self) -> dict[str, NDArray[np.float16]]:
        """Return what was learnt, by the names that the product reads."""
        return {
            name: value.detach().numpy().astype(np.float16)
            for name, value in self.state_dict().items()
        }


def _bent(values: Tensor) -> Tensor:
    return functional.gelu(values, approximate="tanh")
