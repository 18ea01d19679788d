# SPDX-License-Identifier: EUPL-1.2
"""The settings of a data folder: one TOML file, frozen, unknown names refused.

    greffier.toml ──Settings.read──▶ Settings

Every field's description is its documentation: `docs/settings.md` is checked
against it.
"""

from __future__ import annotations

import tomllib
from datetime import date
from email.errors import HeaderParseError
from email.headerregistry import Address
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import PydanticCustomError

from assistant.errors import BadSettings
from assistant.settings_access import AccessSettings
from assistant.settings_engines import Index, Model, RegisterSettings, Search, Service, Table
from corpus.documents import CORRESPONDENCE, PUBLIC, UNFILED
from corpus.packs import collection_of_pack
from corpus.rights import Rights
from guardrails.register.notes import NoteMalformed, VerifierKey

WITNESSES = "register.witnesses"
"""The setting that sends a size and a hash away, and no word of anything."""

Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_HOUR = r"(?:[01]?\d|2[0-3]):[0-5]\d"
Opening = Annotated[str, Field(pattern=rf"^{_HOUR}-{_HOUR}$")]
"""When the desk is open: `8:30-12:00`."""

DIALLED_DIGITS = range(4, 16)
"""From a short number (3949) to the longest that the world has (E.164)."""


def _dialled(written: str) -> str:
    if written and sum(sign.isdigit() for sign in written) not in DIALLED_DIGITS:
        raise PydanticCustomError("phone", "a telephone number has 4 to 15 digits")
    return written


def _mailed(written: str) -> str:
    try:
        domain = Address(addr_spec=written).domain if written else "."
    except (ValueError, HeaderParseError, IndexError):  # what the standard library raises
        domain = ""
    if "." not in domain:
        raise PydanticCustomError("email", "an e-mail address reads name@domain")
    return written


def _signs(written: str) -> str:
    try:
        VerifierKey.read(written)
    except NoteMalformed as error:
        raise PydanticCustomError("pack_key", "a public key reads name+id+base64") from error
    return written


PackKey = Annotated[str, AfterValidator(_signs)]
"""The public key of somebody who signs packs, as `greffier pack keygen` prints it."""

Phone = Annotated[str, AfterValidator(_dialled)]
"""A number that can be dialled, or nothing."""

Email = Annotated[str, AfterValidator(_mailed)]
"""An address to write to, or nothing."""


class TownService(Table):
    """A service of the town's directory."""

    name: str = Field(min_length=2, description="Nom du service")
    also: tuple[str, ...] = Field((), description="Autres noms sous lesquels on le demande")
    phone: Phone = Field("", description="Téléphone")
    email: Email = Field("", description="Adresse électronique")
    address: str = Field("", description="Adresse")
    hours: str = Field("", description="Heures d'ouverture, en toutes lettres")
    week: dict[Day, tuple[Opening, ...]] = Field({}, description="Horaires de chaque jour")


class Town(Table):
    """The contact sheet that a refusal shows: a person to call, always."""

    name: str = Field("", description="Nom de la commune")
    phone: Phone = Field("", description="Téléphone de l'accueil de la mairie")
    email: Email = Field("", description="Adresse électronique de l'accueil")
    address: str = Field("", description="Adresse du guichet")
    hours: str = Field("", description="Heures d'ouverture du guichet, en toutes lettres")
    week: dict[Day, tuple[Opening, ...]] = Field(
        {},
        description="Horaires de chaque jour, pour dire si le guichet est ouvert aujourd'hui "
        '(`monday = ["8:30-12:00", "13:30-17:00"]`)',
    )
    closed: tuple[date, ...] = Field(
        (),
        description="Jours de fermeture exceptionnelle (`[2026-12-24]`) ; les fériés sont connus",
    )
    services: tuple[TownService, ...] = Field(
        (), description="L'annuaire des services (`[[town.services]]`)"
    )


