# SPDX-License-Identifier: EUPL-1.2
"""Secrets that open a door: passwords, tokens, keys.

    mot de passe : Fontclaire2024!    eyJhbGciOi….eyJzdWIi….dGVzdA    https://…?token=…

`secret.label`: what follows a word such as `mot de passe`, `code d'accès`, `mdp`.
`secret.code`: the code of a door, a lock or a machine. `secret.told`: what someone is told to
type. `secret.jwt`,
`secret.key` (private keys in PEM, keys with a known prefix), `secret.url` (a token or
a password in an address), `secret.entropy` (a long word that looks drawn at random).

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, SECRET 137 of 144, kept
spans touched 953 of 16670; gold, held out, SECRET 1 of 1, kept spans touched 2 of 210; gold,
held out, second author, SECRET 2 of 2, kept spans touched 4 of 362; gold, held out, third part,
SECRET 3 of 3, kept spans touched 65 of 940.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from guardrails.findings import Entity, Finding
from guardrails.recognizers.door_codes import door_codes, wifi_keys
from guardrails.recognizers.recognizer import Recognizer
from guardrails.recognizers.told_codes import told_codes

_LABEL = r"""(?: v[ée]rification (?=\s?:?\s(?-i:(?=[A-Z]*\d+[A-Z]+\d)[A-Z\d]{10,24}\b))
  | mots?\s{1,2}de\s{1,2}passes? (?: \s (?:de\s)? (?: lev[ée]e\sde\sdoute | vocal | convenu
    | familial | t[ée]l[ée]surveillance | t[ée]l[ée]assistance ) )?
  | m\.?d\.?p | password | passphrase | pwd |
    code\s{1,2}(?:d['’]acc[èe]s|secret|pin|confidentiel
    |wi-?fi|d['’]alarme|de\s{1,2}(?:s[ée]curit[ée]|d[ée]verrouillage|l['’]alarme|la\s{1,2}porte
      |v[ée]rification|l['’]immeuble)|d['’]entr[ée]e|d['’]activation
    |portail|porte|alarme|immeuble|interphone|portillon|coffre|cl[ée]s?) | digicode |
      identifiants?\s?:\s?[^\s/]{2,40}\s?(?=/\s) | (?:cl[ée]|key)\s{1,2}(?:wi-?fi|wep|wpa[23]?|api
    |secr[èe]te|d['’]acc[èe]s|d['’]API) | api[_\- ]?key | secret[_\- ]key | client[_\- ]secret |
      token | jeton
    | cl[ée]s?\s?[,:-]\s?code | (?:portail|bo[îi]te\s[àa]\scl[ée]s?|alarme|coffre|porte|immeuble
      |interphone)\s?[,:(–-]\s?code )"""
_QUALIFIER = (
    r"(?: \s{1,2} (?: (?:provisoire|temporaire)\s (?=[^\n:=]{3,40}\s?[:=]) [^\n:=]{3,40}? "
    r"| (?:au|aux|à\sla|du|de\sla|à\sl['’])\s{0,2}\w{2,15}(?:\s\w{2,12})? (?= \s ["
    r"A-Z]? \d | \s?[:=]) | provisoire|temporaire|initial|actuel|wi-?fi|d['’]acc[èe]s|admin"
    r"|administrateur|(?:donn|communiqu|transmis|envoy|not|chang|dict)[ée]?e?"
    r"(?:\s(?:par|à|au|en|sur)\s\w{2,12}){0,2}|(?:du|de\sla|des|de)\s\w{1,15}(?:\s\w{1,15})? "
    r"| (?:de\s)?[ld]['’]\w{1,15} ) "
    r")?"
)

# After a colon or an equals sign, whatever follows; after `est` or nothing, what mixes kinds.
_LABELLED = re.compile(
    rf"""(?<!\w) {_LABEL} {_QUALIFIER} \s{{0,2}}
    (?: (?: [:=] | /\s | \s(?:est|sera|is|c['’]est)\s?:? ) \s{{0,2}} ["'«“`]? \s? (?P<secret>
      [^\s"'«»“”`]{{3,128}} )
      | \s? (?P<mixed> (?= [^\s\d]{{0,40}} \d ) (?= \d{{0,40}} [^\s\d] | \d{{4,8}}(?!\d) )
        [^\s"'«»“”`()]{{4,128}} ) )""",
    re.VERBOSE | re.IGNORECASE,
)
_LOGIN = re.compile(
    r"""(?<!\w)(?: identifiants? | login | (?:nom\s)?(?:d['’])?utilisateur | user(?:name)? |
      compte(?:\s\w{1,15})? ) (?: \s?[:=]\s? | \s )
    (?P<login> [^\s/,;:|«»"]{3,64} ) \s{0,2} (?: [/,;|–-] | \bet\b | \n )
    \s{0,2} (?: (?:mots?\sde\spasse|mdp|password|pwd|pass|code|cl[ée]) \s{0,2}[:=]?\s{0,2} )?
    ["«“]?\s? (?P<secret> [^\s"«»“”]{3,128} )""",
    re.VERBOSE | re.IGNORECASE,
)
_LABEL_STARTS = (
    "rification",
    "pass",
    "mdp",
    "m.d.p",
    "pwd",
    "code",
    "clé",
    "key",
    "secret",
    "token",
    "jeton",
)
_JWT = re.compile(r"(?<![\w\-])eyJ[\w\-]{10,4096}\.[\w\-]{4,4096}(?:\.[\w\-]{4,4096})?")
_PEM = re.compile(
    r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]{1,8000}?-----END [A-Z ]{0,40}PRIVATE KEY-----"
)
_PREFIXED = re.compile(
    r"""(?<![\w\-])(?: sk-(?:[a-z]{2,8}-)?[\w\-]{16,200} | gh[pousr]_[A-Za-z0-9]{20,255} |
      github_pat_\w{20,255}
      | glpat-[\w\-]{16,64} | (?:AKIA|ASIA)[A-Z0-9]{16} | xox[abprs]-[\w\-]{10,200} | AIza[\w\-]{35}
      | hf_[A-Za-z0-9]{20,64} | [sr]k_(?:live|test)_\w{10,64} | ssh-(?:rsa
        |ed25519)\s[A-Za-z0-9+/=]{40,2000}
      | [a-z]{2,8}_(?:live|prod|test)_[A-Za-z0-9]{10,64} | tok_[A-Za-z0-9]{16,64}
        | SG\.[\w\-]{16,64}\.[\w\-]{16,64} )""",
    re.VERBOSE,
)
_URL_TOKEN = re.compile(
    r"[?&#;](?:access_|auth_|refresh_|api_?|id_)?(?:token|key|jeton|secret|password|passwd|pwd"
    r"|mdp|sig|signature"
    r"|sessionid|session|code|auth|jwt|ticket|otp)=(?P<secret>[^\s&#\"'<>)\]]{6,4096})",
    re.IGNORECASE,
)
_URL_SHARE = re.compile(
    r"://[^\s/]{3,100}/(?:[\w-]{1,20}/){0,3}(?:s|d|f|r|u|share|partage|invite|reset|lien"
    r"|public)/(?P<secret>[\w\-]{10,200})"
)
_URL_PASSWORD = re.compile(r"://(?P<secret>[^\s/@:]{1,64}:[^\s/@]{1,128})@")
_GIVEN_AWAY = (
    ("eyJ", _JWT, "secret.jwt"),
    ("PRIVATE KEY", _PEM, "secret.key"),
    ("", _PREFIXED, "secret.key"),
    ("=", _URL_TOKEN, "secret.url"),
    ("://", _URL_PASSWORD, "secret.url"),
    ("://", _URL_SHARE, "secret.url"),
)
_LONG_WORD = re.compile(r"(?<![\w/+=.\-@&?])[A-Za-z0-9+/_\-]{20,200}={0,2}(?![\w/+=@])")
_MIN_CHARS = 3
_MIN_BITS = 3.6
_MIN_RUN = 12
_NOT_SECRET = frozenset(
    {
        "oublié",
        "oublie",
        "perdu",
        "requis",
        "obligatoire",
        "non",
        "oui",
        "le",
        "la",
        "les",
        "un",
        "une",
        "de",
    }
)


def bits_per_character(word: str) -> float:
    """Return the Shannon entropy of a word's characters.

    >>> round(bits_per_character("aaaa"), 1), round(bits_per_character("abcd"), 1)
    (0.0, 2.0)
    """
    counts = Counter(word).values()
    return sum(n / len(word) * math.log2(len(word) / n) for n in counts)


def _search(text: str) -> Iterator[Finding]:
    known = list(_known(text))
    yield from (Finding(start, end, Entity.SECRET, rule) for start, end, rule in known)
    for match in _LONG_WORD.finditer(text):
        start, end = match.span()
        if _looks_random(match[0]) and not any(s < end and start < e for s, e, _ in known):
            yield Finding(*match.span(), Entity.SECRET, "secret.entropy")


def _known(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the secrets that a label, a prefix or a place in an address gives away."""
    lowered = text.lower()
    if any(start in lowered for start in _LABEL_STARTS):
        yield from _labelled(text)
    yield from ((start, end, "secret.code") for start, end in door_codes(text, lowered))
    yield from ((start, end, "secret.told") for start, end in told_codes(text, lowered))
    if "wifi" in lowered or "wi-fi" in lowered:
        yield from ((start, end, "secret.label") for start, end in wifi_keys(text))
    for match in _LOGIN.finditer(text):
        for group, word in match.groupdict().items():
            if word.lower() not in _NOT_SECRET and _is_pair(match):
                start = match.start(group)
                yield start, start + len(word.rstrip(".,;:)")), "secret.label"
    for sign, pattern, rule in _GIVEN_AWAY:
        if sign in text:
            for match in pattern.finditer(text):
                yield *match.span(match.lastgroup or 0), rule


def _labelled(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _LABELLED.finditer(text):
        group = "secret" if match["secret"] else "mixed"
        secret = match[group].rstrip(".,;:)")
        if _is_code(match[0]) and not any(c.isdigit() for c in secret):
            continue
        if len(secret) >= _MIN_CHARS and secret.lower() not in _NOT_SECRET:
            yield match.start(group), match.start(group) + len(secret), "secret.label"


def _is_pair(match: re.Match[str]) -> bool:
    """Tell whether what follows a login is a password: it mixes kinds, or is called one."""
    between = match.string[match.end("login") : match.start("secret")]
    if not any(sign in match[0][: match.start("login") - match.start()] for sign in ":="):
        return any(c.isdigit() for c in match["secret"]) and any(c.isalpha() for c in between)
    return any(c.isdigit() for c in match["secret"]) or any(c.isalpha() for c in between)


def _is_code(words: str) -> bool:
    return words.lower().startswith(("code", "digicode"))


def _looks_random(word: str) -> bool:
    """Tell whether small letters, capitals and digits are mixed as chance would."""
    if max(map(len, re.split(r"[-_/+.]", word))) < _MIN_RUN:  # a file's name, a reference
        return False
    kinds = (str.islower, str.isupper, str.isdigit)
    if not all(any(kind(c) for c in word) for kind in kinds):
        return False
    changes = sum(_kind(a) != _kind(b) for a, b in pairwise(word))
    return changes >= len(word) / 3 and bits_per_character(word) >= _MIN_BITS


def _kind(character: str) -> int:
    return character.isdigit() + 2 * character.isupper()


SECRET = Recognizer(name="secret", entities=(Entity.SECRET,), search=_search)
