# SPDX-License-Identifier: EUPL-1.2
"""What a question asks for, read from its hidden form without a model.

    Screened ──understand──▶ Question(kind, language, refusal)

Some questions are refused before any search: a verdict on a person, personal
data of somebody. The patterns run on folded text (lower case, no accents).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.answers import Reason
from assistant.texts import Language
from corpus.french import fold
from guardrails.findings import Screened


class QuestionKind(StrEnum):
    """What a right answer must hold."""

    AMOUNT = "amount"
    HOURS = "hours"
    DATE = "date"
    YEAR = "year"
    DURATION = "duration"
    MEASURE = "measure"
    COUNT = "count"
    CONTACT = "contact"
    REASON = "reason"
    PERSON = "person"
    PLACE = "place"
    FACT = "fact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A hidden question, understood. `refusal` says why it goes no further; `years` are those
    that it names: a source that knows nothing of them does not answer it."""

    text: str
    kind: QuestionKind
    language: Language
    refusal: Reason | None = None
    years: frozenset[str] = frozenset()


_ASKED = r"""(?:-t-|-(?:ils?|elles?|on|je|nous|ce)\b|(?<!rendez)-vous\b
    |\b(?:comment|quoi|quel(?:le)?s?|quand|qui|que|est-ce|ou\s(?:est|se|sont|puis|peut|dois|faut))\b
    |\b(?:est|sont|etait|comprend|depend|inclu[ts]|litteraire)\b)"""
"""What makes a sentence of a question that names a price: it asks for something else then."""

_MOMENTS = """(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|matin|midi|soir|apres-midi
    |week-end|weekend|aujourd'hui|demain|vacances|feries?|toussaint|noel)s?"""
_IS_OPEN = (
    r"""(?:ouver(?:te?s?|ture)|ouvr(?:e|ez|ent)|(?<!\bla\s)ferm(?:ee?s?|ez|ent|eture)|ferme)"""
)
_OPEN_OTHERWISE = r"""(?:inscri|enquete|concours|poste|recrut|chasse|peche|commerce|rue\b|route
    |circulation|a\s(?:qui|tous)\b|volets|pedagogique|comment|pourquoi|que\sfaire)"""
"""What is open or shut and has no hours."""

