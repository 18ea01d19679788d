# SPDX-License-Identifier: EUPL-1.2
"""The control keys of French identifiers, written apart from the guard's so that they can judge it.

A judge that shared the accused's arithmetic would share its errors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

# Letters of a bank account as digits: A-I, J-R and S-Z each count up (S starts at 2).
_ACCOUNT = {c: str(n % 9 + 1) for n, c in enumerate("ABCDEFGHIJKLMNOPQR")} | {
    c: str(n + 2) for n, c in enumerate("STUVWXYZ")
}
_OCR = str.maketrans("OlI", "011")


def luhn_holds(digits: str) -> bool:
    """Tell if the last digit is the Luhn key of the others.

    >>> luhn_holds("4970101122334455"), luhn_holds("4970101122334457")
    (True, False)
    """
    doubled = [int(c) * (1 + i % 2) for i, c in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def nir_holds(nir: str) -> bool:
    """Tell if a NIR carries its key; one of 13 characters has none to check.

    >>> nir_holds("269054958815780"), nir_holds("269054958815781")
    (True, False)
    """
    if len(nir) == 13:
        return True
    body = nir[:13].replace("2A", "19").replace("2B", "18")
    return len(nir) == 15 and 97 - int(body) % 97 == int(nir[13:])


def spi_holds(spi: str) -> bool:
    """Tell if a fiscal number of 13 digits carries its key."""
    return len(spi) == 13 and int(spi[:10]) % 511 == int(spi[10:])


def iban_holds(iban: str) -> bool:
    """Tell if the whole IBAN is 1 modulo 97.

    >>> iban_holds("FR7630006000011234567890189")
    True
    """
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def rib_holds(rib: str) -> bool:
    """Tell if bank, branch, account and key agree; an account number alone has no key."""
    if len(rib) != 23:
        return True
    bank, branch, account, key = (
        int("".join(_ACCOUNT.get(c, c) for c in part))
        for part in (rib[:5], rib[5:10], rib[10:21], rib[21:])
    )
    return (89 * bank + 15 * branch + 3 * account + key) % 97 == 0


KEYS: Mapping[str, Callable[[str], bool]] = {
    "NIR": nir_holds,
    "SPI": spi_holds,
    "IBAN": iban_holds,
    "RIB": rib_holds,
    "BANK_CARD": luhn_holds,
    "SIRET": luhn_holds,
}


def key_holds(entity: str, words: str) -> bool:
    """Tell if the identifier is valid once separators are gone and OCR is forgiven."""
    compact = "".join(c for c in words if c.isalnum())
    return KEYS[entity](compact.translate(_OCR).upper())
