"""What kinds of looking there are, as the log of reads knows them."""

from collections.abc import Mapping
from enum import StrEnum


class Look(StrEnum):
    """How somebody looked at what is recorded."""

    VIEW = "view"
    SEARCH = "search"
    PRINT = "print"
    DOWNLOAD = "download"


LOOKS: Mapping[Look, str] = {
    Look.VIEW: "Looked at",
    Look.SEARCH: "Searched",
    Look.PRINT: "Opened for printing",
    Look.DOWNLOAD: "Downloaded",
}
"""Each kind in words."""
