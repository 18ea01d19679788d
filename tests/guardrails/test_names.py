# SPDX-License-Identifier: EUPL-1.2
"""Persons by rules and lexicons alone: a small dictionary, no language model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from guardrails.names.detector import NamesDetector, decided
from guardrails.names.learned import Reading, Told
from guardrails.names.lexicons import Dictionary, Lexicons
from guardrails.names.network import OUTPUTS
from guardrails.names.tagged import NoTagger, Remembering
from guardrails.names.titles import MOST_GAP_CHARS
from guardrails.names.words import Words
from tests.markup import read_marked
from tests.table import each

EVERYDAY = frozenset(
    [
        "abandon",
        "accord",
        "acte",
        "aide",
        "ancien",
        "annexe",
        "appel",
        "avis",
        "banc",
        "bande",
        "bail",
        "budget",
        "bureau",
        "carte",
        "chef",
        "chemin",
        "classe",
        "circulation",
        "compte",
        "conseil",
        "courrier",
        "cour",
        "cadre",
        "dame",
        "dossier",
        "demande",
        "decision",
        "eau",
        "enfant",
        "entree",
        "etat",
        "etoile",
        "fete",
        "fontaine",
        "forme",
        "grand",
        "gras",
        "heure",
        "hiver",
        "institution",
        "jardin",
        "jour",
        "lettre",
        "ligne",
        "liste",
        "logement",
        "loi",
        "maison",
        "marche",
        "mise",
        "moulin",
        "mur",
        "note",
        "ouverture",
        "panneau",
        "parc",
        "petit",
        "pierre",
        "place",
        "plan",
        "point",
        "pont",
        "porte",
        "proces",
        "prix",
        "rapport",
        "reponse",
        "rose",
        "rue",
        "salle",
        "seance",
        "service",
        "situation",
        "stationnement",
        "terrain",
        "texte",
        "titre",
        "travaux",
        "usage",
        "vente",
        "verbal",
        "vie",
        "ville",
        "voie",
        "vote",
        "boulanger",
        "berger",
        "bonhomme",
        "leger",
        "matin",
        "soir",
        "reseau",
        "projet",
        "propositions",
        "moyens",
        "objet",
        "interdit",
        "ouvert",
        "ferme",
        "proprete",
        "signe",
        "lire",
        "habite",
        "vient",
        "mardi",
        "cantine",
        "arrive",
        "hier",
        "retenus",
        "propose",
    ]
)


@pytest.fixture(scope="module")
def names() -> NamesDetector:
    return NamesDetector(NoTagger(), Lexicons(FRENCH))


FRENCH = Dictionary(
    words=EVERYDAY
    | {
        "chaudiere",
        "lois",
        "clairette",
        "foulque",
        "reconnue",
        "chef",
        "chantier",
        "voir",
        "mepris",
    },
    accented=frozenset(["désiré", "prénom"]),
    nouns=frozenset(["chaudiere", "chantier"]),
)
FOUND = [
    "Le courrier de ⟦PERSON:Ana Lefebvre⟧ est arrivé.",
    "Ont été retenus : ⟦PERSON:LE GALL Yann⟧, ⟦PERSON:DE SOUZA Maria⟧.",
    "M. ⟦PERSON:PETIT⟧, Mme ⟦PERSON:Rose Boulanger⟧ et Mlle ⟦PERSON:Nguyen⟧ habitent ici.",
    "MM. ⟦PERSON:DUPONT⟧, ⟦PERSON:LE ROUX⟧ et ⟦PERSON:Del Rio⟧ ; Mmes ⟦PERSON:Roy⟧ et ⟦PERSON:Ba⟧.",
    "M. et Mme ⟦PERSON:Kowalczyk⟧",
    "Mme ⟦PERSON:DURAND⟧ née ⟦PERSON:MARTIN⟧",
    "NOM : ⟦PERSON:dupont⟧ PRÉNOM : ⟦PERSON:Ana⟧",
    "Bénéficiaire : ⟦PERSON:KOWALSKI Piotr⟧",
    "⟦PERSON:Ana Lopez⟧ a donné pouvoir à ⟦PERSON:Luc Garnier⟧.",
    "Relevé par ⟦PERSON:J.-P. Garnier⟧ le 3 mai.",
    "les consorts ⟦PERSON:OZTURK⟧ et la famille ⟦PERSON:de Kerangal⟧",
    "mon fils ⟦PERSON:Mathis⟧ est en CP",
    "ma mère ⟦PERSON:Kadiatou⟧ et sa sœur ⟦PERSON:Esther⟧",
    "bonjour je m'appelle ⟦PERSON:nadia belkacem⟧",
    "c'est ⟦PERSON:lucie lefebvre⟧ de la cantine",
    "Cordialement,\n⟦PERSON:Sofia Garnier⟧",
    "Merci !\n⟦PERSON:Titouan⟧",
    "⟦PERSON:Ana Garnier⟧ <contact@exemple.fr>",
    "Nom;Prénom;Classe\n⟦PERSON:Boulanger⟧;⟦PERSON:Rose⟧;CP",
    "nom;adresse;montant\n⟦PERSON:PETIT⟧;8 rue Haute;45,00",
    "Nom            Adresse          Vote\n⟦PERSON:PETIT⟧          8 rue Haute      12 €\n"
    "⟦PERSON:Rose⟧                            12 €",
    "Nom        Classe\n⟦PERSON:Boulanger⟧   CP\n⟦PERSON:Rose Berger⟧  CE1",
    "| ⟦PERSON:Le Corre | Gwenaëlle⟧ |",
    "Mme ⟦PERSON:Ana LEFEBVRE⟧ écrit. Rappeler ⟦PERSON:LEFEBVRE⟧ puis ⟦PERSON:Lefebvre Ana⟧.",
    "Pièce jointe : ⟦PERSON:LEFEBVRE_Ana⟧_RIB.pdf",
    "M. ⟦PERSON:Mar­tin Garnier⟧ vient",
    "Inscrits : ⟦PERSON:Luc Garnier⟧, ⟦PERSON:Hrant Agopian⟧, ⟦PERSON:Ana Lopez⟧.",
    "M. ⟦PERSON:LE GALL⟧ et Mme ⟦PERSON:O’Sullivan⟧",
    "Mme ⟦PERSON:Maire⟧ a reçu M. ⟦PERSON:Préfet⟧, puis M. le Préfet.",
    "M. ⟦PERSON:TRAN VAN⟧ vient",
    "⟦PERSON:Philippe⟧. Le budget.",
    "Vu hier : ⟦PERSON:Delattre⟧.",
    "Dossier ⟦PERSON:Boulanger⟧ : accord.",
    "mon voisin ⟦PERSON:guedj⟧ arrive",
    "⟦PERSON:Berger⟧ a signé.",
    "⟦PERSON:D U P O N T⟧",
    "un surnommé « ⟦PERSON:Bouboule⟧ »",
    "Le dossier de ⟦PERSON:Ana Guivarc'h⟧ arrive",
    "4. ⟦PERSON:D'ANGELO Pierrick⟧",
    "[09:02] ⟦PERSON:lolo⟧ : qui a les clés ? demande à ⟦PERSON:lolo⟧",
    "elle-même, ⟦PERSON:Grâce⟧ (14 ans)",
    "avec m ⟦PERSON:castaing⟧ comme professeur",
    "elle veut voir ⟦PERSON:julie⟧",
    "Inscrits : ⟦PERSON:Luc Garnier⟧, ⟦PERSON:Ana Lopez⟧, ⟦PERSON:Lune⟧.",
    "ses frères ⟦PERSON:Urbain⟧ et ⟦PERSON:Noël⟧",
    "la factrice ⟦PERSON:Nadia⟧ et le berger ⟦PERSON:Filippi⟧",
    "propriétaire ⟦PERSON:GRANDJEAN Loïs⟧",
    "que les ⟦PERSON:Verdier⟧ ont vendu",
    "un garçon que j'appelle ⟦PERSON:Moustique⟧",
    "1 | ⟦PERSON:DIALLO Issa⟧ | eau\n2 | ⟦PERSON:KONE Awa⟧ | eau\n3 | ⟦PERSON:PELLETIER⟧ | eau",
    "Mme ⟦PERSON:Tou rneur⟧, régie",
    "4 ⟦PERSON:Régis Lenoble⟧ ; 5 ⟦PERSON:Trang Le⟧ ;",
    "Transport : Capitaine ⟦PERSON:Baya⟧.",
    "⟦PERSON:Ana Lopez⟧\nP.J. : 3",
    "Lus : ⟦PERSON:Luc Garnier⟧, ⟦PERSON:Ana Lopez⟧, Molière.",
    "le surnom « ⟦PERSON:Luc Garnier⟧ » est connu",
]
KEPT = [
    "Salle du jardin      Prix     Usage\nPetit Pont     12 €       vente",
    "Titulaire      Moulin rose\nObjet        Jardin",
    "Monsieur le Maire ouvre la séance, Mme la Directrice aussi.",
    "MONSIEUR LE MAIRE, MADAME LA PRÉSIDENTE",
    "rue du Général Leclerc, avenue Jean Jaurès, place Victor Hugo",
    "l'école primaire publique Jules Ferry et le collège Marie Curie",
    "Vu la loi Barnier, la salle Georges Brassens et le stade Roger Couderc",
    "la SARL Garnier et l'entreprise Dupont",
    "Considérant le code général des collectivités territoriales, Article L. 2121-29",
    "Le Conseil Municipal DÉLIBÈRE à l'unanimité",
    "Saint-Martin, Saint Denis et Montpellier",
    "A. Budget\nB. Travaux",
    "le marché de la SCCV Horizon Iroise",
    "le rosier 'Madame Meilland'",
    "le rosier 'Souvenir de Luc Garnier fils'",
    "Commune de Zuvrelle. Le projet de Zuvrelle",
    "le service (JUDEX), Enedis et la France",
    "DEUXIÈME SÉANCE DU CONSEIL",
    "Ven. 7 mars, puis Sam. 8",
    "la chaudière Viessmann",
    "la chaudière « Luc Garnier » chauffe",
    "sous Charles VII et Jean XXIII",
    "« Le Mépris » de Godard",
    "les ateliers de LibreOffice",
    "représentée par la SELARL Lexouest",
    "Ouvert le samedi et le dimanche de 9 h à 12 h, fermé en juillet.",
]


def found(names: NamesDetector, text: str) -> list[tuple[int, int]]:
    return [(f.start, f.end) for f in names.find(text) if f.score >= 0.5]


@each("marked", FOUND)
def test_finds_exactly_what_is_marked(names: NamesDetector, marked: str) -> None:
    text, marks = read_marked(marked)
    assert found(names, text) == [(mark.start, mark.end) for mark in marks]


@each("text", KEPT)
def test_leaves_the_town_its_words(names: NamesDetector, text: str) -> None:
    assert [text[start:end] for start, end in found(names, text)] == []


def test_the_layers_that_voted_are_named(names: NamesDetector) -> None:
    (finding,) = names.find("Mme Ana Lefebvre")
    assert finding.rule == "names:civility+first_name+stranger"


def test_the_layer_may_be_sure_of_a_word_that_is_a_country_s_too() -> None:
    words = Words("Le gardien Maurice arrive", Lexicons(FRENCH))
    for chance, names in ((0.9, 1), (0.4, 0)):
        found = decided(words, [], Reading([0.0, 0.0, chance, 0.0], []))
        assert len([name for name in found if name.weight >= 0.5]) == names


def test_what_may_be_somebody_s_home_is_not_taken_back() -> None:
    words = Words("Parcelle de Maugeret au nord", Lexicons(FRENCH))
    for chance, names in ((0.6, 1), (0.0, 0)):
        home = np.zeros(len(OUTPUTS), np.float32)
        home[OUTPUTS.index("ADDRESS")] = chance
        found = decided(words, [], Reading([0.0] * len(words), [Told(12, 20, home)]))
        assert len([name for name in found if name.weight >= 0.5]) == names


def test_no_small_particle_leads_a_first_name() -> None:
    words = Words("mon fils de Jean Lopez arrive", Lexicons(FRENCH))
    (name,) = decided(words, [], Reading([0.0, 0.0, 0.4, 0.9, 0.9, 0.0], []))
    assert (words[name.first].text, words[name.last].text) == ("Jean", "Lopez")


def test_what_a_number_is_called_ends_no_name() -> None:
    words = Words("PRÉNOM : Jean IBAN : FR76", Lexicons(FRENCH))
    (name,) = decided(words, [], Reading([0.0, 0.9, 0.5], []))
    assert (words[name.first].text, words[name.last].text) == ("Jean", "Jean")


def test_a_lone_word_of_no_list_is_a_near_miss(names: NamesDetector) -> None:
    (finding,) = names.find("Wexhlö. Le budget.")
    assert 0 < finding.score < 0.5


@pytest.mark.parametrize(
    ("text", "is_found"),
    [("xyzzy", False), ("Xyzzy", True), ("dupont", True), ("xyzzy habite ici", True)],
)
def test_one_word_typed_small_that_no_list_has_is_nobody(text: str, is_found: bool) -> None:
    words = Words(text, Lexicons(FRENCH))
    chances = [0.95, *[0.0] * (len(words) - 1)]
    found = decided(words, [], Reading(chances, []))
    assert any(name.weight >= 0.5 for name in found) is is_found


class Counting:
    """A tagger that sees nothing, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def persons(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        self.asked.extend(texts)
        return [[] for _ in texts]


def test_the_model_reads_a_paragraph_once_and_nothing_of_it_is_kept() -> None:
    counting = Counting()
    remembering = Remembering(counting)
    assert len(remembering.persons(["Ana Petit", "Luc Roy"])) == 2
    assert len(remembering.persons(["Luc Roy", "Ana Petit"])) == 2
    assert counting.asked == ["Ana Petit", "Luc Roy"]
    assert "Petit" not in repr(vars(remembering)["_seen"])


def test_the_model_is_not_asked_where_no_name_can_be() -> None:
    counting = Counting()
    NamesDetector(counting, Lexicons(Dictionary(words=EVERYDAY))).find(
        "la salle est fermée le mardi"
    )
    assert counting.asked == []


def test_the_models_vote_counts_with_what_the_lexicons_know() -> None:
    class Seeing:
        def persons(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
            return [
                [(text.index("Belk"), text.index("Belk") + 8)] if "Belk" in text else []
                for text in texts
            ]

    detector = NamesDetector(Seeing(), Lexicons(Dictionary(words=EVERYDAY)))
    (finding,) = detector.find("Le dossier de Belkacem est complet.")
    assert finding.score >= 0.5 and "model" in finding.rule


@each("text", ["mon enfant, un nouveau-né", "le nouveau-né"])
def test_a_text_that_ends_with_somebody_born_is_read(text: str) -> None:
    """The layer of births looked beyond the last word."""
    assert NamesDetector(NoTagger(), Lexicons(FRENCH)).find(text) == []


def test_what_stands_between_two_names_is_looked_at_where_it_is_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nineteen hundred spaces in a question kept the interpreter for half a minute."""
    looked = list[int]()

    class Noting:
        def match(self, gap: str) -> None:
            looked.append(len(gap))

    monkeypatch.setattr("guardrails.names.titles._LIST", Noting())
    text = f"Bonjour MM. Dupont{' ' * 1_900}! Martin, MM. Petit et Martin"
    NamesDetector(NoTagger(), Lexicons(FRENCH)).find(text)
    assert looked and max(looked) <= MOST_GAP_CHARS
