# SPDX-License-Identifier: EUPL-1.2
"""The real llama-server keeps the contract behind our client: answers, odds, a reader who leaves,
a server that is gone and comes back."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from assistant.endpoint import EndpointModel
from assistant.errors import ModelFailed
from assistant.seams import LanguageModel, Prompt
from assistant.servers import ModelServers
from tests.contracts.language_model import CANTEEN, ROADS, LanguageModelContract
from tests.servers.llama import is_busy, llama_server
from tests.servers.process import Started, free_port

pytestmark = pytest.mark.real

READ = Prompt(
    system="Réponds à la question d'après l'extrait seul, en une phrase. Si l'extrait ne répond "
    "pas, écris : Je ne sais pas.",
    user="Extrait : Le repas coûte 4,20 euros pour un enfant.\nQuestion : Combien coûte le repas ?",
)
LONG = Prompt(system="Tu écris de très longs textes.", user="Raconte l'histoire de la commune.")
UNKNOWN = "Je ne sais pas."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    server = llama_server(tmp_path_factory.mktemp("llama"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def endpoint(server: Started) -> Iterator[EndpointModel]:
    model = EndpointModel(f"http://127.0.0.1:{server.port}/v1", model="default")
    yield model
    model.close()


class TestLlamaServer(LanguageModelContract):
    @pytest.fixture
    def model(self, endpoint: EndpointModel) -> LanguageModel:
        return endpoint

    def test_a_question_is_likelier_after_what_answers_it(self, model: LanguageModel) -> None:
        """A server tells the odds of its first token: of a refusal, they tell enough."""
        foreign = Prompt(system=READ.system, user=READ.user.replace("le repas ?", "la piscine ?"))
        assert model.log_probability(foreign, UNKNOWN) > model.log_probability(READ, UNKNOWN)


def test_it_answers_from_the_extract(endpoint: EndpointModel) -> None:
    said = "".join(endpoint.write(READ, max_tokens=40, stop="\n"))
    assert "4,20" in said
    assert said == "".join(endpoint.write(READ, max_tokens=40, stop="\n"))


def test_a_reader_who_leaves_frees_the_server(endpoint: EndpointModel, server: Started) -> None:
    writing = endpoint.write(LONG, max_tokens=900, stop="")
    assert next(writing)
    assert is_busy(server)
    writing.close()  # type: ignore[attr-defined]
    for _ in range(600):
        if not is_busy(server):
            break
        time.sleep(0.05)
    assert not is_busy(server)


def test_a_server_that_is_gone_fails_in_one_line_and_serves_again_once_back(
    endpoint: EndpointModel, server: Started
) -> None:
    writing = endpoint.write(LONG, max_tokens=900, stop="")
    assert next(writing)
    server.kill()
    with pytest.raises(ModelFailed):
        list(writing)
    with pytest.raises(ModelFailed):
        endpoint.log_probability(CANTEEN, UNKNOWN)
    server.start()
    assert "".join(endpoint.write(CANTEEN, max_tokens=8, stop="\n"))


def test_beside_a_dead_server_the_living_one_answers(
    endpoint: EndpointModel, server: Started
) -> None:
    dead = EndpointModel(f"http://127.0.0.1:{free_port()}/v1", model="default")
    servers = ModelServers([dead, endpoint])
    assert "4,20" in "".join(servers.write(READ, max_tokens=40, stop="\n"))
    assert servers.log_probability(ROADS, UNKNOWN) <= 0
    assert servers.aside == 1
    dead.close()


def test_weights_of_another_name_are_answered_too(server: Started) -> None:
    """llama-server serves what it was started with, whatever the request calls it."""
    model = EndpointModel(f"http://127.0.0.1:{server.port}/v1/", model="le-modèle-de-la-mairie")
    assert "".join(model.write(CANTEEN, max_tokens=4, stop="\n"))
    model.close()
