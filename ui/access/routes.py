# SPDX-License-Identifier: EUPL-1.2
"""Every address that exists, and who may use it: what is not in this list is closed.

    find("POST", "/auditeur/gradio_api/queue/join") ─▶ Route(roles={auditor}) │ None

Gradio opens some sixty routes a page (uploads, files, proxy, API, histories); its pages were
seen to use those of `_gradio` only. `tests/ui/access/test_routes.py` walks every route of the
application with every role and writes what it found into docs/access.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ui.access.person import Role

MAX_BODY_BYTES = 1_000_000


class Opens(StrEnum):
    """Whether one may enter without an account or a key; all but ALWAYS: if the town says so."""

    NEVER = "never"
    ALWAYS = "always"
    SIMPLE = "simple"
    TRANSPARENCY = "transparency"
    LOCAL = "local"  # to this machine only, if the town says so


class Kind(StrEnum):
    """What a route is, as far as the door and the gate treat it otherwise."""

    PAGE = "page"  # a person's browser shows it: they are led to the sign-in page
    GRADIO = "gradio"  # a page that Gradio draws
    LONG = "long"  # a page that comes bit by bit
    UPLOAD = "upload"  # what is sent may be big; whoever receives it says how big
    CALL = "call"  # a program of a page calls it
    JOIN = "join"  # an event of a page; its body names the page
    STREAM = "stream"  # lasts as long as a page is open
    API = "api"  # a program calls it, with a key and never with a cookie
    PROGRAM = "program"  # styles, fonts, scripts: nothing that anybody wrote

    @property
    def is_shown(self) -> bool:
        """Whether a person sees what is answered."""
        return self in {Kind.PAGE, Kind.GRADIO, Kind.LONG, Kind.UPLOAD}


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """An address, or a family of addresses, and who may use it."""

    method: str
    pattern: re.Pattern[str]
    roles: frozenset[Role]
    opens: Opens = Opens.NEVER
    kind: Kind = Kind.PAGE

    @property
    def is_for_all(self) -> bool:
        """Whether it is the same for everybody, so that nobody asks who it is."""
        return self.opens is Opens.ALWAYS and self.kind in {Kind.CALL, Kind.PROGRAM}

    def fits(self, method: str, path: str) -> bool:
        return method == self.method and self.pattern.fullmatch(path) is not None


EVERYBODY = frozenset(Role)
STAFF = frozenset({Role.AGENT, Role.AUDITOR, Role.ADMIN})
AGENTS = frozenset({Role.AGENT, Role.ADMIN})
AUDITORS = frozenset({Role.AUDITOR})
ADMINS = frozenset({Role.ADMIN})
RESIDENTS = frozenset({Role.RESIDENT, Role.AGENT, Role.ADMIN})

AREAS = {"/": AGENTS, "/auditeur/": AUDITORS, "/admin": ADMINS}
"""Where the work of each role begins."""

HOMES = {
    Role.RESIDENT: "/simple",
    Role.AGENT: "/",
    Role.AUDITOR: "/auditeur/",
    Role.ADMIN: "/admin",
}
"""Where each role is led once signed in."""

ID = r"[\w-]{1,64}"
FILE = r"(?:[\w@-][\w.@-]*/)*[\w@-][\w.@-]*"
"""A file under a folder: no step of the way begins with a dot."""


def _route(
    method: str,
    pattern: str,
    roles: frozenset[Role],
    kind: Kind = Kind.PAGE,
    opens: Opens = Opens.NEVER,
) -> Route:
    return Route(method=method, pattern=re.compile(pattern), roles=roles, opens=opens, kind=kind)


def _gradio(start: str, roles: frozenset[Role]) -> Iterator[Route]:
    """The routes of one page that Gradio draws."""
    api = rf"{start}/gradio_api"
    yield _route("GET", rf"{start}/", roles, Kind.GRADIO)
    if start:
        yield _route("GET", start, roles)
    yield _route("GET", rf"{start}/config", roles, Kind.CALL)
    yield _route("GET", rf"{start}/theme\.css", STAFF, Kind.PROGRAM)
    yield _route("GET", rf"{start}/(?:assets|static)/{FILE}", STAFF, Kind.PROGRAM)
    yield _route("GET", rf"{api}/startup-events", roles, Kind.CALL)
    yield _route("GET", rf"{api}/heartbeat/\w+", roles, Kind.STREAM)
    yield _route("GET", rf"{api}/queue/data", roles, Kind.STREAM)
    yield _route("POST", rf"{api}/queue/join", roles, Kind.JOIN)
    yield _route("POST", rf"{api}/(?:cancel|reset)", roles, Kind.JOIN)


def _agent() -> Iterator[Route]:
    """The agents' work: the page that Gradio draws, and the plain ones around it."""
    yield from _gradio("", AGENTS)
    yield _route("GET", r"/source/[^/]{1,200}/\d{1,9}", STAFF)
    yield _route("GET", r"/source/[^/]{1,200}/\d{1,9}/image", AGENTS)
    yield _route("GET", r"/source/[^/]{1,200}/fichier", AGENTS)
    yield _route("GET", r"/documents(?:/[^/]{1,200})?", AGENTS)
    yield _route("POST", r"/documents", AGENTS)
    yield _route("GET", rf"/mes-questions(?:/{ID})?", AGENTS)
    yield _route("POST", rf"/mes-questions(?:/{ID}(?:/nom|/fin)?)?", AGENTS)
    yield _route("GET", rf"/reponse/{ID}/{ID}", AGENTS)
    yield _route("POST", rf"/reponse/{ID}/avis", AGENTS)
    yield _route("GET", rf"/comparer(?:/{ID}(?:/{ID})?)?", AGENTS)
    yield _route("POST", r"/comparer", AGENTS, Kind.UPLOAD)
    yield _route("GET", r"/masquer", AGENTS)
    yield _route("POST", r"/masquer(?:/fichier)?", AGENTS, Kind.UPLOAD)
    yield _route("GET", rf"/fichier(?:/{ID})?", AGENTS)
    yield _route("POST", r"/fichier", AGENTS, Kind.UPLOAD)
    yield _route("POST", rf"/fichier/{ID}(?:/fin)?", AGENTS)
    yield _route("GET", r"/repondre", AGENTS)
    yield _route("POST", r"/repondre(?:/fichier)?", AGENTS, Kind.UPLOAD)
    yield _route("POST", r"/repondre/questions", AGENTS, Kind.LONG)
    yield _route("GET", rf"/valider/{ID}(?:/[^/]{{1,200}}/\d{{1,9}})?", AGENTS)
    yield _route("POST", r"/valider(?:/lignes)?", AGENTS)
    yield _route("GET", rf"/reponses-validees(?:/{ID}(?:/corriger)?)?", AGENTS)
    yield _route("POST", rf"/reponses-validees(?:/{ID})?", AGENTS)
    yield _route("GET", r"/sans-reponse", AGENTS)
    yield _route("POST", r"/sans-reponse(?:/chercher)?", AGENTS)
    yield _route("GET", r"/premiers-pas", AGENTS)
    yield _route("POST", r"/premiers-pas", AGENTS)


