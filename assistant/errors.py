# SPDX-License-Identifier: EUPL-1.2
"""What can go wrong in the assistant, said in one line that tells what to do.

    AssistantError
    ├── BadQuestion       a question is empty or too long
    ├── BadSettings       greffier.toml cannot be read
    ├── ModelFailed       the language model could not be loaded or run
    │   ├── ModelInterrupted  its process ended under way; what was asked can be asked again
    │   └── PromptTooLong     what it should read does not fit into its context
    └── UserError         a command cannot be carried out; `key` names its words

`key` and `facts` find the words in `texts/`, section `error`.
"""

from __future__ import annotations


class AssistantError(Exception):
    """Something that stops a command; its words are `texts("error", key, **facts)`."""

    def __init__(self, key: str, **facts: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


class BadQuestion(AssistantError):
    """A question is empty or too long."""


class BadSettings(AssistantError):
    """The settings file cannot be read."""


class OddsUnknown(LookupError):
    """A model does not tell how likely its words are, as some servers do not."""


class ModelFailed(AssistantError):
    """The language model could not be loaded or run."""


class ModelInterrupted(ModelFailed):
    """The model's process ended, or was ended, in the middle of a question."""


class PromptTooLong(ModelFailed):
    """What the model should read holds more tokens than it can read."""


class UserError(AssistantError):
    """A command cannot be carried out as it was asked."""