_KINDS = (
    (
        QuestionKind.CONTACT,
        re.compile(
            r"""numeros?\sde\s(?:tel|portable|fixe) | \btelephon\w*
            | (?:adresse|contact)\s(?:mail|e-mail|electronique|courriel) | \bcourriel\b
            | (?:comment|ou)\s(?:(?:puis-je|peut-on|dois-je|faut-il)\s)?
              (?:joindre|contacter|appeler)
            | \bqui\s(?:(?:puis-je|peut-on|dois-je|faut-il|doit-on)\s)?
              (?:joindre|contacter|appeler|prevenir|avertir|alerter)
            | \bqui\s(?:(?:puis-je|peut-on|dois-je|faut-il|doit-on)\s)?(?:m'|s'|se\s|me\s)?adresser
            | \b(?:je|on|nous)\s(?:m'|s'|nous\s)adress\w+\sa\squi\b
            | \ba\squi\s(?:je|on)\s[ms]'adresse\b
            | ^(?:(?:quel\sest\s)?le\s)?e?-?mail\s(?:de|du|des|pour|mairie|service)\b
            | quel\sest\sle\snumero\s(?:de\sla\smairie|du\s(?:service|standard|secretariat|centre))
            | phone\snumber | how\s(?:can|do)\si\s(?:contact|reach|call)""",
            re.VERBOSE,
        ),
    ),
    (
        QuestionKind.REASON,
        re.compile(r"\bpourquoi\b|quel(?:le)? (?:est (?:la|le) )?(?:raison|motif|cause)|\bwhy\b"),
    ),
    (
        QuestionKind.HOURS,
        re.compile(r"quelle?s? heures?|horaires?|heures? d'ouverture|what time|opening hours"),
    ),
    (
        QuestionKind.DURATION,
        re.compile(
            r"combien de (?:temps|jours|mois|semaines)|how long"
            r"|quel(?:le)?s? (?:est |sont )?(?:la |le |les )?(?:duree|delai)"
        ),
    ),
    (
        QuestionKind.AMOUNT,
        re.compile(
            r"""combien\s(?:(?:ca|cela|vais-je|va)\s)?(?:(?:va|vont|doi[st]|doit-on|devrai)\s)?
              (?:me\s|nous\s)?(?:coute|coutent|couter|paie|paye|payer|vaut|valent|faut-il\spayer|touche|gagne)
            | (?:payer?|paie|coute|coutent|couter|vaut|rembourser?|verser?|regler|factur\w+)
              \s(?:de\s)?combien
            | combien\s.{0,40}\b(?:payer?|paie|coute|couter|debourser|regler)\b
            | combien\s(?!de\s|d').{0,60}\b(?:accord|vers|donn|attribu|octroy|emprunt|financ|depens
              |encaiss|rapport|touch)(?:e|ee|er|ait|era|ent|aient)\b
            | combien\s(?:est|sont)\s(?:paye|facture|verse|rembourse|loue|vendu)
            | quel(?:le)?s?\s.{0,20}(?:aide\sfinanciere|participation)
            | combien\s(?:d'euros|d'argent) | quelle\ssomme | how\smuch
            | a\scombien\s(?:s'eleve|se\smonte|est|sont)
            | quel(?:le)?s?\s(?:(?:est|sont|etait|etaient|sera)\s(?:l'|(?:le|la|les)\s))?
              (?:nouve\w+\s)?
              (?:tarif|prix|montant|cout|loyer|redevance|subvention|budget|amende|indemnite|somme
                |caution)
            | (?:tarif|prix|montant|cout)s?\s(?:de|du|des|d'|pour)
            | \b(?:c'est\scombien|combien\sc'est)\b(?!\sd(?:e\b|'))""",
            re.VERBOSE,
        ),
    ),
    (
        QuestionKind.MEASURE,
        re.compile(
            r"""quel(?:le)?\s(?:(?:est|etait|sera)\s(?:le|la)\s)?(?:superficie|surface|hauteur|vitesse
            |taux|longueur|largeur|pourcentage|part|distance|poids|volume|profondeur)""",
            re.VERBOSE,
        ),
    ),
    (QuestionKind.YEAR, re.compile(r"(?:quelle|which|what)\s(?:annee|year)")),
    (
        QuestionKind.DATE,
        re.compile(
            r"""\bquand\b | quelle\sdate | quels?\s(?:est\sle\s)?(?:dernier\s)?jours?
            | quel\smois | (?:jusqu'a|depuis)\squand | \bwhen\b | which\sday""",
            re.VERBOSE,
        ),
    ),
    (
        QuestionKind.COUNT,
        re.compile(
            r"""\bcombien\b | how\smany | quel(?:le)?\s(?:est\s(?:le|la)\s)?(?:nombre|quantite|age)
            | (?:a\spartir\sde|jusqu'a)\squel\sage""",
            re.VERBOSE,
        ),
    ),
    (
        QuestionKind.PERSON,
        re.compile(
            r"""^(?:et\s)?(?:(?:a|par|avec|de|chez)\s)?qui\b | \bwho\b
            | comment\ss'appelle(?:nt)?\s(?:le\s|la\s|l'|les\s|notre\s|votre\s)
              (?:maire|adjoint|elue?|direct|president|conseill|secretaire|responsable)
            | quel(?:le)?\s(?:elue?|adjointe?|conseillere?|personne|entreprise|societe)""",
            re.VERBOSE,
        ),
    ),
    (
        QuestionKind.PLACE,
        re.compile(
            r"""\bou\s(?:est|se|sont|puis|peut|dois|faut|trouve|deposer|jeter|a)\b | \bwhere\b
            | quel(?:le)?\s(?:lieu|adresse|endroit|salle|rue)""",
            re.VERBOSE,
        ),
    ),
    # What is asked without a word that asks: « prix cantine », « c'est ouvert le samedi ? »
    (
        QuestionKind.AMOUNT,
        re.compile(
            rf"^(?!.*{_ASKED})(?=(?:\S+\s+){{0,7}}\S+$).*\b(?:tarif|prix|cout|caution)s?\b",
            re.VERBOSE | re.DOTALL,
        ),
    ),
    (
        QuestionKind.HOURS,
        re.compile(
            rf"^(?!.*\b{_OPEN_OTHERWISE})(?=.*\b{_IS_OPEN}\b).*\b{_MOMENTS}\b",
            re.VERBOSE | re.DOTALL,
        ),
    ),
)

