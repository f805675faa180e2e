"""Every procedure that a case can run on, by key and version. A case keeps the version that it began with."""

from collections.abc import Mapping

from workflows.model import Workflow
from workflows.procedures.allegation_v1 import ALLEGATION_V1

PROCEDURES: Mapping[tuple[str, int], Workflow] = {(flow.key, flow.version): flow for flow in (ALLEGATION_V1,)}

CURRENT = ALLEGATION_V1
"""The procedure that a new case begins with."""
