# SPDX-License-Identifier: EUPL-1.2
"""A real OpenID Connect server on loopback, that can be made to behave as others do.

The server is a program of its own; a layer in front of it notes what it is sent, changes what it
answers where a test wants a false one, and adds what a State's federation has: a level in the
identity token, user information that is signed, signing out. It signs both with a key of its own,
which then stands beside the server's among those that it publishes.
"""

from __future__ import annotations

import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import werkzeug.serving
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import ECKey
from joserfc.util import urlsafe_b64decode

Change = Callable[[str, dict[str, Any]], Any]
Signs = Callable[[dict[str, Any]], str]
OF_A_TOKEN = {"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "at_hash"}
CHANGED = {"/oauth2/token", "/userinfo", "/.well-known/openid-configuration", "/jwks"}


@dataclass
class Idp:
    """The provider, and what it was sent. `told`: claims of its identity tokens besides; `signs`:
    how it signs user information, None for plain JSON; `change`: what it answers instead."""

    address: str = ""
    bodies: list[dict[str, list[str]]] = field(default_factory=list)
    ended: list[dict[str, str]] = field(default_factory=list)
    issued: list[str] = field(default_factory=list)
    told: dict[str, object] = field(default_factory=dict)
    signs: Signs | None = None
    change: Change = lambda path, answer: answer
    key: ECKey = field(
        default_factory=lambda: ECKey.generate_key("P-256", {"kid": "federation", "alg": "ES256"})
    )

    def allow(self, where: str, sub: str) -> str:
        """Be somebody at the provider: say yes, return where the browser is sent back."""
        answer = httpx.post(where, data={"sub": sub}, follow_redirects=False)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    def knows(self, sub: str, **claims: object) -> None:
        assert httpx.put(f"{self.address}/users/{sub}", json=claims).status_code == 204

    def signed(self, claims: dict[str, Any], **changed: object) -> str:
        """Sign claims with the provider's own key, for the client of the tests."""
        whole = {"iss": self.address, "aud": "greffier", **claims, **changed}
        header = {"alg": "ES256", "kid": "federation"}
        return jwt.encode(header, whole, self.key, algorithms=["ES256"])

    def answer(self, path: str, told: dict[str, Any]) -> tuple[str, str]:
        """Return what the provider says at an address, and as what."""
        if self.told or self.signs:
            if path == "/jwks":
                told["keys"].append(self.key.as_dict(private=False, use="sig"))
            if path.endswith("openid-configuration"):
                told["id_token_signing_alg_values_supported"] += ["ES256", "HS256", "none"]
            if "id_token" in told:
                claims = claims_of(told["id_token"]).items()  # who it is, user information says
                kept = {name: value for name, value in claims if name in OF_A_TOKEN}
                told["id_token"] = self.signed(kept, **self.told)
        told = self.change(path, told)
        self.issued += [told["id_token"]] if "id_token" in told else []
        if path == "/userinfo" and self.signs:
            return self.signs(told), "application/jwt; charset=utf-8"
        return json.dumps(told), "application/json"

    def end(self, query: str) -> str:
        """Sign out whoever an identity token of ours names; return where the browser goes."""
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        self.ended.append(asked)
        assert asked["id_token_hint"] in self.issued
        return f"{asked['post_logout_redirect_uri']}?{urlencode({'state': asked['state']})}"


@contextmanager
def provider() -> Iterator[Idp]:
    """Start a provider."""
    from oidc_provider_mock import app

    known = Idp()
    inner = app()

    def noting(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/oauth2/end_session":
            start("303 See Other", [("Location", known.end(environ["QUERY_STRING"]))])
            return []
        if path == "/oauth2/token":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            known.bodies.append(parse_qs(body.decode()))
            environ["wsgi.input"] = BytesIO(body)
        if path not in CHANGED:
            return inner(environ, start)
        status: list[Any] = []
        text, kind = b"".join(inner(environ, lambda *told, **_: status.extend(told[:2]))), ""
        if status[0].startswith("200"):
            said, kind = known.answer(path, json.loads(text))
            text = said.encode()
        headers = [("Content-Type", kind or "application/json"), ("Content-Length", str(len(text)))]
        start(status[0], headers)
        return [text]

    server = werkzeug.serving.make_server("localhost", 0, noting, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    known.address = f"http://localhost:{server.server_port}"
    yield known
    server.shutdown()
    thread.join(5)
    server.server_close()


def claims_of(token: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(urlsafe_b64decode(token.split(".")[1].encode()))
    return told


def unsigned(claims: dict[str, Any]) -> str:
    """Claims as a token that says of itself that it is not signed."""
    parts = (json.dumps(part).encode() for part in ({"alg": "none"}, claims))
    return ".".join(urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


def asked_of(where: str) -> dict[str, str]:
    """Return what an address asks for."""
    return {name: values[0] for name, values in parse_qs(urlsplit(where).query).items()}


def begin(client: TestClient, after: str = "") -> str:
    answer = client.get("/connexion/oidc", params={"suite": after} if after else None)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def come_back(client: TestClient, where: str) -> httpx.Response:
    """Follow the provider's redirect, as a browser that was at another site does."""
    parts = urlsplit(where)
    flow = client.cookies.get("greffier-flow", "")  # the strict ones stay behind
    headers = {"cookie": f"greffier-flow={flow}", "sec-fetch-site": "cross-site"}
    return client.get(f"{parts.path}?{parts.query}", headers=headers)


def sign_in(client: TestClient, idp: Idp, sub: str) -> httpx.Response:
    return come_back(client, idp.allow(begin(client), sub))