_VERDICT = re.compile(
    r"""\b(?:
      (?:ai|aurai|aurais)-?\s?je\s(?:bien\s)?(?:le\s)?droit\s(?:a|au|aux)\b
    | (?:est-ce\sque\s)?(?:j'ai|j'aurai|j'aurais)\s(?:bien\s)?droit\s(?:a|au|aux)\b
    | (?:a|aura|aurait)-t-(?:il|elle|on)\s(?:bien\s)?droit\s(?:a|au|aux)\b
    | (?:suis|serai|serais)-je\s(?:bien\s)?
      (?:eligible|beneficiaire|admise?|exoneree?|prioritaire|imposable)
    | (?:est-ce\sque\s)?je\s(?:suis|serai|serais)\s(?:bien\s)?
      (?:eligible|exoneree?|prioritaire|imposable)
    | (?:puis|pourrai|pourrais)-je\s(?:toucher|percevoir|beneficier|pretendre
      |obtenir\s(?:une\saide|un\ssecours|le\srsa|un\slogement))
    | (?:est-ce\sque\s)?je\s(?:peux|pourrai|pourrais|vais)\s
      (?:toucher|percevoir|beneficier|pretendre)
    | (?:vais|va)-(?:je|t-(?:il|elle))\s(?:toucher|percevoir|obtenir)
    | m(?:a|on)\s(?:demande|dossier|recours|aide|permis)\b.{0,40}
      \b(?:sera|serait|va|acceptee?|accordee?|refusee?|valable|complet)
    | am\si\s(?:entitled|eligible) | do\si\squalify
    | can\si\s(?:get|claim)\s(?:the|a|an)\s(?:benefit|allowance|aid)
    )""",
    re.VERBOSE,
)

_ABOUT_A_PERSON = re.compile(
    r"""\b(?:adresse|domicile|habite|demeure|telephone|portable|numero|mail|courriel|coordonnees
    | date\sde\snaissance | nee?\b | age\b | salaire|remuneration|revenus?|impots?|dettes?|impayes?
    | quotient|rsa|apa|aide|sante|maladie|malade|handicap|medical|religion|condamn|divorce
    | dossier|situation|famille|enfants?|secours|allocation|address|phone|salary|born)""",
    re.VERBOSE,
)

_PRIVATE = re.compile(
    r"""\b(?:
      (?:numero|num|n°)\s(?:de\s)?(?:securite\ssociale|secu)\s(?:de|du|des)\b
    | (?:adresse|telephone|numero|portable|mail|courriel|coordonnees)s?\s
      (?:personnel(?:le)?s?|prive(?:e)?s?)
    | (?:adresse|domicile|telephone|portable|coordonnees|revenus?|salaire)s?\s
      (?:du\s|de\sla\s|des\s|de\sl')
      (?:demandeurs?|administres?|plaignante?s?|voisine?s?|beneficiaires?|habitante?s?
        |locataires?|agents?|famille)
    | ou\s(?:habite|demeure|vit)\s
    | (?:qui|quels?\s(?:habitants?|administres?|familles?|personnes?|residents?|foyers?))\s
      (?:touche|percoi|beneficie|recoi)(?:nt|vent|t)?\s
      (?:(?:de|du|des|le|la|une?)\s|[dl]'(?:une?\s)?)?(?:rsa|apa|aide|secours|allocation)
    | (?:liste|noms?|identites?)\sdes\s
      (?:beneficiaires|personnes\saidees|familles\saidees|demandeurs|impayes|redevables
        |administres|malades|enfants\b.{0,30}allerg)
    )""",
    re.VERBOSE,
)

