# SPDX-License-Identifier: EUPL-1.2
"""Signing in at the town's identity provider: OpenID Connect, the only door to Authlib.

    start(redirect) ─▶ Flow(url, state, nonce, verifier) … browser … finish(flow, code) ─▶ Outsider

Code flow with PKCE. What comes back is believed once its signature, issuer, audience, times and
nonce were checked. Nothing is dialled before somebody asks to sign in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import StarletteIntegration, StarletteOAuth2App
from httpx2 import HTTPError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from assistant.errors import BadSettings
from assistant.settings import OpenIdConnect
from ui.access.outside import Outsider

PATIENCE_SECONDS = 10.0
ASYMMETRIC = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
ALGORITHMS = "id_token_signing_alg_values_supported"


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
            told = await self._client.create_authorization_url(redirect)
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
            return self._outsider(claims, await self._more(claims, token, metadata))
        except (
            AuthlibBaseError, HTTPError, JoseError, ValueError, RuntimeError, KeyError, TypeError,
        ) as error:  # fmt: skip
            raise ProviderRefused from error

    async def _known(self) -> Mapping[str, Any]:
        """Return what the provider says of itself, if it is the one that was named."""
        metadata: dict[str, Any] = await self._client.load_server_metadata()
        if str(metadata.get("issuer", "")).rstrip("/") != self._issuer:
            raise ProviderRefused
        offered = metadata.get(ALGORITHMS) or ["RS256"]
        metadata[ALGORITHMS] = [name for name in offered if name in ASYMMETRIC]
        if not metadata[ALGORITHMS]:
            raise ProviderRefused
        return metadata

    async def _more(
        self, claims: Mapping[str, Any], token: Mapping[str, Any], metadata: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Return what the provider says besides, where the token does not hold all."""
        wanted = {self._settings.name_claim, self._settings.groups_claim}
        address = metadata.get("userinfo_endpoint")
        if wanted <= claims.keys() or not address:
            return {}
        answer = await self._client.get(address, token=token)
        answer.raise_for_status()
        if answer.headers.get("content-type", "").startswith("application/jwt"):
            keys = KeySet.import_key_set(await self._client.fetch_jwk_set())
            registry = JWSRegistry(algorithms=list(metadata[ALGORITHMS]))
            told: Mapping[str, Any] = jwt.decode(answer.text, keys, registry=registry).claims
        else:
            told = answer.json()
        if told.get("sub") != claims["sub"]:
            raise ProviderRefused
        return told

    def _outsider(self, claims: Mapping[str, Any], more: Mapping[str, Any]) -> Outsider:
        known = {**more, **claims}
        groups = known.get(self._settings.groups_claim) or ()
        listed = [groups] if isinstance(groups, str) else groups
        return Outsider(
            name=str(known.get(self._settings.name_claim) or ""),
            subject=f"{self._issuer} {claims['sub']}",
            groups=_texts(listed),
        )


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
