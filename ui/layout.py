# SPDX-License-Identifier: EUPL-1.2
"""The agent's page in Gradio: where things stand, and which event leads where.

question ─Enter, Demander▶ ask ─▶ status line, reply      Arrêter ─▶ stop
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

import gradio as gr

from assistant.pipeline import Answering
from assistant.settings import Town
from assistant.texts import Texts
from corpus.acts import date_in_words
from ui.agent import IDLE, Phase, View, status, views
from ui.relay import Relay
from ui.reply import Reply
from ui.source import Pages, title_of

QUESTIONS_AT_ONCE = 8

PRIVATE: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
ASKING: dict[str, Any] = {
    **PRIVATE,
    "concurrency_limit": QUESTIONS_AT_ONCE,
    "concurrency_id": "ask",
}

Screen = tuple[object, ...]


class AgentPage:
    """One page; what it shows of a question stays in its session's memory."""

    def __init__(
        self,
        assistant: Answering,
        texts: Texts,
        store: Pages,
        town: Town,
        examples: Sequence[str],
    ) -> None:
        self._assistant = assistant
        self._texts = texts
        self._store = store
        self._town = town
        self._examples = examples
        self._reply = Reply(texts, town, partial(title_of, store))
        self._relay = Relay(QUESTIONS_AT_ONCE)

    def blocks(self) -> gr.Blocks:
        """Lay the page out and tie its events."""
        page: gr.Blocks
        with gr.Blocks(title=self._say("title"), analytics_enabled=False) as page:
            _html(self._banner(), "banner")
            with gr.Column(elem_classes="ask"):
                question = self._question_box()
                with gr.Row(elem_classes="actions"):
                    send = gr.Button(self._say("send"), variant="primary", elem_id="send")
                    stop = gr.Button(self._say("stop"), visible=False, elem_id="stop")
                    _html(f'<p class="quiet keys">{escape(self._say("keys"))}</p>', "")
            line = _html(self._line(IDLE), "status")
            reply = _html("", "reply-place")
            with gr.Column(elem_classes="welcome") as welcome:
                starters = self._starters()
                _html(self._about(), "about")
                corpus = _html("", "corpus")
            view = gr.State(IDLE)

            screen = [question, line, reply, view, welcome, send, stop]
            asking = [
                gr.on([question.submit, send.click], self._ask, question, screen, **ASKING),
                *(b.click(partial(self._ask, b.value), None, screen, **ASKING) for b in starters),
            ]
            for event in asking:
                event.failure(self._fail, view, screen, **PRIVATE)
            stop.click(self._stop, view, screen, cancels=asking, **PRIVATE)
            page.load(self._corpus, None, corpus, **PRIVATE)
        return page

    def close(self) -> None:
        """Wait for the questions under way."""
        self._relay.close()

    # -- events

    def _ask(self, question: str) -> Iterator[Screen]:
        with closing(self._views(question)) as shown:
            for view in shown:
                yield self._screen(view, question)

    def _views(self, question: str) -> Generator[View, None, None]:
        return views(self._relay.run(self._assistant.steps(question)), self._texts)

    def _stop(self, view: View) -> Screen:
        """Keep what was checked and say that the rest was given up."""
        return self._screen(replace(view, phase=Phase.STOPPED) if view.is_busy else view)

    def _fail(self, view: View) -> Screen:
        """Gradio calls this when an event broke in a way that nobody foresaw."""
        return self._screen(replace(view, phase=Phase.FAILED, error=self._say("error_system")))

    def _screen(self, view: View, question: str | None = None) -> Screen:
        """Return the values of the page's parts; the question box changes only if told."""
        return (
            gr.skip() if question is None else question,
            self._line(view),
            self._reply(view),
            view,
            gr.update(visible=view.phase in {Phase.IDLE, Phase.FAILED}),
            gr.update(interactive=not view.is_busy),
            gr.update(visible=view.is_busy),
        )

    # -- parts

    def _say(self, key: str, **facts: object) -> str:
        return self._texts("ui", key, **facts)

    def _question_box(self) -> gr.Textbox:
        return gr.Textbox(
            label=self._say("question"),
            placeholder=self._say("question_hint"),
            lines=1,
            max_lines=8,
            elem_id="question",
            autofocus=True,
            html_attributes=gr.InputHTMLAttributes(
                autocomplete="off", enterkeyhint="send", lang=self._texts.language
            ),
        )

    def _starters(self) -> list[gr.Button]:
        _html(f"<h2>{escape(self._say('examples'))}</h2>", "")
        with gr.Row(elem_classes="examples"):
            return [gr.Button(example, elem_classes="example") for example in self._examples]

    def _banner(self) -> str:
        name = self._town.name or self._say("tagline")
        return (
            f'<a class="skip" href="#question">{escape(self._say("skip"))}</a>'
            f'<header><p class="brand"><span class="seal" aria-hidden="true"></span>'
            f"<span><strong>{escape(self._say('title'))}</strong> {escape(name)}</span></p>"
            f'<p class="quiet">{escape(self._say("local"))}</p></header>'
            f'<h1 class="unseen">{escape(self._say("tagline"))}</h1>'
        )

    def _about(self) -> str:
        rules = ("about_hides", "about_quotes", "about_refuses")
        lines = "".join(f"<li>{escape(self._say(rule))}</li>" for rule in rules)
        return f"<h2>{escape(self._say('about'))}</h2><ul>{lines}</ul>"

    def _corpus(self) -> str:
        """Say how many documents there are, at each visit."""
        documents = self._store.documents()
        if not documents:
            return f'<p class="empty">{escape(self._say("corpus_empty"))}</p>'
        added = max(document.added for document in documents)[:10]
        date = date_in_words(added) if self._texts.language == "fr" else added
        words = self._say(
            "corpus_one" if len(documents) == 1 else "corpus",
            documents=len(documents),
            pages=sum(document.page_count for document in documents),
            date=date,
        )
        return f'<p class="quiet">{escape(words)}</p>'

    def _line(self, view: View) -> str:
        """The one live region: it is announced when its words change."""
        return (
            f'<p role="status" aria-live="polite" data-phase="{view.phase}">'
            f"{escape(status(view, self._texts))}</p>"
        )


def _html(value: str, kind: str) -> gr.HTML:
    """HTML that is ours, without Gradio's own style and script."""
    return gr.HTML(value, elem_classes=kind, js_on_load=None, apply_default_css=False)
