"""The words around a place that say something: prepositions, "gemeente", school, home and hospital words."""

from __future__ import annotations

# After these a place may follow. "te" and "naar" also come before verbs and persons: see evidence.py.
PREPOSITIONS = frozenset(
    """in uit te naar vanuit vanaf omgeving omstreken regio nabij vlakbij rond rondom richting bij tussen buiten
    binnen""".split()
)
# After these, with a capital, even a first name or an everyday word is a place.
FIRM_PREPOSITIONS = frozenset("in uit te vanuit omgeving regio".split())
LABELS = frozenset("""gemeente gem dorp dorpje plaats plaatsje stad stadje woonplaats gehucht plaatsnaam""".split())

HOME = frozenset(
    """woon wonen woont woonde woonden woonachtig woonplaats woonadres wonend wonende verhuisd verhuizen verhuis
    verhuist thuis thuiswonend huis adres""".split()
)
COME_FROM = frozenset("kom komen komt kwam kwamen afkomstig".split())
SCHOOL = frozenset(
    """school schooltje scholen basisschool kleuterschool middelbare college lyceum gymnasium atheneum
    scholengemeenschap mavo havo vmbo vwo mbo roc hbo sbo vso klas groep brugklas juf meester mentor leerkracht
    docent docenten leraar lerares conrector rector mytylschool tyltylschool daltonschool montessorischool
    montessori vrijeschool jenaplanschool jenaplan basisonderwijs les lessen schoolgaand schoolt leerling leerlinge
    schooldirecteur directeur schoolplein peuterschool praktijkschool praktijkonderwijs onderwijs bovenbouw
    onderbouw schoolloopbaan speciaal schoolbestuur scholier schoolarts vestiging locatie""".split()
)
HOSPITAL = frozenset(
    """ziekenhuis ziekenhuizen kinderziekenhuis zkh umc academisch kliniek klinieken poli polikliniek revalidatie
    revalideren revalideert revalidatiecentrum ggz jeugdpsychiatrie psychiater psychiatrie psycholoog therapie
    therapeut behandeling behandeld behandelcentrum behandelaar opgenomen opname kinderarts specialist arts artsen
    dokter chirurg neuroloog oncoloog geopereerd operatie chemo chemokuur gerevalideerd bestraling bestraald dialyse
    ic intensive kinderafdeling afdeling hospice ambulance spoedeisende ziekenhuisschool""".split()
)
# Behind a place these say that the child is treated there.
TREATED = frozenset("""ziekenhuis kliniek behandeld opgenomen geopereerd ligt lag gerevalideerd revalideren""".split())
# A weaker sign of the hospital: schools "liggen" somewhere too.
LIES = frozenset("ligt lig lag liggen gelegen".split())
# What else can be in a place: then it is neither the school nor the home.
ELSEWHERE = frozenset(
    """werk werken werkt werkte kantoor oma opa familie vakantie geboren bureau ziezon steunpunt samenwerkingsverband
    instantie""".split()
)

# Where a school stands; "les" and "klas" are elsewhere as well.
SITES = frozenset(
    """school schooltje scholen basisschool kleuterschool middelbare college lyceum gymnasium atheneum
    scholengemeenschap mavo havo vmbo vwo mbo roc sbo vso mytylschool tyltylschool daltonschool montessorischool
    vrijeschool jenaplanschool praktijkschool ziekenhuis kinderziekenhuis kliniek revalidatiecentrum
    opgenomen""".split()
)

# An office that serves a place: "steunpunt houten", "ziezon leiden".
OFFICES = frozenset(
    """steunpunt ouderpunt ouderloket oudersteunpunt jeugdsteunpunt ziezon consulent swv samenwerkingsverband bureau
    leerplicht ggd cjg regio onderwijs leerlingen""".split()
)

# Verbs after which "in X" is where the child is.
STAYS = frozenset("zit zitten zat gaat gaan ging staat staan".split())
# Small words that may stand between "school" or "wonen" and the preposition.
FILLERS = frozenset(
    """staat zit is ligt hier daar gaat gevestigd wel ook nu zelf al sinds kort jaren met zijn nog steeds tegenwoordig
    gewoon momenteel allemaal hij zij ze we wij ik zitten staan dus dan""".split()
)
# With these a new clause starts, so the word before them ends one.
NEW_CLAUSE = frozenset(
    """en maar dus want of omdat waar op naar is zijn met mijn onze ons we wij ik hij zij ze heeft hebben wie wat kan
    gaat staat woont wonen woon zit al nu sinds welke bij vanwege daar hoe die dat waarom hoor denk terwijl als doet
    doen zegt wil willen vindt vinden moet moeten mag weet helpt belt geeft krijgt komt werkt lukt ging had was
    waren werd wordt zou kon wilde blijft hoort valt heet luistert weigert""".split()
)

TITLES = frozenset(
    """mevrouw mevr mw meneer mijnheer dhr heer dr dokter prof professor juf juffrouw meester familie fam zuster
    broeder tante oom mr ms""".split()
)
# With "de" or a capital "Van" these come before a surname too, but "de leerplichtambtenaar van Zeist" is of a place.
FUNCTIONS = frozenset(
    """mentor arts kinderarts huisarts jeugdarts psycholoog psychiater docent leerkracht directeur coach consulent
    begeleider orthopedagoog leraar lerares therapeut""".split()
)
SURNAME_PARTICLES = frozenset("van de den der het ter ten vd vande vanden vander in op".split())

DIRECTIONS = frozenset(
    """noord oost zuid west midden noordoost noordwest zuidoost zuidwest noordelijk zuidelijk hoog laag""".split()
)
