# SPDX-License-Identifier: EUPL-1.2
"""The settings of who gets in, from where, and for how long.

Part of `settings.py`, which says how they are read; every description is documentation.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from assistant.settings_engines import Table
from guardrails.normalise import is_siret

RoleName = Literal["resident", "agent", "auditor", "admin"]
Opened = Literal["open", "agents"]
"""Whether a public page is open to all, or only to those who have an account."""


SIRET_DIGITS = 14


def _siret(written: str) -> str:
    digits = "".join(written.split())
    is_number = digits.isascii() and digits.isdecimal() and len(digits) == SIRET_DIGITS
    if not is_number or not is_siret(digits):
        raise PydanticCustomError(
            "siret", "a SIRET has 14 digits, the last of which fits; a SIREN, of 9, is none"
        )
    return digits


Siret = Annotated[str, AfterValidator(_siret)]
"""The number of an establishment, without blanks."""

Level = Annotated[str, StringConstraints(pattern=r"^\S+$")]
"""A value of the claim `acr`; a provider is asked for several with blanks between them."""

PROFILES: dict[str, dict[str, object]] = {
    "proconnect": {
        "scope": "openid given_name usual_name email uid siret",
        "name_claim": "email",
        "acr": ("eidas1",),
        "signed_userinfo": True,
        "sign_out": True,
    },
}
"""What a named provider wants: defaults, which the town's own lines replace one by one."""


class OpenIdConnect(Table):
    """The town's identity provider, if it has one: ProConnect, Keycloak and the like."""

    profile: Literal["", "proconnect"] = Field(
        "",
        description="`proconnect` : les défauts qui conviennent à ProConnect ; vide : ceux-ci",
    )
    issuer: str = Field(
        "", description="Adresse du fournisseur d'identité ; vide : pas d'OpenID Connect"
    )
    client: str = Field("", description="Identifiant de Greffier chez le fournisseur")
    secret_file: Path | None = Field(
        None, description="Fichier qui contient le secret de Greffier chez le fournisseur"
    )
    scope: str = Field("openid profile email", description="Portées demandées")
    name_claim: str = Field("preferred_username", description="Attribut qui nomme la personne")
    groups_claim: str = Field("groups", description="Attribut qui liste ses groupes")
    roles: dict[str, RoleName] = Field(
        {}, description="Rôle de chaque groupe ; si plusieurs conviennent, le premier écrit"
    )
    acr: tuple[Level, ...] = Field(
        (),
        description="Niveaux d'authentification (`acr`) demandés, et seuls acceptés ; vide : tous",
    )
    acr_essential: bool = Field(
        False,
        description="Les demander par `claims`, comme indispensables, et non par `acr_values`",
    )
    sirets: tuple[Siret, ...] = Field(
        (),
        description="SIRET (14 chiffres) des organisations admises, comparés à l'attribut "
        "`siret` ; vide : pas de contrôle",
    )
    signed_userinfo: bool = Field(
        False,
        description="Refuser un `userinfo` que le fournisseur n'a pas signé",
    )
    sign_out: bool = Field(
        False, description="Se déconnecter ici déconnecte aussi chez le fournisseur"
    )

    @model_validator(mode="before")
    @classmethod
    def _with_profile(cls, written: object) -> object:
        """Take what is not written from the profile that is named."""
        if not isinstance(written, dict):
            return written
        return PROFILES.get(str(written.get("profile")), {}) | written

    @model_validator(mode="after")
    def _names_who_may_enter(self) -> Self:
        """A federation lets in every organisation of the country: the town says which are its."""
        if "siret" in self.scope.split() and not self.sirets:
            raise PydanticCustomError(
                "sirets", "the scope asks for `siret`: name in `sirets` those that may enter"
            )
        return self


class ReverseProxy(Table):
    """A proxy in front of the screens: whom to believe, and whether it signs people in."""

    addresses: tuple[str, ...] = Field(
        (), description="Adresses ou réseaux des mandataires dont les en-têtes sont crus"
    )
    user_header: str = Field(
        "", description="En-tête qui nomme la personne ; vide : le mandataire n'identifie personne"
    )
    groups_header: str = Field("", description="En-tête qui liste ses groupes, entre virgules")
    roles: dict[str, RoleName] = Field({}, description="Rôle de chaque groupe")


class AccessSettings(Table):
    """Who gets in, from where, and for how long."""

    hosts: tuple[str, ...] = Field(
        (), description="Noms sous lesquels les écrans répondent, outre les adresses et localhost"
    )
    simple: Opened = Field(
        "open", description="`/simple` : `open` à tous, ou `agents`, réservée aux comptes"
    )
    transparency: Opened = Field("open", description="`/transparence` : de même")
    hours: int = Field(12, ge=1, le=168, description="Durée d'une session, en heures")
    idle_minutes: int = Field(
        60, ge=1, le=1440, description="Minutes sans rien faire après lesquelles elle se ferme"
    )
    actions_per_minute: int = Field(
        60, ge=1, description="Envois (questions, clics) par personne et par minute"
    )
    certificates: tuple[Path, ...] = Field(
        (), description="Certificats (PEM) du mandataire, dont `doctor` surveille la fin"
    )
    local_metrics: bool = Field(
        False, description="`/metrics` est ouvert à cette machine sans clef"
    )
    hsts_days: int = Field(
        0,
        ge=0,
        le=730,
        description="Jours pendant lesquels un navigateur n'accepte plus que `https` ; 0 : aucun",
    )
    oidc: OpenIdConnect = Field(OpenIdConnect(), description="OpenID Connect")
    proxy: ReverseProxy = Field(ReverseProxy(), description="Le mandataire")
