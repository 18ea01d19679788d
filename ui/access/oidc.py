# SPDX-License-Identifier: EUPL-1.2
"""Signing in at the town's identity provider: OpenID Connect, the only door to Authlib.

    start(redirect) ─▶ Flow(url, state, nonce, verifier) … browser … finish(flow, code) ─▶ Outsider
    leaving(identity, state, back) ─▶ where the browser goes to be signed out there as well

Code flow with PKCE. What comes back is believed once its signature, issuer, audience, times and
nonce were checked; user information that is signed, likewise. Who was believed may still be barred
by what the town set: a level of authentication, an organisation. Nothing is dialled before somebody
asks to sign in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import StarletteIntegration, StarletteOAuth2App
from httpx2 import HTTPError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry

from assistant.errors import BadSettings
from assistant.settings_access import OpenIdConnect
from ui.access.outside import Outsider
from ui.access.seals import new_token

PATIENCE_SECONDS = 10.0
ASYMMETRIC = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
ALGORITHMS = "id_token_signing_alg_values_supported"
SIRET = "siret"
CLIENT_METHODS = "token_endpoint_auth_methods_supported"
LEEWAY_SECONDS = 120
"""How far the provider's clock may be from ours, as Authlib has it for identity tokens."""


class ProviderRefused(Exception):
    """The provider did not say who it is, or not so that it can be believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One sign-in under way. `url` is where the browser goes; the rest stays here."""

    url: str
    state: str
    nonce: str
    verifier: str
    redirect: str


