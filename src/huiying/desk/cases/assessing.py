"""What a case's posts measure, and the level that its plan gives them."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from huiying.desk.cases.models import Case
from huiying.desk.collect.periods import in_force
from huiying.desk.listen.mergers import end_of
from huiying.desk.listen.models import Hearing
from huiying.desk.plans import queries as plans
from huiying.engine.assess import Evidence, Proposal, assess
from huiying.engine.calendar import Calendar
from huiying.engine.plan.model import Named, Plan

#: Tones that ask something of us.
CONCERNS = frozenset({"complaint", "question", "request", "rumour"})
NEGATIVE = frozenset({"complaint", "rumour"})


def evidence_of(
    case: Case, plan: Plan, calendar: Calendar, now: datetime, flags: Iterable[str] = ()
) -> Evidence:
    """What is known: counted over the case's posts, with growth and forecast of its story; `flags` a person judged."""
    rows = list(case.mentions.values_list("pk", "tier", "site", "voice", "reach", "title", "text"))
    heard = _tones(case, [row[0] for row in rows])
    words = "\n".join(f"{row[5]}\n{row[6]}" for row in rows)
    story = end_of(case.story) if case.story else None
    return Evidence(
        tiers=Counter(row[1] for row in rows),
        sites=len({row[2] for row in rows if row[2]}),
        voices=len({row[3] for row in rows if row[3]}),
        mentions=len(rows),
        reach=sum(row[4] for row in rows),
        growth=story.growth if story else 0.0,
        forecast=story.forecast if story else None,
        negative_share=story.negative_share if story else _share(heard.values(), NEGATIVE, 0.0),
        concern=_share(heard.values(), CONCERNS, 1.0),
        subjects=frozenset(filter(None, (case.subject, story.topic if story else ""))),
        places=frozenset(_spoken_of(plan.places, f"{case.title}\n{case.summary}\n{words}")),
        flags=frozenset(flags),
        key_period=bool(in_force(now, plan, calendar)),
        mishandled=case.relapses > 0,
    )


def _tones(case: Case, mentions: Iterable[int]) -> dict[int, str]:
    """Mention -> its tone; what was made up for a drill carries it, for the desk's own ear never hears it."""
    if case.drill:
        return {pk: str(extra.get("tone", "")) for pk, extra in case.mentions.values_list("pk", "extra")}
    return dict(Hearing.objects.filter(mention__in=mentions).values_list("mention_id", "tone"))


def _share(tones: Iterable[str], wanted: frozenset[str], unknown: float) -> float:
    known = [tone for tone in tones if tone]
    return sum(tone in wanted for tone in known) / len(known) if known else unknown


def _spoken_of(places: Iterable[Named], words: str) -> list[str]:
    return [place.id for place in places if any(word in words for word in (place.name.zh, *place.words))]


def propose(case: Case, plan: Plan, now: datetime, flags: Iterable[str] = ()) -> tuple[Evidence, Proposal]:
    """The evidence, and the level that the plan gives it, with reasons."""
    evidence = evidence_of(case, plan, plans.calendar_in_force(), now, flags)
    return evidence, assess(plan, evidence)


def measures(evidence: Evidence) -> dict[str, Any]:
    """The evidence as the journal keeps it."""
    return {
        "tiers": dict(evidence.tiers),
        "sites": evidence.sites,
        "voices": evidence.voices,
        "mentions": evidence.mentions,
        "reach": evidence.reach,
        "growth": evidence.growth,
        "forecast": evidence.forecast,
        "negative_share": evidence.negative_share,
        "concern": evidence.concern,
        "subjects": sorted(evidence.subjects),
        "places": sorted(evidence.places),
        "flags": sorted(evidence.flags),
        "key_period": evidence.key_period,
        "mishandled": evidence.mishandled,
    }
