"""Invented people, places and words. No name here is meant to be anybody's; numbers are those kept for drama."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from lado.council.cast import CAST
from lado.security.identity import Role
from lado.services.subjects import own_name

FIRST_NAMES = (
    "Alder Avery Basil Briar Bryony Cedar Clover Coral Dale Ember Fenn Fern Finch Flint Gale Hazel Heath Holly "
    "Indigo Iris Ivy Jasper Juniper Lark Laurel Linden Marlow Merle Moss Olive Opal Pearl Perry Poppy Reed River "
    "Robin Rowan Rush Sage Sorrel Teal Thorne Vale Willow Wren"
)
LAST_NAMES = (
    "Amberly Appleyarrow Ashgrovely Barleymow Birchwander Brackenby Bramblewick Candlemere Cloverdown Copperleaf "
    "Dapplewood Drizzlecombe Duskfield Featherstow Fernybank Foxglovely Gingerbeck Greenhollow Harebellow "
    "Heronsgate Honeyfold Inkpenny Larkspurling Lilymead Marblethorpe Meadowlight Mistlebrook Nettleship Oatgrove "
    "Otterbourne Paperwhite Pebblewick Primroseby Quillfeather Ravelstone Rushymere Saltmarshall Silverbirch "
    "Snowdroply Starlingford Sundialby Tansyfield Thimbleby Umberwood Velvetdown Waxwingham Windlestraw Yarrowby "
    "Zinniacroft"
)
FIRST, LAST = FIRST_NAMES.split(), LAST_NAMES.split()
OF_PARTNERS = frozenset(own_name(member.name) for member in CAST if member.role is Role.PARTNER)

SETTINGS: Mapping[str, tuple[str, ...]] = {
    "primary": (
        "Willow Lane Primary School",
        "Otter Brook Primary School",
        "Beacon Hollow Primary School",
        "St Petroc’s Invented Primary School",
    ),
    "secondary": ("Copperfield Road Academy", "Hollin Vale High School", "Larkrise Secondary School"),
    "early_years": ("Acorn Corner Nursery", "Little Puddles Day Nursery", "Buttercup Childminding"),
    "special": ("Fennel Court Special School",),
    "childrens_home": ("Bramble House", "Harbour Lodge"),
    "fostering": ("Northbrook Fostering Service", "Kite Tail Fostering Agency"),
    "transport": ("Bluebell Taxis", "Safe Wheels School Transport"),
    "sport": ("Northbrook Juniors FC", "Teal Lake Swimming Club", "Cartwheel Gymnastics"),
    "faith": ("Meadow Street Chapel", "The Lantern Hall Congregation"),
    "health": ("Northbrook Children’s Clinic",),
    "agency": ("Chalk and Board Supply Teachers",),
    "further_education": ("Northbrook Invented College",),
}
"""Places of work by sector; the first sectors are the commonest, as in published reports."""

WEIGHTS = (24, 14, 14, 5, 9, 12, 5, 6, 3, 3, 3, 2)

JOBS: Mapping[str, tuple[str, ...]] = {
    "primary": ("Class teacher", "Teaching assistant", "Lunchtime supervisor", "Caretaker"),
    "secondary": ("Subject teacher", "Head of year", "Cover supervisor", "Technician"),
    "early_years": ("Nursery practitioner", "Room leader", "Childminder"),
    "special": ("Teacher", "Personal care assistant"),
    "childrens_home": ("Residential care worker", "Night care worker", "Deputy manager"),
    "fostering": ("Foster carer",),
    "transport": ("Driver", "Passenger assistant"),
    "sport": ("Coach", "Volunteer helper"),
    "faith": ("Youth leader", "Volunteer"),
    "health": ("Support worker", "Nurse"),
    "agency": ("Supply teacher",),
    "further_education": ("Lecturer", "Student adviser"),
}

SUMMARIES: Mapping[str, tuple[str, ...]] = {
    "physical": (
        "Is said to have pulled a child by the arm on the way out of the classroom.",
        "A child says that they were pushed against a coat rack.",
        "Was seen to hold a child back in a way that was not part of any plan.",
        "Is said to have thrown a book that struck a child on the shoulder.",
    ),
    "emotional": (
        "Is said to have shouted at one child again and again in front of the others.",
        "A child says that they were called names and made to stand outside.",
    ),
    "sexual": (
        "Is said to have sent messages to a pupil late in the evening.",
        "A young person says that a remark about their body was made.",
        "Police told us of an arrest over images of children.",
    ),
    "neglect": (
        "Is said to have left young children alone in the garden.",
        "A child was not given their medicine on several days.",
    ),
    "conduct": (
        "Is said to have been under the influence of alcohol while driving children.",
        "Police told us of an incident at home that raises a question about suitability.",
        "Is said to have met a former pupil without telling the employer.",
    ),
}
CATEGORY_WEIGHTS = (38, 14, 17, 9, 22)
"""Physical, emotional, sexual, neglect, conduct: roughly as annual reports have them."""

SOURCES: Mapping[str, tuple[str, ...]] = {
    "primary": ("employer", "employer", "education", "parent"),
    "secondary": ("employer", "employer", "education", "child", "police"),
    "early_years": ("early_years", "employer", "ofsted", "parent"),
    "special": ("employer", "social_care", "parent"),
    "childrens_home": ("employer", "social_care", "ofsted", "whistleblower"),
    "fostering": ("social_care", "employer", "child"),
    "transport": ("education", "parent", "public"),
    "sport": ("voluntary", "parent", "public"),
    "faith": ("faith", "public", "another_lado"),
    "health": ("health", "employer"),
    "agency": ("education", "employer"),
    "further_education": ("employer", "education"),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """Who and what a case is about, all invented: the words that are sealed, and the codes that are not."""

    sector: str
    setting: str
    source: str
    category: str
    summary: str
    subject: Mapping[str, str]
    referrer: Mapping[str, str]
    children: tuple[Mapping[str, str], ...]


def a_name(draw: Random) -> str:
    """An invented first and last name: none of a partner, who would be kept from a case about themselves."""
    first, last = draw.choice(FIRST), draw.choice(LAST)
    return f"{first} {last}" if f"{first} {last}" not in OF_PARTNERS else f"{first} Wrenfield"


def a_scene(draw: Random, children: int, setting: tuple[str, str] | None = None) -> Scene:
    """A case's people and place; `setting` fixes the sector and the place."""
    sector = setting[0] if setting else draw.choices(tuple(SETTINGS), WEIGHTS)[0]
    place = setting[1] if setting else draw.choice(SETTINGS[sector])
    category = draw.choices(tuple(SUMMARIES), CATEGORY_WEIGHTS)[0]
    born = f"{draw.randint(1960, 1999)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
    return Scene(
        sector=sector,
        setting=place,
        source="employer" if setting else draw.choice(SOURCES[sector]),
        category=category,
        summary=draw.choice(SUMMARIES[category]),
        subject={"name": a_name(draw), "role": draw.choice(JOBS[sector]), "employer": place, "born_on": born},
        referrer={"name": a_name(draw), "agency": place, "phone": a_number(draw)},
        children=tuple({"name": a_name(draw)} for _ in range(children)),
    )


def a_number(draw: Random) -> str:
    """A telephone number from the range that Ofcom keeps for drama."""
    return f"01632 960 {draw.randint(100, 999)}"
