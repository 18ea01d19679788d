# SPDX-License-Identifier: EUPL-1.2
"""What was asked before in this session, each question with what came of it, folded away."""

from __future__ import annotations

from ui.agent.conversation import Conversation
from ui.agent.view import View
from ui.agent.words import Words
from ui.drawn import marked
from ui.reply import Reply


def history(talk: Conversation, shown: View, reply: Reply, words: Words) -> str:
    """Return the HTML of all turns but the one on the screen, the newest first."""
    before = [turn for turn in talk.turns if turn.record != shown.record]
    if not before:
        return ""
    items = "".join(
        f'<li><details><summary><span class="question">{marked(turn.question)}</span> '
        f'<span class="quiet">{words(f"history_{turn.phase}")}</span></summary>'
        f'<div class="reply"><div class="reply-main">{reply.brief(turn)}</div></div></details></li>'
        for turn in reversed(before)
    )
    return (
        f'<section class="history" aria-labelledby="history-title">'
        f'<h2 id="history-title">{words.counted("history", len(before))}</h2>'
        f'<p class="quiet">{words("history_note")} '
        f'<a href="/mes-questions">{words("history_own")}</a></p><ol>{items}</ol></section>'
    )
