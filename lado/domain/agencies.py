"""The bodies whose people refer, in words: what kinds of them there are, and how one of their people stands."""

from collections.abc import Mapping

KINDS: Mapping[str, str] = {
    "school": "School or academy trust",
    "college": "College or university",
    "early_years": "Nursery or childminder",
    "police": "Police",
    "health": "Health",
    "care_provider": "Care provider",
    "fostering": "Fostering service",
    "hr": "Human resources or payroll",
    "transport": "Transport",
    "sport": "Sport or leisure",
    "faith": "Faith body",
    "supply": "Supply agency",
    "other": "Another organisation",
}

INVITED, ACTIVE, SHUT, ENDED = "invited", "active", "shut", "ended"

STANDINGS: Mapping[str, str] = {
    INVITED: "Invited, has not signed in yet",
    ACTIVE: "Can sign in",
    SHUT: "Shut",
    ENDED: "Ended by itself",
}
"""How somebody of an organisation stands, as a page says it."""
