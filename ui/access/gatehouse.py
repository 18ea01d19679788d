# SPDX-License-Identifier: EUPL-1.2
"""The gate and the pages of the door, put into an application.

house = Gatehouse(keeper, settings, language)
house.mount(app)      before Gradio, which catches all that is left
house.close(app)      around everything: nobody passes whom the keeper does not know
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import cast

from fastapi import FastAPI

from assistant.settings import Settings
from assistant.texts import Language
from ui.access.bearer import NoKeys
from ui.access.cookies import Cookies
from ui.access.desk import Desk
from ui.access.entrance import Entrance
from ui.access.flows import oidc_router
from ui.access.forms import Forms
from ui.access.frame import Frame
from ui.access.gate import Gate, Rules
from ui.access.letting import Door
from ui.access.oidc import Provider
from ui.access.programs import Programs
from ui.access.router import mount_access, mount_styles
from ui.access.routes import Opens
from ui.access.seals import Seals, new_token
from ui.access.visit import Visits
from ui.access.words import Words


class Gatehouse:
    """Lets people in as the keeper says: the desk of the accounts, or a demonstration."""

    def __init__(
        self,
        keeper: Desk | Entrance,
        settings: Settings,
        language: Language,
        *,
        town: Callable[[], str] | None = None,
    ) -> None:
        """`town` gives the town's name at each moment, where it may change."""
        self._keeper = keeper
        self._settings = settings
        self._frame = Frame(Words(language), town or (lambda: settings.town.name))
        self._opens = opened(settings)

    def mount(self, app: FastAPI) -> None:
        """Put the pages of the door into an application."""
        mount_styles(app)
        if isinstance(self._keeper, Desk):
            oidc = self._settings.access.oidc
            provider = Provider(oidc) if oidc.issuer else None
            door = Door(
                desk=self._keeper,
                frame=self._frame,
                provider=provider,
                opens=self._opens,
            )
            mount_access(app, door)
            if provider is not None:
                app.include_router(oidc_router(door, provider))

    def close(self, app: FastAPI, *, mounted: Collection[str]) -> None:
        """Stand around an application; `mounted`: the areas that are there."""
        keeper = self._keeper
        desk: Desk | None = None
        if isinstance(keeper, Desk):
            desk, entrance = keeper, cast(Entrance, keeper.entrance)
        else:
            entrance = keeper
        seals = Seals(new_token().encode())  # without accounts, nothing need outlive the program
        app.add_middleware(
            Gate,
            entrance=entrance,
            visits=desk.visits if desk else Visits(),
            forms=desk.forms if desk else Forms(seals, Cookies(seals)),
            frame=self._frame,
            programs=Programs(
                desk.bearer if desk else NoKeys(),
                self._frame.say,
                opens=self._opens,
                per_minute=self._settings.access.actions_per_minute,
            ),
            rules=Rules(
                opens=self._opens,
                actions_per_minute=self._settings.access.actions_per_minute,
                mounted=mounted,
            ),
            is_founded=lambda: desk is None or desk.accounts.is_open,
        )


def opened(settings: Settings) -> frozenset[Opens]:
    """Return what the town opens without an account."""
    access = settings.access
    told = {
        Opens.ALWAYS: True,
        Opens.SIMPLE: settings.senior.open and access.simple == "open",
        Opens.TRANSPARENCY: access.transparency == "open",
        Opens.LOCAL: access.local_metrics,
    }
    return frozenset(opens for opens, is_open in told.items() if is_open)