def _auditor() -> Iterator[Route]:
    """The auditors' work."""
    yield from _gradio("/auditeur", AUDITORS)
    yield _route("GET", rf"/auditeur/(?:export|preuve)/{ID}", AUDITORS)
    yield _route("GET", r"/auditeur/(?:kit|point-de-controle)", AUDITORS)


def _admin() -> Iterator[Route]:
    """The administrators' work: plain pages, all of them theirs alone."""
    yield _route("GET", r"/admin/static/[\w.-]+", ADMINS, Kind.PROGRAM)
    yield _route("GET", r"/admin/job", ADMINS, Kind.CALL)
    yield _route("POST", r"/admin/documents/depot", ADMINS, Kind.UPLOAD)
    yield _route("GET", r"/admin(?:/[\w.-]{0,200}){0,4}", ADMINS)
    yield _route("POST", r"/admin(?:/[\w.-]{1,200}){1,4}", ADMINS)


def _public() -> Iterator[Route]:
    """What the town tells everybody about this assistant, and the box for remarks."""
    opens = Opens.TRANSPARENCY
    yield _route("GET", r"/transparence/[\w.-]+\.css", EVERYBODY, Kind.PROGRAM, Opens.ALWAYS)
    yield _route("GET", r"/accessibilite", EVERYBODY, opens=Opens.ALWAYS)
    yield _route("GET", r"/transparence(?:/[\w.-]+)?", EVERYBODY, opens=opens)
    yield _route("GET", r"/remarques", EVERYBODY, opens=opens)
    yield _route("POST", r"/remarques", EVERYBODY, opens=opens)