class Letters(Table):
    """The form of the town's letters: what its drafts begin and end with, in its own words."""

    greeting: str = Field("", description="Formule d'appel ; vide : « Madame, Monsieur, »")
    closing: str = Field("", description="Formule de politesse ; vide : celle d'usage")
    signature: str = Field(
        "", description="Signature du service, sur plusieurs lignes ; vide : le nom de la commune"
    )


class Collections(Table):
    """Which collections each audience may see; `*`: all of them."""

    agent: tuple[str, ...] = Field(
        ("*",), description="Collections que voient les agents ; `*` : toutes"
    )
    senior: tuple[str, ...] = Field(
        (PUBLIC,),
        description="Collections que voient les habitants et les aînés, sans les courriers ni les "
        "demandes qui y sont ajoutés ; `*` : `default` et `public`",
    )


class Packs(Table):
    """Signed packs of guides, and who may read them."""

    trusted: tuple[PackKey, ...] = Field(
        (), description="Clés publiques de qui signe des packs (« greffier pack add »)"
    )
    residents: tuple[str, ...] = Field(
        ("service-public",), description="Packs que voient les habitants ; les autres : les agents"
    )


class Senior(Table):
    """The page for people who are not at ease with screens, at `/simple`."""

    open: bool = Field(True, description="La page `/simple` est ouverte")
    kiosk: bool = Field(False, description="Tablette en libre service : la page s'efface seule")
    rest_seconds: int = Field(
        120, ge=30, description="En libre service, repos en secondes avant l'avertissement"
    )
    examples: tuple[str, ...] = Field(
        (),
        max_length=6,
        description="Questions proposées d'abord, si les documents y répondent ; les autres : "
        "réponses validées, fiche de la mairie, questions d'usage courant",
    )
    numbers: Path | None = Field(
        None,
        description="Numéros d'urgence de la commune, à la place de ceux livrés",
    )


class AgentSettings(Table):
    """What agents read besides answers: the town's charter, and originals where it opens them."""

    charter: Path | None = Field(
        None, description="Charte d'usage de la commune (texte), montrée dans les premiers pas"
    )
    originals: tuple[Path, ...] = Field(
        (), description="Dossiers des documents d'origine, pour montrer les pages des PDF"
    )
    originals_of: tuple[str, ...] = Field(
        (),
        description="Collections dont les agents voient l'original, données personnelles "
        "comprises ; vide : aucune ; `*` : toutes",
    )
    erases: Literal["list", "register"] = Field(
        "list",
        description="Ce que détruit un agent qui efface ses questions : `list`, sa liste seule ; "
        "`register`, aussi leur contenu au registre (la place et la date restent)",
    )


class Uploads(Table):
    """What may be sent at once."""

    documents_mb: int = Field(
        200, ge=1, le=1900, description="Documents à ajouter, par envoi, en Mo"
    )
    masking_mb: int = Field(20, ge=1, le=100, description="Document à masquer, en Mo")


class BackupSettings(Table):
    """Where backups are written, unless another folder is named."""

    folder: Path | None = Field(None, description="Dossier proposé pour sauvegarder les données")
    keys_folder: Path | None = Field(
        None, description="Dossier proposé pour sauvegarder les clés, ailleurs"
    )


class CardSettings(Table):
    """How answers are validated."""

    second_agent: bool = Field(
        False, description="Une réponse validée n'est servie qu'après l'accord d'une autre personne"
    )
    proposals: int = Field(
        40,
        ge=0,
        le=1_000,
        description="Lignes par nuit dont le modèle propose la question, tant que personne "
        "n'interroge ; 0 : aucune",
    )
    night: Opening = Field("22:00-6:00", description="Heures auxquelles il le fait")

    @property
    def night_minutes(self) -> tuple[int, int]:
        """Return from when until when, in minutes since midnight."""
        start, end = (
            int(hour) * 60 + int(minute)
            for hour, minute in (told.split(":") for told in self.night.split("-"))
        )
        return start, end


