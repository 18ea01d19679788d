# SPDX-License-Identifier: EUPL-1.2
"""How a model wants to be spoken to: the template that its own file brings.

    template ─rendered once, two signs for system and user words─▶ ChatForm(before, between, after)

Only these three pieces are tokenised with special marks: a document that holds `<|im_end|>` or
`[/INST]` gives plain letters. A template comes with a file from elsewhere, so that it runs in a
sandbox.
"""

from __future__ import annotations

from typing import NamedTuple, NoReturn

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

SYSTEM, USER = "\ue000", "\ue001"
"""Signs of the private use area, which no template holds."""


class ChatForm(NamedTuple):
    """What stands before the system's words, between these and the user's, and after them."""

    before: str
    between: str
    after: str


CHATML = ChatForm(
    "<|im_start|>system\n", "<|im_end|>\n<|im_start|>user\n", "<|im_end|>\n<|im_start|>assistant\n"
)
PLAIN = ChatForm("", "\n\n", "\n\n")
"""For a file that brings no template."""


def chat_form(template: str, *, bos: str = "", eos: str = "") -> ChatForm:
    """Return the form of a template; a system's words go to the user where it knows no system.

    >>> chat_form("[INST]{{ messages[0].content }} {{ messages[1].content }}[/INST]")
    ChatForm(before='[INST]', between=' ', after='[/INST]')
    >>> chat_form("")
    ChatForm(before='', between='\\n\\n', after='\\n\\n')
    """
    apart = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": USER}]
    together = [{"role": "user", "content": f"{SYSTEM}\n\n{USER}"}]
    for messages in (apart, together):
        try:
            found = _cut(_rendered(template, messages, bos=bos, eos=eos))
        except (TemplateError, TypeError, ValueError, LookupError):
            continue
        if found:
            return found
    return PLAIN


def _rendered(template: str, messages: list[dict[str, str]], *, bos: str, eos: str) -> str:
    def raise_exception(message: str) -> NoReturn:
        raise TemplateError(message)

    sandbox = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    return sandbox.from_string(template).render(
        messages=messages,
        add_generation_prompt=True,
        bos_token=bos,
        eos_token=eos,
        raise_exception=raise_exception,
        strftime_now=lambda form: "",
    )


def _cut(text: str) -> ChatForm | None:
    before, system, rest = text.partition(SYSTEM)
    between, user, after = rest.partition(USER)
    is_once = system and user and SYSTEM not in rest and USER not in before + after
    return ChatForm(before, between, after) if is_once else None
