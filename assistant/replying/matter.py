# SPDX-License-Identifier: EUPL-1.2
"""What a sentence is about, in words of the letter.

"Je souhaite louer la salle des fêtes."      ─topic─▶ "louer la salle des fêtes"
"Combien coûte la salle ?"                   ─named─▶ "Combien coûte la salle des fêtes ?"
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.pieces import own_words
from assistant.replying.asking import without_marks
from assistant.replying.cutting import stripped
from corpus.french import flat

MOST_TOPIC_WORDS = 12
DETERMINERS = frozenset(
    {"la", "le", "les", "un", "une", "des", "sa", "son", "ses", "leur", "leurs", "mon", "ma", "mes"}
    | {"notre", "nos", "the"}
)
_GENERIC = re.compile(
    r"\b(?:demandes?|questions?|renseignements?|informations?|infos?|precisions?|diverses?|divers"
    r"|question|request|information|enquiry|inquiry|courrier|lettre|mail|objet|urgent|bonjour|re|tr"
    r"|deux|trois|quatre|plein|plusieurs|quelques|petites?|autres?|points?|poser|fw|fwd|reponse|suite|relance|aide|madame|monsieur|votre|sujet|propos|concernant|rappel)\b"
)
_TIES = re.compile(r"(?:\s(?:les?|la|de|du|des|à|aux?|et|une?|que|qui|pour|en|avec|dans|sur))+$")
_WANTING = re.compile(
    r"^(?:et |mais |donc |alors |car |or )*(?:(?:je|j'|nous|on)\s?(?:me |nous |vous |m')?)"
    r"(?:\w+(?:ais|ons|ions|ai|e|s|x|ens|ois|ez)\b\s?)(?:(?:me|vous) permets? de |vous ecris? )?"
    r"(?:de |d'|a |pour )?(?!(?:[vn]otre|entre|contre|autre|quatre)\b)(?=\w+(?:er|ir|re|oir)\b)"
)
_KNOWN = re.compile(
    r"(?:(?:comprendre|savoir|lire|lu|entendre|entendu|apprendre|appris|voir|vu) qu(?:e |')|qui "
    r"|or |car )"
)
_ABOUT = re.compile(
    r"(?:\b(?:au sujet|a propos|concernant|en ce qui concerne|pour ce qui est|s'agissant|quant a"
    r"|about|regarding|concerning)\b\s?(?:d[eu]s?\s|de l'|d'|la\s|le\s|les\s|l'|aux?\s)?)"
    r"(?P<what>.+)"
)
_BARE_NOUN = re.compile(
    r"(?<!\w)(?:la|le|les|cette|ce|cet)\s(?P<noun>[^\W\d_]{4,})"
    r"(?!['’\w-]|\s(?:de|du|des|d['’]|à|aux?|pour|en|qui|que|dont|où)(?!\w)|\s[a-zà-ÿ]*(?:el|al|elle|ale|ique"
    r"|if|ive|aire|ée?|able)s?\b)",
)
_NAMED_BY = (
    r"(?P<of>(?:de\sla|de\sl['’]|du|des|de|d['’])\s?(?!(?:son|sa|ses|mon|mes|notre|nos|votre|vos|leurs?|ces|cette|tous|toutes?|plus)\b)"
    r"[^\W\d_][\w'’-]{2,}(?:\s[A-ZÀ-Þ][\w'’-]+){0,2})"
)
"""What names one thing among those of its kind, in a letter's own words."""


def named(question: str, said: Sequence[str]) -> str:
    """Return a question whose bare « la salle » is named as it was said before: « la salle des
    fêtes »; where two were named, it stays as it is.

    >>> named("Combien coûte la salle ?", ["Nous rêvons de la salle des Tilleuls."])
    'Combien coûte la salle des Tilleuls ?'
    """
    for found in reversed([*_BARE_NOUN.finditer(question)]):
        noun = re.escape(found["noun"])
        whole = {
            flat(m["of"]): m["of"]
            for text in said
            for m in re.finditer(rf"\b{noun}s?\s{_NAMED_BY}", text, re.IGNORECASE)
        }
        if len(whole) == 1 and next(iter(whole)) not in flat(question):
            question = f"{question[: found.end()]} {whole.popitem()[1]}{question[found.end() :]}"
    return question


def aside(context: str) -> str:
    """Return what a sentence says before it asks, whole where that is short."""
    words = re.sub(r"\s?\([^)]*\)", "", without_marks(context)).split()
    return " ".join(words) if len(words) <= 2 * MOST_TOPIC_WORDS else topic(context)


def matter_of(question: str) -> str:
    """Return what a question is about, from its first word that says so; of one that was completed,
    what it was completed with.

    >>> matter_of("Quels papiers faut-il pour s'inscrire à la cantine ?")
    'la cantine'
    """
    words = question.rstrip(" ?.!").rpartition(" : ")[2].split()
    says = [place for place, word in enumerate(words) if len(word) > 2 and own_words(word)]
    things = (place for place in says if place and flat(words[place - 1]) in DETERMINERS)
    first = next(things, says[0] if says else len(words))
    while first and flat(words[first - 1]) in DETERMINERS:
        first -= 1
    return " ".join(words[first:])


def topic(sentence: str) -> str:
    """Return what a sentence is about, in few words.

    >>> topic("Je souhaite louer la salle des fêtes le 14 juin.")
    'louer la salle des fêtes le 14 juin'
    """
    text = stripped(re.sub(r"\([^)]*\)", " ", without_marks(sentence)))
    about = _ABOUT.search(flat(text))
    if about:
        text = text[about.start("what") : about.end("what")]
    clauses = [c.strip(" .,;:!?-–") for c in re.split(r"[.;:!?]\s|,\s", text)]
    told = [c for c in clauses if own_words(_GENERIC.sub(" ", flat(c)))]
    told = [c for c in told if not re.match(r"(?:merci|c'est (?:tres )?(?:clair|gentil))", flat(c))]
    if not told:
        return ""
    last = max(reversed(told), key=lambda clause: sum(w.isalpha() for w in own_words(clause)))
    wanting = _WANTING.match(flat(last))
    if wanting and wanting.end() < len(last):
        last = last[wanting.end() :]
    known = _KNOWN.match(flat(last))
    if known and known.end() < len(last):
        last = last[known.end() :]
    words = last.split()
    last = _TIES.sub("", " ".join(words[:MOST_TOPIC_WORDS]).strip(" ,;:."))
    return last if last[1:2].isupper() else last[:1].lower() + last[1:]
