# SPDX-License-Identifier: EUPL-1.2
"""Passwords, tokens, keys."""

from __future__ import annotations

from guardrails.recognizers.secret import SECRET
from tests.guardrails.marked import found_and_marked
from tests.table import each

FOUND = {
    "URL code": "https://exemple.fr/a?code=⟦SECRET:abcdefgh⟧",
    "pair": "identifiant : ⟦SECRET:accueil2⟧ / ⟦SECRET:Tr0mp3tte⟧",
    "wifi in a sentence": "Le wifi de la salle, clé ⟦SECRET:Fontaine-33⟧",
    "share": "https://partage.exemple.fr/s/⟦SECRET:q8ZtV3nL0xRb2WdK⟧",
    "gate": "Le code du portail est le ⟦SECRET:2580A⟧, celui du local : ⟦SECRET:190733⟧.",
    "padlock": "clé chez Ana, cadenas ⟦SECRET:4 8 8 1⟧, merci",
    "code of someone": "Imprimante : code Estelle ⟦SECRET:7741⟧, code Sixte ⟦SECRET:0912#⟧",
    "changed": "alarme : Ana, code changé ⟦SECRET:6620B⟧, appeler",
    "given by telephone": "mot de passe provisoire donné par tél à Ana : ⟦SECRET:Granit!rose22⟧",
    "key of a service": "Jeton : ⟦SECRET:dlb_live_9f3c7e21b0aa48d2⟧",
    "wheels with hyphens": "la clé est dans le boîtier, combinaison ⟦SECRET:7-3-1-8⟧.",
    "told to type": "fais le ⟦SECRET:4471B⟧ sur le clavier de gauche",
    "told with a hash": "tape ⟦SECRET:4471#⟧ sur le digicode",
    "provisional": "elle a perdu le sien, je lui remets ⟦SECRET:navet2231⟧ en provisoire",
    "sign inside": "son code du portail famille ? voilà ⟦SECRET:Navet!rouge31⟧",
    "by text message": "code SMS envoyé au +33 6 00 00 00 00, saisi ⟦SECRET:220 418⟧",
    "combination": "Boîte à clés sous le volet, combinaison ⟦SECRET:8814⟧.",
    "four digits": "alarme 4 chiffres : ⟦SECRET:4518⟧",
    "padlock, three wheels": "cadenas du stade : ⟦SECRET:418⟧",
    "digits apart and a letter": "digicode ⟦SECRET:5 8 1 3 A⟧",
    "pairs and a letter": "Code coffret clés : ⟦SECRET:18 07 C⟧ (ne pas diffuser)",
    "changed in a chat": "code portail ⟦SECRET:46B20⟧ ? non changé lundi → ⟦SECRET:B8219#⟧",
    "wifi with its network": "Wifi base « CHANTIER-46 », clé ⟦SECRET:Moellon_brun_82⟧",
    "wifi in a chat": "wifi changé ? j’ai tjs ⟦SECRET:navets2022⟧\nrégie : ⟦SECRET:Poireau*2024⟧",
    "given on the phone": "mdp donné par tél ⟦SECRET:Fontclaire-88⟧",
    "label": "mot de passe : ⟦SECRET:Fontclaire2024!⟧",
    "mdp": "mdp=⟦SECRET:abc123⟧.",
    "est": "le mot de passe est ⟦SECRET:tournesol⟧",
    "no colon": "le mot de passe ⟦SECRET:Tr0mp3tte!⟧ expire",
    "qualified": "mdp provisoire : ⟦SECRET:Zq8-vR2m-Kp5t⟧",
    "no-break space": "Mot de passe\u00a0: ⟦SECRET:Soleil33⟧",
    "digicode": "digicode : ⟦SECRET:4B19⟧",
    "door": "code portail ⟦SECRET:B4719⟧",
    "key box": "Boîte à clés, code : ⟦SECRET:5820⟧",
    "wifi": "clé wifi : ⟦SECRET:Fontaine-des-4-saisons⟧",
    "JWT": "Bearer ⟦SECRET:eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl⟧",
    "prefix": "⟦SECRET:sk-proj-abcd1234efgh5678ijkl⟧",
    "URL token": "https://exemple.fr/suivi?dossier=12&token=⟦SECRET:a8f5f167f44f4964⟧",
    "URL password": "ftp://⟦SECRET:claire:Soleil33⟧@exemple.fr/",
    "entropy": "clef ⟦SECRET:aZ3kQ9xT7mB2vN8pR4wL6cD1⟧",
    "PEM": "⟦SECRET:-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----⟧",
    "watchword": "alarme, mot de passe levée de doute : ⟦SECRET:mouette⟧ – prévenir Jo",
    "box with a code": "boite à code ⟦SECRET:21#58⟧. la dame est là",
    "box, digits apart": "clé chez Jo ; sinon boîte ⟦SECRET:7-0-4-3⟧",
    "check": "Attestation : vérification ⟦SECRET:K7QK2ZP9WX4LM1T⟧, au verso",
}

STAYS = {
    "a box": "boîte de 12 piles, boîte 3, vérification ANNUELLE2024",
    "short telephone numbers": "porte fermée ? faites le 3919, composez le 05 56 11 22 33",
    "a door's number": "la porte 1204 ; faites 1200 € de travaux",
    "messages sent": "SMS envoyé à 1200 familles, code couleur",
    "address of a code": "dsr://code___Code%20de%20la%20route",
    "a password that is asked for": "Mot de passe : obligatoire",
    "codes that are public": "code APE 8411Z, code INSEE 47106, code postal 33999, code tva 6188",
    "laws": "code de la route 2024, code général des impôts 1650, code du travail 3121",
    "year of a code": "le code 2024 des marchés",
    "codes of services": "code famille FAM01042, code client 4471, code tiers 118220",
    "sizes": "coffre 1200 L, wifi 5 GHz, combinaison 2 pièces",
    "amount after an alarm": "alarme : 4500 euros",
    "forgotten": "Mot de passe oublié ?",
    "advice": "Choisissez un mot de passe robuste et changez-le souvent.",
    "postcode": "code postal 33999",
    "code of law": "code général des collectivités territoriales, article L2121-29",
    "INSEE code": "code INSEE 33999",
    "APE code": "code APE 8411Z",
    "act": "DEL-2024-06-12-03",
    "URL": "https://www.exemple.fr/demarches/urbanisme/declaration-prealable",
    "hash in words": "La clé de répartition est 12 %.",
    "long word": "anticonstitutionnellementINTERCOMMUNALITE",
    "file name": "PLU_Reglement_Zone_UA_2024_v3_annexe",
    "voter code": "Passez à la mairie : 3 guichets",
}


@each("marked", FOUND.values(), ids=FOUND.keys())
def test_finds_exactly_what_is_marked(marked: str) -> None:
    found, expected = found_and_marked(SECRET, marked)
    assert found == expected


@each("text", STAYS.values(), ids=STAYS.keys())
def test_leaves_the_rest(text: str) -> None:
    found, _ = found_and_marked(SECRET, text)
    assert not found