class Settings(Table):
    """What `greffier.toml` may say."""

    language: Literal["fr", "en"] = Field("fr", description="Langue des écrans et des messages")
    watts: float = Field(
        15.0, gt=0, description="Puissance d'un cœur occupé, pour estimer l'énergie, en watts"
    )
    shares: tuple[Path, ...] = Field(
        (),
        description="Dossiers où chercher les fichiers de modèles avant de les télécharger, et les "
        "packs (« greffier pack add --from-share »)",
    )
    roster: tuple[str, ...] = Field(
        (),
        description="Élus et signataires, tels qu'ils signent, leur fonction après une virgule : "
        "leurs noms restent dans les actes, et « qui est le maire ? » a sa réponse",
    )
    known: tuple[str, ...] = Field(
        (),
        description="Noms publics qui restent visibles, comme ceux de la fiche de contact : "
        "communes voisines, écoles, salles, groupes d'élus, entreprises sous contrat",
    )
    examples: tuple[str, ...] = Field(
        (),
        max_length=6,
        description="Questions proposées sur la page ; vide : quatre d'usage courant",
    )
    town: Town = Field(Town(), description="La fiche de contact de la commune")
    letters: Letters = Field(Letters(), description="La forme des réponses aux courriers")
    uploads: Uploads = Field(Uploads(), description="Ce qui peut être envoyé à la fois")
    backup: BackupSettings = Field(BackupSettings(), description="Les sauvegardes")
    agent: AgentSettings = Field(AgentSettings(), description="L'espace des agents")
    register_: RegisterSettings = Field(
        RegisterSettings(), alias="register", description="Le registre scellé"
    )
    model: Model = Field(Model(), description="Le modèle de langue")
    service: Service = Field(Service(), description="Le service à plusieurs")
    index: Index = Field(Index(), description="Les vecteurs")
    search: Search = Field(Search(), description="La recherche")
    cards: CardSettings = Field(CardSettings(), description="Les réponses validées")
    packs: Packs = Field(Packs(), description="Les packs signés de fiches")
    senior: Senior = Field(Senior(), description="La page simple")
    collections: Collections = Field(
        Collections(), description="Les collections que voit chaque public"
    )
    access: AccessSettings = Field(AccessSettings(), description="Les accès")

    @property
    def public_facts(self) -> tuple[str, ...]:
        """Return the names and contacts that the town itself makes public."""
        town = self.town
        return tuple(
            fact for fact in (*self.known, town.name, town.phone, town.email, town.address) if fact
        )

    @property
    def elsewhere(self) -> tuple[str, ...]:
        """Return the names of the settings by which something leaves this machine."""
        told = (
            ("model.endpoint", self.model.servers),
            ("service.traces", self.service.traces),
            ("index.database", self.index.database),
            ("index.chroma", self.index.chroma),
            ("index.cluster", self.index.cluster not in {"", "local"}),
            ("register.database", self.register_.database),
            ("register.folders", self.register_.folders),
            (WITNESSES, self.register_.witnesses),
            ("access.oidc", self.access.oidc.issuer),
        )
        return tuple(name for name, value in told if value)

    @property
    def runs_elsewhere(self) -> bool:
        """Whether another machine does a part of the work; witnesses get a size and a hash."""
        return any(name != WITNESSES for name in self.elsewhere)

    @property
    def rights(self) -> Rights:
        """Return which collections each audience may see: residents never the letters, and only
        collections that somebody named; the packs that residents see, agents see too."""
        packs = frozenset(map(collection_of_pack, self.packs.residents))
        agent, senior = self.collections.agent, packs.union(self.collections.senior)
        if "*" in senior:
            senior |= {PUBLIC, UNFILED}
        return Rights({
            "agent": None if "*" in agent else packs.union(agent),
            "senior": senior - {"*", CORRESPONDENCE},
        })  # fmt: skip

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the settings of a file, the defaults where there is none."""
        try:
            return cls.model_validate(tomllib.loads(path.read_text("utf-8")))
        except (FileNotFoundError, NotADirectoryError):
            return cls()
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise BadSettings("settings_unreadable", file=path.name, detail=str(error)) from error
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            raise BadSettings(
                "settings_invalid", file=path.name, name=name, detail=first["msg"]
            ) from error
