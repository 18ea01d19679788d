# SPDX-License-Identifier: EUPL-1.2
"""Several servers of one model: the least busy answers, a dead one is left aside for a while."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from assistant.answers import Answer, Found, Waiting
from assistant.endpoint import EndpointModel
from assistant.errors import BadSettings, ModelFailed
from assistant.seams import LanguageModel, Prompt
from assistant.servers import REST_SECONDS, ModelServers
from assistant.settings import Settings
from assistant.wiring import open_parts
from tests.assistant.conftest import Opener
from tests.contracts.language_model import ASKED, CANTEEN, LanguageModelContract
from tests.fakes import ScriptedModel

SAYS = ("Le", " repas", " coûte", " 4,20", " euros.")


class Fragile:
    """Says its words; fails where it is told to, before or after so many of them."""

    name = "fragile"

    def __init__(self, says: Sequence[str] = SAYS) -> None:
        self.says = says
        self.fails_after: int | None = None
        self.asked = 0

    def log_probability(self, prompt: Prompt, reply: str) -> float:
        self.asked += 1
        if self.fails_after is not None:
            raise ModelFailed("endpoint_failed", name=self.name)
        return -1.0

    def write(
        self, prompt: Prompt, *, max_tokens: int, stop: str, instead_of: str = ""
    ) -> Iterator[str]:
        self.asked += 1
        for place, word in enumerate(self.says):
            if place == self.fails_after:
                raise ModelFailed("endpoint_failed", name=self.name)
            yield word


class Clock:
    """A clock that is set by hand."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


def said(servers: LanguageModel) -> str:
    return "".join(servers.write(CANTEEN, max_tokens=9, stop=""))


class TestModelServers(LanguageModelContract):
    @pytest.fixture
    def model(self) -> LanguageModel:
        says = "Combien coûte le repas ?"
        return ModelServers([ScriptedModel(likes=["cantine"], says=says) for _ in range(3)])


def test_the_least_busy_is_asked_and_in_turns_where_all_are_idle() -> None:
    first, second = Fragile(), Fragile()
    servers = ModelServers([first, second])
    writing = servers.write(CANTEEN, max_tokens=9, stop="")
    next(writing)
    said(servers)
    assert (first.asked, second.asked) == (1, 1)
    said(servers)  # the first is still at it
    assert (first.asked, second.asked) == (1, 2)
    writing.close()  # type: ignore[attr-defined]
    said(servers)  # its place was given back
    assert (first.asked, second.asked) == (2, 2)


def test_one_that_fails_is_left_aside_then_tried_again() -> None:
    dead, alive, clock = Fragile(), Fragile(), Clock()
    servers = ModelServers([dead, alive], now=clock)
    dead.fails_after = 0
    assert [said(servers) for _ in range(4)] == ["".join(SAYS)] * 4
    assert (dead.asked, alive.asked, servers.aside) == (1, 4, 1)
    assert servers.is_answering()

    clock.at += REST_SECONDS
    assert servers.log_probability(CANTEEN, ASKED) == -1.0
    assert dead.asked == 2  # tried again: in vain
    dead.fails_after = None
    clock.at += REST_SECONDS
    assert said(servers) == "".join(SAYS)
    assert (dead.asked, servers.aside) == (3, 0)


def test_one_that_dies_under_way_is_followed_by_another_from_where_it_was() -> None:
    dead, alive = Fragile(), Fragile(["Le repas co", "ûte 4,20", " euros."])
    dead.fails_after = 3
    assert said(ModelServers([dead, alive])) == "".join(SAYS)


def test_one_that_says_otherwise_does_not_finish_anothers_sentence() -> None:
    dead, other = Fragile(), Fragile(["Je", " ne", " sais", " pas."])
    dead.fails_after = 2
    servers = ModelServers([dead, other])
    with pytest.raises(ModelFailed):
        said(servers)
    assert servers.aside == 1  # the dead one alone
    assert said(servers) == "Je ne sais pas."


def test_where_all_are_gone_it_fails_once_and_tries_all_the_next_time() -> None:
    each = [Fragile(), Fragile()]
    servers = ModelServers(each)
    for one in each:
        one.fails_after = 0
    for _ in range(2):
        with pytest.raises(ModelFailed):
            said(servers)
    assert [one.asked for one in each] == [2, 2]
    each[1].fails_after = None
    assert said(servers) == "".join(SAYS)


def test_as_many_are_answered_at_once_as_the_servers_take(open_assistant: Opener) -> None:
    sure = ScriptedModel(["4,20"], "Le repas coûte 4,20 euros.")
    assistant = open_assistant(sure, places=2)
    with assistant._queue.enter("somebody else"):
        steps = list(assistant.steps("Combien coûte le repas de la cantine ?"))
    assert isinstance(steps[0], Found) and isinstance(steps[-1], Answer)
    assert not any(isinstance(step, Waiting) for step in steps)


def settings(tmp_path: Path, lines: str) -> Settings:
    path = tmp_path / "greffier.toml"
    path.write_text(f"[model]\n{lines}\n", "utf-8")
    return Settings.read(path)


def test_the_settings_name_the_servers_and_what_they_take(tmp_path: Path) -> None:
    one, two = "http://10.0.0.5:8080/v1", "http://10.0.0.6:8080/v1"
    several = settings(tmp_path, f'endpoint = "{one}"\nendpoints = ["{one}", "{two}"]')
    assert several.model.servers == (one, two)
    assert several.model.places == 2
    several = settings(tmp_path, f'endpoints = ["{one}", "{two}"]\nendpoint_places = 4')
    assert several.model.places == 8
    with open_parts(tmp_path / "data", tmp_path / "keys", several) as parts:
        assert isinstance(parts.model, ModelServers)
    alone = settings(tmp_path, f'endpoint = "{one}"')
    with open_parts(tmp_path / "data", tmp_path / "keys", alone) as parts:
        assert isinstance(parts.model, EndpointModel)
    assert (Settings().model.servers, Settings().model.places) == ((), 1)


@pytest.mark.parametrize(
    "address",
    [
        "http://8.8.8.8/v1",
        "https://8.8.8.8/v1",
        "http://134744072/v1",
        "http://0x08080808/v1",
        "http://[::ffff:8.8.8.8]/v1",
        "http://0.0.0.0/v1",
        "http://ia.example.fr/v1",
        "http://10.0.0.5@ia.example.fr/v1",
        "http://qui:secret@10.0.0.5/v1",
        "http://10.0.0.5/v1?key=secret",
        "ftp://10.0.0.5/v1",
        "http://10.0.0.5:99999/v1",
        "http:///v1",
        "10.0.0.5:8080",
    ],
)
def test_an_address_that_leads_out_in_the_clear_or_holds_a_secret_is_refused(
    tmp_path: Path, address: str
) -> None:
    for lines in (f'endpoint = "{address}"', f'endpoints = ["{address}"]'):
        with pytest.raises(BadSettings) as refused:
            settings(tmp_path, lines)
        assert "secret" not in str(refused.value.facts["detail"]).replace("secrets have", "")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8080/v1",
        "http://[fd00::5]:8080/v1",
        "http://modele:8080/v1",
        "http://modele.mairie.lan/v1",
        "https://ia.example.fr/v1",
    ],
)
def test_an_address_of_the_town_is_kept(tmp_path: Path, address: str) -> None:
    assert settings(tmp_path, f'endpoint = "{address}"').model.endpoint == address