_NOT_A_QUESTION = re.compile(
    r"""^(?:peux-tu\s|pouvez-vous\s|merci\sde\s|please\s|can\syou\s)?(?:m[e'\s]*)?
    (?:ecris|ecrire|ecrivez|redige[rz]?|compose[rz]?|raconte[rz]?|invente[rz]?|traduis|traduire
      |traduisez|genere[rz]?|programme[rz]?|chante[rz]?|dessine[rz]?|joue[rz]?|write|tell\sme\sa
      |translate|draw|sing)\b
    | \b(?:poeme|blague|haiku|chanson|recette\sde\scuisine|script\spython|code\spython)\b
    | ^(?:ignore[rz]?|oublie[rz]?|forget|disregard)\b""",
    re.VERBOSE,
)
"""Work for a writer, or orders to the model: nothing that documents answer."""

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_INTRODUCTION = re.compile(
    r"(?i)\b(?:je m'appelle|je suis|mon nom est|ici|my name is|i am|cordialement,?)\s+"
    r"(?:m\.|mme|monsieur|madame)?\s*"
    r"\[PERSONNE_\d+\]\s*[,.;:]?"
)
_ENGLISH = re.compile(
    r"\b(?:the|what|when|where|who|how|which|is|are|does|do|can|of|for|to)\b", re.IGNORECASE
)
_FRENCH = re.compile(
    r"\b(?:le|la|les|des|du|de|est|sont|quel|quelle|quels|quelles|qui|que|ou|pour|une?|dans|au|aux"
    r"|combien|quand)\b",
    re.IGNORECASE,
)


def understand(question: Screened) -> Question:
    """Read the kind and the language of a question, and whether it must be refused at once.

    >>> understand(Screened("Quel est le tarif de la cantine ?")).kind
    <QuestionKind.AMOUNT: 'amount'>
    >>> understand(Screened("Ai-je droit à l'APA ?")).refusal
    <Reason.INDIVIDUAL_VERDICT: 'individual_verdict'>
    """
    text = _INTRODUCTION.sub("", question.text).strip() or question.text
    folded = fold(text)
    return Question(
        text=text,
        kind=_kind(folded),
        language=_language(text),
        refusal=_refusal(text, folded),
        years=years_in(text),
    )


def years_in(text: str) -> frozenset[str]:
    """Return the years that a text names.

    >>> sorted(years_in("Entre 2024 et 2025, n° 20251"))
    ['2024', '2025']
    """
    return frozenset(_YEAR.findall(text))


def _kind(folded: str) -> QuestionKind:
    return next((kind for kind, pattern in _KINDS if pattern.search(folded)), QuestionKind.FACT)


def _language(text: str) -> Language:
    return "en" if len(_ENGLISH.findall(text)) > len(_FRENCH.findall(text)) else "fr"


def _refusal(text: str, folded: str) -> Reason | None:
    names_somebody = re.search(r"\[(?:PERSONNE|NIR|TÉLÉPHONE|COURRIEL|IBAN|ADRESSE)_\d+\]", text)
    if _PRIVATE.search(folded) or (names_somebody and _ABOUT_A_PERSON.search(folded)):
        return Reason.PERSONAL_DATA
    if _VERDICT.search(folded):
        return Reason.INDIVIDUAL_VERDICT
    if _NOT_A_QUESTION.search(folded):
        return Reason.OFF_TOPIC
    return None
