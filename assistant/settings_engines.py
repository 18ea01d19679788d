# SPDX-License-Identifier: EUPL-1.2
"""The settings of what works behind the screens: model, service, search, register.

Part of `settings.py`, which says how they are read; every description is documentation.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from assistant.addresses import (
    ClusterAddress,
    DatabaseAddress,
    InternalAddress,
    Origin,
    Witness,
)
from guardrails.register.records import Kind

MOST_MONTHS = 1_200
"""A hundred years; before the year 1 there is no day, and who keeps the register would stop."""


class Table(BaseModel):
    """A table of `greffier.toml`: frozen, unknown names refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Model(Table):
    """The language model and how it runs."""

    name: str = Field(
        "", description="Nom dans `greffier models list`, ou chemin d'un fichier GGUF"
    )
    context_tokens: int = Field(
        4096, ge=1024, le=32768, description="Taille du contexte, en jetons"
    )
    threads: int = Field(0, ge=0, description="Fils de calcul ; 0 : tous les cœurs")
    gpu_layers: int | None = Field(
        None,
        ge=-1,
        description="Couches confiées au GPU ; 0 : aucune, -1 : toutes ; absent : ce qui y tient",
    )
    endpoint: InternalAddress = Field(
        "",
        description="Adresse d'un serveur compatible OpenAI (`http://10.0.0.5:8080/v1`) qui tourne "
        "à la place du modèle local ; seul du texte masqué y est envoyé",
    )
    endpoints: tuple[InternalAddress, ...] = Field(
        (),
        max_length=64,
        description="Autres serveurs du même modèle : chaque question va au moins occupé ; celui "
        "qui ne répond plus est laissé de côté, puis essayé de nouveau",
    )
    endpoint_places: int = Field(
        1, ge=1, le=256, description="Questions que chacun de ces serveurs traite à la fois"
    )
    endpoint_key: Path | None = Field(
        None, description="Fichier qui contient la clef de ces serveurs, s'ils en demandent une"
    )

    @property
    def servers(self) -> tuple[str, ...]:
        """The servers that run the model, each once; none: it runs here."""
        return tuple(dict.fromkeys(one for one in (self.endpoint, *self.endpoints) if one))

    @property
    def served_as(self) -> str:
        """What servers call the model."""
        return self.name or "default"

    @property
    def places(self) -> int:
        """How many questions are answered at once."""
        return max(1, len(self.servers) * self.endpoint_places)


class Service(Table):
    """How many are served, and how long they wait."""

    wait_seconds: int = Field(
        60,
        ge=1,
        le=3600,
        description="Attente au-delà de laquelle une question reçoit ses extraits sans réponse "
        "rédigée, en secondes",
    )
    waiting_each: int = Field(
        4, ge=1, le=100, description="Questions qu'une même personne peut avoir en attente"
    )
    traces: InternalAddress = Field(
        "",
        description="Adresse d'un collecteur OpenTelemetry interne (`http://10.0.0.7:4318`, OTLP "
        "par HTTP) : durées et nombres, jamais un mot ; vide : aucune trace",
    )


class Search(Table):
    """How far the assistant looks."""

    passages: int = Field(10, ge=1, le=50, description="Passages trouvés et montrés")


class Index(Table):
    """Where passages and vectors are kept, and who makes them."""

    database: DatabaseAddress = Field(
        "",
        description="Base PostgreSQL où les textes masqués et l'index des mots sont rangés "
        "(`postgresql://greffier@10.0.0.9/greffier`) ; vide : un fichier du dossier de données",
    )
    database_password: Path | None = Field(
        None, description="Fichier qui contient le mot de passe de cette base"
    )

    chroma: InternalAddress = Field(
        "",
        description="Adresse d'un serveur Chroma interne (`http://10.0.0.8:8000`) qui garde les "
        "vecteurs, sans aucun texte ; vide : dans le dossier de données",
    )
    cluster: ClusterAddress = Field(
        "",
        description="Grappe Ray qui lit, masque et vectorise les documents (`10.0.0.4:6379`, une "
        "de ses machines ; `local` : celle-ci seule) ; vide : les processus de cette machine",
    )


class RegisterSettings(Table):
    """Where the register's checkpoints also go, and how long its payloads are kept."""

    origin: Origin = Field(
        "",
        description="Nom du registre dans ses points de contrôle : une adresse sans `https://` "
        "dont la mairie est maître (`registre.mairie.example/greffier`) ; lu à la création, il ne "
        "change plus ; vide : un nom tiré au sort",
    )
    folders: tuple[Path, ...] = Field(
        (), description="Dossiers ou partages où chaque point de contrôle est aussi écrit"
    )
    page_folder: Path | None = Field(
        None, description="Dossier où la page à imprimer (avec son QR code) est tenue à jour"
    )
    mail_folder: Path | None = Field(
        None, description="Dossier où le brouillon de courriel du point de contrôle est tenu à jour"
    )
    mail_to: str = Field("", description="Destinataire du brouillon de courriel")
    witnesses: tuple[Witness, ...] = Field(
        (),
        max_length=16,
        description="Témoins auxquels chaque point de contrôle est montré, une ligne chacun : la "
        "clé que le témoin a donnée, une espace, son adresse ; ne sortent que le nom du registre, "
        "sa taille, l'empreinte de son arbre et sa signature ; vide : rien ne sort",
    )
    database: DatabaseAddress = Field(
        "",
        description="Base PostgreSQL où le registre est rangé "
        "(`postgresql://greffier@10.0.0.9/greffier`) ; vide : un fichier du dossier de données",
    )
    database_password: Path | None = Field(
        None, description="Fichier qui contient le mot de passe de cette base"
    )
    months: int = Field(
        12, ge=1, le=MOST_MONTHS, description="Mois de conservation des contenus du registre"
    )
    months_by_kind: dict[Kind, Annotated[int, Field(ge=0, le=MOST_MONTHS)]] = Field(
        {}, description="Autres durées, en mois, par type d'entrée (`intent = 6`)"
    )

    @field_validator("witnesses")
    @classmethod
    def _each_once(cls, lines: tuple[str, ...]) -> tuple[str, ...]:
        if len({line.partition(" ")[0] for line in lines}) < len(lines):
            raise PydanticCustomError("witness", "the same witness stands there twice")
        return lines
