# SPDX-License-Identifier: EUPL-1.2
"""One recogniser an identifier: a readable pattern, a key that proves it, words that label it.

    text ─▶ each of RECOGNIZERS ─▶ Finding…      (the Guard joins and settles overlaps)

A new identifier is one module here, one line below, one table of marked sentences in
`tests/guardrails/` and one row in `docs/guardrails.md`.
"""

from __future__ import annotations

from guardrails.recognizers.address import ADDRESS
from guardrails.recognizers.bank_card import BANK_CARD
from guardrails.recognizers.birth import BIRTH
from guardrails.recognizers.caf import CAF
from guardrails.recognizers.cni import CNI
from guardrails.recognizers.driving_licence import DRIVING_LICENCE
from guardrails.recognizers.email import EMAIL
from guardrails.recognizers.file_number import FILE_NUMBER
from guardrails.recognizers.iban import IBAN
from guardrails.recognizers.ine import INE
from guardrails.recognizers.ip import IP
from guardrails.recognizers.mrz import MRZ
from guardrails.recognizers.nir import NIR
from guardrails.recognizers.parcel import PARCEL
from guardrails.recognizers.passport import PASSPORT
from guardrails.recognizers.phone import PHONE
from guardrails.recognizers.plate import PLATE
from guardrails.recognizers.recognizer import Recognizer
from guardrails.recognizers.residence_permit import RESIDENCE_PERMIT
from guardrails.recognizers.rib import RIB
from guardrails.recognizers.secret import SECRET
from guardrails.recognizers.siret import SIRET
from guardrails.recognizers.spi import SPI

RECOGNIZERS: tuple[Recognizer, ...] = (
    ADDRESS,
    BANK_CARD,
    BIRTH,
    CAF,
    CNI,
    DRIVING_LICENCE,
    EMAIL,
    FILE_NUMBER,
    IBAN,
    INE,
    IP,
    MRZ,
    NIR,
    PARCEL,
    PASSPORT,
    PHONE,
    PLATE,
    RESIDENCE_PERMIT,
    RIB,
    SECRET,
    SIRET,
    SPI,
)