class Provider:
    """The provider of the settings; BadSettings if what they say of it cannot be used."""

    def __init__(self, settings: OpenIdConnect) -> None:
        self._settings = settings
        self._issuer = settings.issuer.rstrip("/")
        if not _is_safe(self._issuer):
            raise _bad("issuer", "https")
        secret = _secret(settings)
        self._client = StarletteOAuth2App(
            StarletteIntegration("oidc"),
            "oidc",
            client_id=settings.client,
            client_secret=secret,
            server_metadata_url=f"{self._issuer}/.well-known/openid-configuration",
            client_kwargs={
                "scope": settings.scope,
                "code_challenge_method": "S256",
                "timeout": PATIENCE_SECONDS,
                **({} if secret else {"token_endpoint_auth_method": "none"}),
            },
        )

    async def start(self, redirect: str) -> Flow:
        """Return a new sign-in, to send the browser to."""
        try:
            await self._known()
            # longer than Authlib's own: ProConnect asks for 32 signs at least
            told = await self._client.create_authorization_url(
                redirect, state=new_token(), nonce=new_token(), **self._level_asked()
            )
        except (AuthlibBaseError, HTTPError, ValueError, RuntimeError) as error:
            raise ProviderRefused from error
        return Flow(
            url=told["url"],
            state=told["state"],
            nonce=told["nonce"],
            verifier=told["code_verifier"],
            redirect=redirect,
        )

    async def finish(self, flow: Flow, code: str) -> Outsider:
        """Return who signed in."""
        try:
            metadata = await self._known()
            token = await self._client.fetch_access_token(
                redirect_uri=flow.redirect, code=code, code_verifier=flow.verifier
            )
            claims = await self._client.parse_id_token(
                token,
                nonce=flow.nonce,
                claims_options={
                    "iss": {"essential": True, "value": metadata["issuer"]},
                    "aud": {"essential": True, "value": self._settings.client},
                },
            )
            if not claims or claims.get("nonce") != flow.nonce:
                raise ProviderRefused
            more = await self._more(claims, token, metadata)
            return self._outsider(claims, more, str(token["id_token"]))
        except (
            AuthlibBaseError, HTTPError, JoseError, ValueError, RuntimeError, KeyError, TypeError,
        ) as error:  # fmt: skip
            raise ProviderRefused from error

    async def leaving(self, identity: str, state: str, back: str) -> str:
        """Return where the browser goes to be signed out here as well (RP-Initiated Logout), and
        then `back` with `state`; nothing where the provider has no such address, or is away."""
        try:
            metadata = await self._known()
            if not _is_safe(str(metadata.get("end_session_endpoint") or "")):
                return ""
            told = await self._client.create_logout_url(
                post_logout_redirect_uri=back, id_token_hint=identity, state=state
            )
        except (AuthlibBaseError, HTTPError, ValueError, RuntimeError, ProviderRefused):
            return ""
        return str(told["url"])

    async def _known(self) -> Mapping[str, Any]:
        """Return what the provider says of itself, if it is the one that was named."""
        metadata: dict[str, Any] = await self._client.load_server_metadata()
        if str(metadata.get("issuer", "")).rstrip("/") != self._issuer:
            raise ProviderRefused
        offered = metadata.get(ALGORITHMS) or ["RS256"]
        metadata[ALGORITHMS] = [name for name in offered if name in ASYMMETRIC]
        if not metadata[ALGORITHMS]:
            raise ProviderRefused
        methods = metadata.get(CLIENT_METHODS) or ["client_secret_basic"]
        if "client_secret_basic" not in methods and "client_secret_post" in methods:
            self._client.client_kwargs.setdefault(
                "token_endpoint_auth_method", "client_secret_post"
            )
        return metadata

    def _level_asked(self) -> dict[str, str]:
        """Return how the levels are asked for: in one way, since what both together mean is left
        open (OpenID Connect Core, 5.5.1.1)."""
        levels = list(self._settings.acr)
        if not levels:
            return {}
        if not self._settings.acr_essential:
            return {"acr_values": " ".join(levels)}
        return {"claims": json.dumps({"id_token": {"acr": {"essential": True, "values": levels}}})}

    async def _more(
        self, claims: Mapping[str, Any], token: Mapping[str, Any], metadata: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Return what the provider says besides, where the token does not hold all."""
        wanted = {self._settings.name_claim, self._settings.groups_claim}
        if self._settings.sirets:
            wanted.add(SIRET)
        address = metadata.get("userinfo_endpoint")
        if wanted <= claims.keys() or not address:
            return {}
        answer = await self._client.get(address, token=token)
        answer.raise_for_status()
        if answer.headers.get("content-type", "").lower().startswith("application/jwt"):
            return await self._verified(answer.text, str(claims["sub"]), metadata)
        told = answer.json()
        is_whole = isinstance(told, dict) and told.get("sub") == claims["sub"]
        if self._settings.signed_userinfo or not is_whole:
            raise ProviderRefused
        return cast(Mapping[str, Any], told)

    async def _verified(
        self, text: str, subject: str, metadata: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Return user information that the provider signed, for us, of who signed in."""
        keys = KeySet.import_key_set(await self._client.fetch_jwk_set())
        registry = JWSRegistry(algorithms=list(metadata[ALGORITHMS]))
        told = jwt.decode(text, keys, registry=registry).claims
        JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss=_only(metadata["issuer"]),
            aud=_only(self._settings.client),
            sub=_only(subject),
        ).validate(told)
        return told

    def _outsider(
        self, claims: Mapping[str, Any], more: Mapping[str, Any], identity: str
    ) -> Outsider:
        known = {**more, **claims}
        groups = known.get(self._settings.groups_claim) or ()
        listed = [groups] if isinstance(groups, str) else groups
        return Outsider(
            name=str(known.get(self._settings.name_claim) or ""),
            subject=f"{self._issuer} {claims['sub']}",
            groups=_texts(listed),
            barred=self._barred(claims, known),
            identity=identity if self._settings.sign_out else "",
        )

    def _barred(self, claims: Mapping[str, Any], known: Mapping[str, Any]) -> str:
        """Return why the town's settings keep somebody out, a key of words; empty: they do not.
        How they signed in, only the identity token says."""
        settings = self._settings
        if settings.acr and claims.get("acr") not in settings.acr:
            return "level"
        if settings.sirets and known.get(SIRET) not in settings.sirets:
            return "organisation"
        return ""


def _only(value: str) -> ClaimsOption:
    return {"essential": True, "value": value}


def _texts(values: Sequence[object]) -> list[str]:
    return [value for value in values if isinstance(value, str)]


def _is_safe(issuer: str) -> bool:
    """Whether what is said to the provider stays between the two: https, or this machine."""
    parts = urlsplit(issuer)
    host = parts.hostname or ""
    if parts.scheme == "https":
        return bool(host)
    try:
        is_here = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        is_here = False
    return parts.scheme == "http" and is_here


def _secret(settings: OpenIdConnect) -> str:
    if settings.secret_file is None:
        return ""
    try:
        return settings.secret_file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise _bad("secret_file", type(error).__name__) from error


def _bad(name: str, detail: str) -> BadSettings:
    return BadSettings(
        "settings_invalid", file="greffier.toml", name=f"access.oidc.{name}", detail=detail
    )
