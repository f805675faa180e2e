"""The years that a synthetic council can live through: each one a module of figures with their source."""

from collections.abc import Mapping

from lado.council.profiles.bromley_2021_22 import BROMLEY_2021_22
from lado.council.profiles.demonstration import DEMONSTRATION
from lado.council.profiles.profile import Profile

PROFILES: Mapping[str, Profile] = {profile.key: profile for profile in (BROMLEY_2021_22, DEMONSTRATION)}
"""Each profile by the name that the command takes."""