def _simple() -> Iterator[Route]:
    """The simple page, which is plain HTML and works without an account if the town opens it."""
    opens = Opens.SIMPLE
    yield _route("GET", r"/simple", RESIDENTS, opens=opens)
    yield _route("GET", r"/simple/static/[\w.-]+", EVERYBODY, Kind.PROGRAM, Opens.ALWAYS)
    yield _route("GET", rf"/simple/answer/{ID}", RESIDENTS, Kind.LONG, opens)
    yield _route("GET", rf"/simple/(?:note|voice)/{ID}", RESIDENTS, opens=opens)
    yield _route("GET", r"/simple/page/[^/]{1,200}/\d{1,9}(?:/voice)?", RESIDENTS, opens=opens)
    yield _route("POST", r"/simple(?:/done|/dictation|/wrong)?", RESIDENTS, opens=opens)


def _account() -> Iterator[Route]:
    """Coming in, going out, and one's own account."""
    always = Opens.ALWAYS
    yield _route("GET", r"/connexion", EVERYBODY, opens=always)
    yield _route("POST", r"/connexion", EVERYBODY, opens=always)
    yield _route("GET", r"/connexion/oidc(?:/retour)?", EVERYBODY, opens=always)
    yield _route("GET", r"/connexion/static/[\w.-]+", EVERYBODY, Kind.PROGRAM, always)
    yield _route("GET", rf"/bienvenue/{ID}", EVERYBODY, opens=always)
    yield _route("POST", rf"/bienvenue/{ID}", EVERYBODY, opens=always)
    yield _route("GET", r"/deconnexion", EVERYBODY)
    yield _route("GET", r"/deconnexion/retour", EVERYBODY, opens=always)
    yield _route("POST", r"/deconnexion", EVERYBODY)
    yield _route("GET", r"/compte", EVERYBODY)
    yield _route("POST", r"/compte(?:/partout)?", EVERYBODY)


def _api() -> Iterator[Route]:
    """What programs ask, by key."""
    yield _route("GET", r"/api/openapi\.json", STAFF, Kind.API)
    yield _route("POST", r"/api/(?:ask|search|screen)", AGENTS, Kind.API)
    yield _route("GET", r"/api/documents", AGENTS, Kind.API)
    yield _route("GET", rf"/api/proof/{ID}", AGENTS, Kind.API)
    yield _route("GET", r"/api/register/(?:verify|checkpoint|entries)", AUDITORS, Kind.API)
    yield _route("GET", rf"/api/register/proof/{ID}", AUDITORS, Kind.API)
    yield _route("POST", r"/v1/chat/completions", AGENTS, Kind.API)
    yield _route("GET", r"/v1/models", AGENTS, Kind.API)
    yield _route("POST", r"/mcp", AGENTS, Kind.API)
    yield _route("GET", r"/mcp", AGENTS, Kind.API)
    yield _route("DELETE", r"/mcp", AGENTS, Kind.API)
    yield _route("GET", r"/metrics", ADMINS, Kind.API, Opens.LOCAL)


ROUTES = (
    _route("GET", r"/health|/ready", EVERYBODY, Kind.CALL, Opens.ALWAYS),
    _route("GET", r"/ui/(?:fonts/)?[\w.-]+", EVERYBODY, Kind.PROGRAM, Opens.ALWAYS),
    *_account(),
    *_public(),
    *_simple(),
    *_agent(),
    *_auditor(),
    *_admin(),
    *_api(),
)


def find(method: str, path: str) -> Route | None:
    """Return the route of an address, None where there is nothing."""
    return next((route for route in ROUTES if route.fits(method, path)), None)
