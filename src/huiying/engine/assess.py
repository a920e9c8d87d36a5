"""From evidence to a proposed level, with the reasons; how it is done stands in `plan/assessing.py`."""

from huiying.engine.plan.assessing import (
    TIER_NAMES,
    Evidence,
    Proposal,
    Reason,
    assess,
    explain,
    holds,
    measure,
)

__all__ = ["TIER_NAMES", "Evidence", "Proposal", "Reason", "assess", "explain", "holds", "measure"]
