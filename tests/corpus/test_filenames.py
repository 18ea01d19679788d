# SPDX-License-Identifier: EUPL-1.2
"""File names are read in words, and hidden where they stand, sign for sign."""

from __future__ import annotations

from corpus.filenames import hidden_name, readable_name
from tests.fakes import WordGuard
from tests.table import each


@each(
    "name, read",
    [
        ("Courriers/DUPONT_Marie.pdf", "Courriers/DUPONT Marie"),
        ("DupontMarie_avis+2.pdf", "Dupont Marie avis 2"),
        (
            "FrequentationServices.zip/VilleMTP_Delib.pdf",
            "Frequentation Services.zip/Ville MTP Delib",
        ),
        ("LeGoff_McAdam.odt", "LeGoff McAdam"),
        ("ligne\ncassée.txt", "ligne cassée"),
        ("securite/dicrim-risques-majeurs.pdf", "securite/dicrim risques majeurs"),
        ("courriers/2025-05-19-demande-zuliani.odt", "courriers/2025-05-19-demande zuliani"),
        ("Avis_Vaux-sur-Orne_Jean-Luc.odt", "Avis Vaux-sur-Orne Jean-Luc"),
        ("denomination-rue-germaine-vauquelin.odt", "denomination rue-germaine-vauquelin"),
        ("plainte-rue-haute-zuliani.pdf", "plainte rue-haute zuliani"),
        ("plan-ecole-louis-vauquelin-avis.pdf", "plan ecole-louis-vauquelin avis"),
        ("éclairageÉté2025.txt", "éclairage Été2025"),
    ],
)
def test_a_name_is_read_in_words(name: str, read: str) -> None:
    assert readable_name(name) == read


@each(
    "name, shown",
    [
        ("ZulianiMarie_avis.pdf", "[PERSONNE_1]Marie_avis.pdf"),
        ("avisZuliani.pdf", "avis[PERSONNE_1].pdf"),
        ("PlanZoneVerte/lettreDeZuliani_2.odt", "PlanZoneVerte/lettreDe[PERSONNE_1]_2.odt"),
        ("TarifsCantine.pdf", "TarifsCantine.pdf"),
        ("lettre-Zuliani-avis.pdf", "lettre-[PERSONNE_1]-avis.pdf"),
    ],
)
def test_what_is_hidden_is_hidden_in_its_place(name: str, shown: str) -> None:
    assert hidden_name(name, WordGuard("Zuliani").screen(readable_name(name))) == shown
