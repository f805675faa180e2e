"""Every procedure that a case can run on, by key and version. A case keeps the version that it began with."""

from collections.abc import Mapping

from workflows.model import Passage, Workflow
from workflows.procedures.allegation_v1 import ALLEGATION_V1
from workflows.procedures.allegation_v2 import ALLEGATION_V2, WAYS

PROCEDURES: Mapping[tuple[str, int], Workflow] = {
    (flow.key, flow.version): flow for flow in (ALLEGATION_V1, ALLEGATION_V2)
}

NAMED: Mapping[str, Workflow] = {flow.name: flow for flow in PROCEDURES.values()}
"""Each of them by its one-word name, such as `allegation_v1`."""

PASSAGES: Mapping[tuple[str, str], Passage] = {(way.before, way.after): way for way in WAYS}
"""How a running case comes from one version to another, by the names of both."""

CURRENT = ALLEGATION_V1
"""The procedure that a new case begins with, until its council takes up another version."""
