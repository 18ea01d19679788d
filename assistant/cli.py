# SPDX-License-Identifier: EUPL-1.2
"""The command `greffier`: its contract is in `docs/command-line.md`; others script it.

    greffier [--data DIR] [--lang fr|en] COMMAND …

A failure is one line on stderr that says what to do, and a non-zero exit:
2 for a badly written command, 1 for anything else. No traceback.
"""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module
from pathlib import Path

import click

from assistant.errors import AssistantError, BadSettings
from assistant.texts import Language, Texts
from corpus.errors import (
    ClusterUnusable,
    CorpusBusy,
    CorpusError,
    DiskFull,
    FolderTooNew,
    FolderUnusable,
    NoSuchPath,
    NotTaken,
    PassagesUnusable,
    StorageFull,
    UnknownWeights,
    VectorsUnreachable,
    WeightsMissing,
    WeightsUnavailable,
    WrongHash,
)
from guardrails.errors import (
    GuardrailError,
    RecordInvalid,
    RegisterBusy,
    RegisterError,
    RegisterKeysInvalid,
    RegisterTampered,
    RegisterTooNew,
    RegisterUnavailable,
    TextTooLong,
)

COMMANDS = {
    "models": "assistant.commands.models:models",
    "corpus": "assistant.commands.corpus:corpus",
    "pack": "assistant.commands.pack:pack",
    "quarantine": "assistant.commands.quarantine:quarantine",
    "screen": "assistant.commands.screen:screen",
    "search": "assistant.commands.search:search",
    "ask": "assistant.commands.ask:ask",
    "summary": "assistant.commands.summary:summary",
    "reply": "assistant.commands.reply:reply",
    "compare": "assistant.commands.compare:compare",
    "cards": "assistant.commands.cards:cards",
    "unanswered": "assistant.commands.unanswered:unanswered",
    "register": "assistant.commands.register:register",
    "witness": "assistant.commands.witness:witness",
    "eval": "assistant.commands.evaluate:evaluation",
    "suspend": "assistant.commands.moratorium:suspend_answers",
    "resume": "assistant.commands.moratorium:resume_answers",
    "doctor": "assistant.commands.doctor:doctor",
    "backup": "assistant.commands.backup:backup",
    "restore": "assistant.commands.backup:restore",
    "bundle": "assistant.commands.bundle:bundle",
}
"""Where each command is. It is imported when it is called: `--help` loads none of them
(0.1 s instead of 1.2 s, measured)."""


class Commands(click.Group):
    """A group whose commands are imported one by one, as they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        texts = Texts(ctx.params.get("lang") or "fr")
        with formatter.section(texts("cli", "commands")):
            formatter.write_dl([(name, texts("help", name)) for name in COMMANDS])


@click.command(cls=Commands, help=Texts("fr")("cli", "help"))
@click.option("--data", type=click.Path(path_type=Path), help=Texts("fr")("cli", "help_data"))
@click.option("--lang", type=click.Choice(["fr", "en"]), help=Texts("fr")("cli", "help_lang"))
@click.pass_context
def greffier(context: click.Context, data: Path | None, lang: Language | None) -> None:
    from assistant.commands.session import Session, default_data, default_keys

    context.obj = Session(data or default_data(), default_keys(), lang)


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; errors become one line on stderr."""
    try:
        code = greffier.main(arguments, prog_name="greffier", standalone_mode=False)
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except click.ClickException as error:
        path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else ""
        return _report(_texts(arguments), "usage", 2, error.format_message(), path or "greffier")
    except (click.Abort, KeyboardInterrupt):
        click.echo(_texts(arguments)("cli", "interrupted"), err=True)
        return 130
    except BrokenPipeError:  # the reader of our output left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (AssistantError, CorpusError, GuardrailError, OSError) as error:
        texts = _texts(arguments)
        click.echo(texts("cli", "error", message=explain(error, texts)), err=True)
        return 1
    return code if isinstance(code, int) else 0


def _report(texts: Texts, key: str, code: int, detail: str, command: str) -> int:
    message = texts("cli", key, detail=detail.rstrip("."), command=command)
    click.echo(texts("cli", "error", message=message), err=True)
    return code


def _texts(arguments: list[str]) -> Texts:
    """The words for an error: the language asked for, else the town's, else French."""
    from assistant.commands.session import Session, default_data, default_keys

    asked = greffier.make_context("greffier", [*arguments], resilient_parsing=True).params
    try:
        return Session(asked.get("data") or default_data(), default_keys(), asked.get("lang")).texts
    except BadSettings:
        return Texts("fr")


def explain(error: Exception, texts: Texts) -> str:
    """Say in one line what happened and what to do, without a word of any document."""
    match error:
        case AssistantError(key=key, facts=facts):
            return texts("error", key, **facts)
        case UnknownWeights(name=name):
            return texts("error", "model_file_missing", name=name)
        case WeightsMissing(name=name):
            return texts("error", "weights_missing", name=name)
        case WeightsUnavailable(name=name, reasons=reasons):
            return texts("error", "weights_unavailable", name=name, reasons="; ".join(reasons))
        case WrongHash(name=name):
            return texts("error", "wrong_hash", name=name)
        case DiskFull(name=name, needed_bytes=needed, free_bytes=free):
            megabytes = {"needed": needed // 1_000_000 + 1, "free": free // 1_000_000}
            return texts("error", "disk_full_model", name=name, **megabytes)
        case NoSuchPath(position=position):
            return texts("error", "no_such_path", position=position + 1)
        case FolderTooNew(found=found, known=known):
            return texts("error", "folder_too_new", found=found, known=known)
        case FolderUnusable(reason=reason):
            return texts("error", f"folder_{reason}")
        case PassagesUnusable(reason=reason):
            return texts("error", f"passages_{reason}")
        case VectorsUnreachable():
            return texts("error", "vectors_unreachable")
        case ClusterUnusable(reason=reason):
            return texts("error", f"cluster_{reason}")
        case NotTaken(reason=reason):
            waits = reason.startswith("needs_")
            words = texts("needs" if waits else "reason", reason.removeprefix("needs_"))
            return texts("error", "not_taken", reason=words)
        case CorpusBusy():
            return texts("error", "corpus_busy")
        case StorageFull() | OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return texts("error", "disk_full")
        case TextTooLong(chars=chars, max_chars=max_chars):
            return texts("error", "text_too_long", chars=chars, max_chars=max_chars)
        case RegisterBusy():
            return texts("register", "busy")
        case RegisterKeysInvalid():
            return texts("register", "keys_invalid", detail=str(error))
        case RecordInvalid():
            return texts("register", "record_invalid", detail=str(error))
        case RegisterUnavailable():
            return texts("error", "register_unavailable")
        case RegisterTampered():
            return texts("error", "register_tampered")
        case RegisterTooNew():
            return texts("error", "register_too_new")
        case RegisterError():
            return texts("error", "register_error", detail=str(error))
        case GuardrailError():
            return texts("error", "guard_closed")
        case CorpusError():
            return texts("error", "corpus_error", detail=str(error))
        case PermissionError():
            return texts("error", "no_access", detail=error.strerror or "")
        case _:
            return texts(
                "error", "system", detail=getattr(error, "strerror", "") or type(error).__name__
            )
