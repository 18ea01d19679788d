# SPDX-License-Identifier: EUPL-1.2
"""A model is spoken to as its own file says; what no template tells is plain."""

from __future__ import annotations

import pytest

from assistant.chat_form import CHATML, PLAIN, ChatForm, chat_form
from tests.table import each

QWEN = """{%- if messages[0]['role'] == 'system' %}
    {{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}
{%- endif %}
{%- for message in messages %}
    {%- if message.role == 'user' %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
"""
MISTRAL = """{{ bos_token }}{% for m in messages %}{% if m.role == 'system' %}
{{- '[SYSTEM_PROMPT]' + m.content + '[/SYSTEM_PROMPT]' }}{% else %}
{{- '[INST]' + m.content + '[/INST]' }}{% endif %}{% endfor %}"""
GEMMA = """{{ bos_token }}{% if messages[0].role == 'system' %}
{{- raise_exception('System role not supported') }}{% endif %}
{{- '<start_of_turn>user\\n' + messages[0].content | trim + '<end_of_turn>\\n' }}
{%- if add_generation_prompt %}{{ '<start_of_turn>model\\n' }}{% endif %}"""


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (QWEN, CHATML),
        (MISTRAL, ChatForm("<s>[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT][INST]", "[/INST]")),
        (
            GEMMA,
            ChatForm("<s><start_of_turn>user\n", "\n\n", "<end_of_turn>\n<start_of_turn>model\n"),
        ),
        ("{{ strftime_now('%d') }}{{ messages[0].content }}|{{ messages[1].content }}",
         ChatForm("", "|", "")),
    ],
    ids=["qwen", "mistral", "gemma, which knows no system", "one that tells the day"],
)  # fmt: skip
def test_the_form_is_that_of_the_file(template: str, expected: ChatForm) -> None:
    assert chat_form(template, bos="<s>", eos="</s>") == expected


@each(
    "template",
    [
        "",
        "{% for %}",
        "{{ messages[7].content }}",
        "no message",
        "{{ messages[0].content * 2 }}{{ messages[1].content }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    ],
    ids=["none", "broken", "fails", "leaves them out", "says twice", "reaches for Python"],
)
def test_what_no_template_tells_is_plain(template: str) -> None:
    assert chat_form(template) == PLAIN
