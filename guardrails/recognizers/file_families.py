# SPDX-License-Identifier: EUPL-1.2
"""The words that announce the number of someone's file: one family of services a row.

    code famille FAM01042    PRM 24 518 704 331 902    sinistre M25 0418 7730    abonnement 41-77-B

What a row asks for besides keeps amounts, years, models and the numbers of acts: so many digits,
and for words that mean many things (`contrat`, `avis`, `carte`) a word of their service nearby.
The registers of the town itself (main courante, tickets, titles of receipts, concessions) are
no row: what they number is an act.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Family:
    """The words of one kind of service, the digits a code must hold, what must stand near."""

    words: str
    digits: int = 3
    near: re.Pattern[str] | None = None
    counts: bool = False
    """Whether counts and years follow as often: those then ask for a sign, `n°` or a colon."""
    spares_public: bool = False
    """Whether the meters of schools and town halls stay: nothing personal in them."""


def near_words(words: str) -> re.Pattern[str]:
    """Return the pattern of words that must stand near a label."""
    return re.compile(rf"(?<!\w)(?:{words})", re.VERBOSE | re.IGNORECASE)


HOLDER = r"""(?: usag(?:er|[èe]re) | foyer | famille | individu | redevable | d[ée]bit(?:eur|rice)
  | abonn[ée]e? | cliente? | adh[ée]rente? | locataire | administr[ée]e? | b[ée]n[ée]ficiaire
  | [ée]lect(?:eur|rice) | [ée]tudiante? | licenci[ée]e? | soci[ée]taire | lect(?:eur|rice)
  | emprunteu(?:r|se) | agent | [ée]l[èe]ve | [ée]leveu(?:r|se) | exploitante?
  | propri[ée]taire | patiente? | souscript(?:eur|rice) | assur[ée]e? )"""

_SUBSCRIBER = near_words(
    r"abonn[ée] | titulaire | mon\b | ma\b | ma[îi]son\b | client | usager | index | Mme\b"
    r"| ligne\b | box\b | r[ée]sili | souscri | assurance\svie"
    r"| Mlle\b | M\.\s | PDS\b | PDL\b | PRM\b | PCE\b | RUM\b | souscript | pr[ée]l[èe]vement"
)
_PUPIL = near_words(
    r"[ée]l[èe]ves? | [ée]cole | scolaire | enfants? | INE\b | CM[12] | CE[12] | CP\b"
)
_MINDER = near_words(r"assistantes?\smat | PMI\b | RPE\b | RAM\b | pajemploi | ass\.?\smat")
_HUNTER = near_words(r"chasse | chasseu | ACCA\b | battue")
_CARD = near_words(
    r"commer[çc]ant | ambulant | forain | taxi | VTC\b | emprunt | lect(?:eur|rice) | adh[ée]rent"
    r"| abonn[ée] | handicap | titulaire | r[ée]sidente?\b | stationnement | m[ée]diath | biblioth"
    r"| d[ée]ch[èe]t | piscine | transport | seniors? | jeunes?\b | famille | invalidit"
    r"| combattant | v[ée]hicules?\b | immatricul"
)
_CLUB = near_words(
    r"club | sport | joueu | judo | foot | rugby | tennis | p[ée]tanque | natation | gym | FF[A-Z]"
    r"| UFOLEP | USEP | UNSS | FSGT | adh[ée]rent | association"
    r"| [ée]ducat | entra[îi]neu | licenci[ée]"
)
_INSURER = near_words(
    r"assur(?:ance|eur|[ée]) | sinistr[ée] | soci[ée]taire | d[ée]g[âa]t | v[ée]hicule | expert"
    r"| MAIF | MACIF | GMF | MAAF | AXA | Groupama | Allianz | Matmut | constat"
)
_VOTER = near_words(r"NNE\b | [ée]lect(?:eur|rice|or) | radiations?\b | inscriptions?\soffice")

FAMILIES: tuple[Family, ...] = (
    # someone's number or code, whatever the service: `n° d'abonné`, `code famille`
    Family(
        rf"""(?: n°s? | num[ée]ro | no | id(?:entifiant)? | code | r[ée]f(?:[ée]rence|\.)?
            | compte )
          \s{{1,2}} (?: d['’]\s? | de\s(?:l['’]|la\s)? | du\s )? {HOLDER}
          (?:\s(?:[àa]\sl['’]|au\s|du\s|de\sl['’])(?-i:[a-z]{3, 10}))?"""
    ),
    # the same, bare; a count stands there as often, so four digits
    Family(
        rf"""(?<!par\s)(?<!chaque\s)(?<!un\s)(?<!une\s) (?: {HOLDER} | fam\.? | badge
            | t[ée]l[ée]commande )""",
        digits=4,
        counts=True,
    ),
    # abbreviations and social services
    Family(
        r"""b[ée]n[ée]f\. | adh\.? | souscr\. | abo\. | loc\.\s?n°
          | matr(?:icule|\.)(?:\s(?-i:[A-Z]\w{2,7}))?
          | (?:pers\.?\s|personne\s)?IODAS | notification\sMDPH | CMI(?:-[SPI])? | casier\sCCAS
          | contrat\sd['’]engagement | mutuelle\sn° | RQTH | [ée]crou
          | titre\sde\spension | mandat\sde\sprotection | parcoursup | candidat(?=\sn°)
          | pass\s?['’]?\s?(?:sport|culture|jeune|r[ée]gion)
          | dossiers?\s(?:de\s|d['’])?(?:(?:du\s)?d[ée]partement(?:al)? | cantine | famille
            | p[ée]riscolaire
            | (?:aide\s)?[àa]\sdomicile | t[ée]l[ée]assistance | portage | ALSH | cr[èe]che
            | bourse | naturalisation | surendettement | Banque\sde\sFrance | ANAH
            | centre\sde\sloisirs | MaPrimeR[ée]nov['’]?
            | usager | social | logement | allocataire | retraite
            | FSL | APA | RSA | PCH | DALO | MDPH )
          | (?:recours\s)?DALO,?\s{1,2}recours | (?:num[ée]ro\s)?NU[RD] | SNE"""
    ),
    Family(
        r"(?-i:APA|PCH|RSA|AEEH|AAH|ASPA|FSL|C2S|CSS) | carsat | cnav | cpam | cnracl | ircantec",
        digits=6,
    ),
    Family(r"RG", digits=4, near=near_words(r"tutelle | curatelle | MJPM | majeure?\sprot")),
    Family(r"casier", near=near_words(r"domicili | CCAS\b")),
    # elections
    Family(r"NNE | procuration(?:\s\w{2,10})?\s?[:,]?\s?r[ée]f(?:[ée]rence|\.)?"),
    Family(r"(?:n°\s|num[ée]ro\s)?(?:d['’])?ordre | inscrite?(?=\ssous\sle)", near=_VOTER),
    Family(r"procuration(?=\s?n°)", digits=4),
    # school, clubs, diplomas
    Family(r"NUMEN | (?:n°|num[ée]ro)\sinterne | carte\s[ée]tudiant | (?:n°|num[ée]ro)\sONDE"),
    Family(r"d[ée]rogation(?:\sscolaire|\sde\ssecteur)?", near=_PUPIL),
    Family(
        r"""BNSSA | BEESAN | BPJEPS | BAF[AD] | PSC\s?1
          | permis\s(?:de\schasser?|bateau|c[ôo]tier|hauturier)
          | (?:lic(?:ence|\.)|licenci[ée]e?)(?:\sde\s\w{3,12})?\s{1,2}
            (?-i:FF[A-Z]{1,7}|UFOLEP|USEP|UNSS|FSGT|FSCF)
          | carte\spro(?:fessionnelle|\.)?(?:\s(?:d['’]|de\s)?(?-i:[a-zé]{4,14}))?""",
        digits=4,
    ),
    Family(r"lic(?:ence|\.)(?!\sIV)", digits=4, near=_CLUB),
    Family(r"validation", digits=6, near=_HUNTER),
    Family(
        r"""(?:carte|passe?)\s(?:d[ée]ch[èe]terie|biblioth[èe]que|m[ée]diath[èe]que|lecteur|piscine|bus
            |transports?|Navigo|Korrigo|SNCF|TER|vitale|seniors?|fid[ée]lit[ée]|cantine|combattant
            |du\scombattant|[ée]lectorale|famille|scolaire)""",
        digits=4,
        counts=True,
    ),
    Family(
        r"""(?:carte|badge|vignette|macaron|bip|pass(?:eport)?)
            (?:\s[«"]?\s?[^\W\d_][\w'’ ]{2,28}[»"]?)? (?=\s{1,3}(?:n[°º]|no\b|num))""",
        digits=4,
        near=_CARD,
    ),
    Family(
        r"(?:(?:d[ée]s|r[ée])?activ|bloqu|r[ée]imprim|r[ée][ée]dit|d[ée]bloqu)\w{1,3}\sl[ea]",
        digits=4,
        near=near_words(r"badge | carte | bip\b | t[ée]l[ée]commande | pass\b"),
    ),
    # insurance
    Family(
        r"""police(?:\sd['’]assurance)?
          | (?:r[ée]f(?:[ée]rence|\.)?|n°|dossier)\s(?:de\s|du\s)?sinistre
          | mutuelle | MGEN | MNT | Harmonie | AG2R | MAIF | MACIF | GMF | MAAF | AXA | Groupama
          | Allianz | Matmut | Malakoff | Apicil""",
        digits=6,
    ),
    Family(
        r"""(?:d[ée]claration\sde\s)?sinistre(?:\s(?:auto|corporel|mat[ée]riel|habitation|MRH))?
          | (?:r[ée]f(?:[ée]rence|\.)?|n°|num[ée]ro)\s(?:de\s|du\s|d['’]\s?)?(?:constat|expertise)
          | constat\samiable | quittance | dossier\s(?:d['’])?indemnisation""",
        digits=5,
        near=_INSURER,
    ),
    Family(
        r"""dossier\s(?:CNP | Sof[ai]xis | Relyens | WTW | Gras\sSavoye | Collecteam | CDG | RAFP
            | CITIS | AT\b | accident(?:\s(?:de\sservice|de\strajet|du\stravail))?
            | maladie\sprofessionnelle | m[ée]dical | retraite)
          | (?:accident\s(?:du\stravail|de\sservice|de\strajet) | d[ée]claration\sAT | CITIS)
            (?=\s(?:n[°º]|r[ée]f|dossier))""",
        digits=4,
    ),
    # complaints before the police of the State: 01842/2023/004417
    Family(
        r"""(?:proc[ée]dure | P\.?V\.? | proc[èe]s-verbal | plainte(?!\s\(?P\.?V)
            | r[ée]c[ée]piss[ée] (?:\sde\s(?:plainte|d[ée]p[ôo]t(?:\sde\splainte)?))? | enqu[êe]te )
            (?:\s(?:de\s(?:la\s)?)?(?:gendarmerie|police|commissariat))?""",
        digits=9,
        near=near_words(
            r"plaintes? | gendarm | commissariat | victime | parquet | audition | garde\s[àa]\svue"
        ),
    ),
    Family(r"(?:n°\s(?:de\s)?)?(?:parquet|minute|B\.?A\.?J|aide\sjuridictionnelle)", digits=6),
    # water, power, gas, mandates
    Family(
        r"""P\.?R\.?M | P\.?D\.?L | P\.?C\.?E | PDS | R\.?U\.?M
          | (?:r[ée]f(?:[ée]rence|\.)?\s)unique(?:\s(?:de\s|du\s)mandat)?
          | point\sde\s(?:livraison|service|comptage|desserte|r[ée]f[ée]rence(?:\sde\smesure)?)""",
        digits=4,
        spares_public=True,
    ),
    Family(
        r"""(?<!\bSAV\s)(?<!maintenance\s)(?<!entretien\s)contrat
            (?:\s(?:d['’])?(?:EDF|Engie|Total\w{0,8}|SAUR|Veolia|Suez|Orange|SFR|Bouygues|Free
              |eau|gaz|auto|habitation|assurance[\s-]vie|MMA|GMF|MAIF|MACIF|CNP|[ée]lectricit[ée]|abonnement|assurance|MRH|obs[èe]ques))?
          | compteur(?:\s(?:finit|se\stermine)\spar)?""",
        digits=4,
        near=_SUBSCRIBER,
        spares_public=True,
    ),
    Family(
        r"""(?:abonnement | souscription | adh[ée]sion | branchement | police\sd['’]abonnement)
            (?:\s(?:d['’]|de\s)?(?:eau|gaz|[ée]lectricit[ée]|assainissement|box|fibre|internet
              |mobile|t[ée]l[ée]phone|transport|scolaire|bus(?:\sscolaire)?|train|TER|annuel|mensuel))?""",
        digits=5,
        counts=True,
    ),
    Family(
        r"""(?:n°|num[ée]ro|r[ée]f(?:[ée]rence|\.)?|code|identifiant)\s(?:de\s(?:la\s|l['’])?|du\s|d['’])
            (?:abonnement | souscription | adh[ée]sion | pr[êe]t | cr[ée]dit | bail | locataire
              | logement\ssocial | s[ée]jour | admission | venue | ligne | bac | composteur
              | pension(?:n[ée])? | rente | ayant\sdroit | inscrit | stagiaire | apprenti
              | candidature | t[ée]l[ée]dossier | pr[ée]-?demande | suivi\sANTS | plainte
              | allocation | mandat\sSEPA | cr[ée]ancier | mutuelle | contribuable | affili\w{1,5})
          | RIO | IMEI | ICCID | IEP | NIP | CPF | ANTS | GEVASCO | RAFP | PUK | SIA
          | (?:n°|num[ée]ro)\s(?:d['’])?[ée]tranger | puce\sdu\sbac
          | pr[ée]-?demande(?:\sANTS|\sCNI|\sde\s\w{3,12})?
          | (?:r[ée]f(?:[ée]rence|\.)?\s)?(?:EDF|Engie|TotalEnergies|Veolia|SAUR|Suez|Orange|SFR
            |Bouygues|Free|Navigo|Korrigo|SNCF)\s(?:client|contrat|abonn\w{1,5}|compte|dossier)""",
        digits=5,
    ),
    Family(
        r"(?:le\s)?(?:num[ée]ro|numero|n°)\s(?:complet|entier|exact)",
        digits=4,
        near=near_words(r"compteur | client | abonn | contrat | dossier"),
    ),
    # tax and land
    Family(
        r"""invariant(?:\s(?:du\slocal|fiscal|du\slogement))? | (?:num[ée]ro|n°|compte)\scommunal
          | compte\sde\spropri[ée]t[ée] | compte\spropri[ée]taire
          | avis\s(?:de\s(?:taxe|TF)|d['’]imp(?:[ôo]t|osition))(?:\s(?-i:[a-zà-ÿ]{3,10})){0,3}""",
        digits=4,
    ),
    Family(
        r"(?:avis|forfait|FPS|contravention)(?:\s(?:de\s|d['’])(?-i:[a-zà-ÿ-]{3,14}))?",
        digits=9,
        near=near_words(
            r"imp[ôo]t | fiscal | taxe | FPS\b | forfait | stationnement | contravention | amende"
        ),
    ),
    Family(
        r"""PACAGE | cheptel(?:\sEDE)? | (?:n°\s)?EDE
          | (?:n°\s)?d[ée]tenteur(?:\s(?:ovins?|bovins?|caprins?|porcins?
            |[ée]quid[ée]s?|de\s\w{4,9}))? | exploitation(?=\sMSA) | SIGA\w{0,4} | NUMAGRIT
          | (?:n°\s)?(?:CVI|NAPI)"""
    ),
    # foreigners
    Family(r"OFII | OFPRA | CNDA | (?:n°|dossier)\sANEF", digits=5),
    # vehicles
    Family(
        r"V\.?I\.?N | (?:n°\s(?:de\s)?)?ch[âa]ssis | (?:n°|num[ée]ro)\s(?:de\s)?formule", digits=5
    ),
    Family(r"formule", digits=6, near=near_words(r"immat | carte\sgrise")),
    Family(r"carte\sgrise | certificat\sd['’]immatriculation", digits=6),
    # animals
    Family(r"puce(?:\s[ée]lectronique)? | transpondeur", digits=10),
    Family(
        r"tatou(?:age|[ée]e?) | identifi[ée]e?(?:\ssous)?",
        near=near_words(r"chiens? | chiennes? | chats? | chatte | animal | rottw | staff"),
    ),
    # childminders, debtors
    Family(r"agr[ée]ment\sPMI"),
    Family(r"pajemploi | CESU", digits=7),
    Family(r"agr(?:[ée]ment|\.|[ée]{2}e?)", near=_MINDER),
    Family(r"r[ée]f[ée]rence", digits=6, near=near_words(r"payfip")),
)
