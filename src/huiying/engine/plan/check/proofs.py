"""What a check says: findings with how they were derived, and what it could prove."""

from dataclasses import dataclass, field

from huiying.engine.findings import Finding, Place, Severity
from huiying.engine.plan.instants import clock, stretch
from huiying.engine.text import Text

__all__ = ["Proof", "Proofs", "clock", "stretch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Something that holds, and why."""

    claim: Text
    how: Text


@dataclass(slots=True)
class Proofs:
    """What one check found and proved so far."""

    findings: list[Finding] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)

    def add(
        self,
        code: str,
        place: Place,
        message: Text,
        *,
        because: Text,
        mend: Text | None = None,
        level: Severity = "error",
    ) -> None:
        """Note a fault, with how it was derived."""
        self.findings.append(
            Finding(code=code, level=level, message=message, place=place, mend=mend, because=because)
        )

    def show(self, claim: Text, how: Text) -> None:
        """Note what holds."""
        self.proofs.append(Proof(claim=claim, how=how))
