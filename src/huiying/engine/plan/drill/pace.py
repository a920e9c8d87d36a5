"""How fast people react and work: by role, by hour of the day, on weekends and holidays, called in from home."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Literal

from huiying.engine.calendar import Calendar, UnknownYear
from huiying.engine.plan.check.roster import Roster
from huiying.engine.plan.drill.chance import Times

_MINUTE = timedelta(minutes=1)
Days = Literal["every", "working", "off"]
#: Minutes of work that each act takes, about; everything else takes half an hour.
USUAL: Mapping[str, int] = {
    "assessed": 10,
    "verified": 40,
    "level_confirmed": 15,
    "reported": 8,
    "assigned": 10,
    "accepted": 5,
    "published": 60,
    "approve": 20,
    "lines_set": 40,
    "unit_reported": 120,
    "offline_fixed": 240,
    "reviewed": 120,
}
OTHERS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Hours in which people react more slowly (or faster) than the median says."""

    opens: time = time()
    closes: time = time()  # the same as `opens`: the whole day
    days: Days = "every"  # working: days on which offices work; off: weekends and holidays
    factor: float = 1.0

    def covers(self, at: datetime, works: bool) -> bool:
        """Whether the instant, on the calendar's clock, lies in it; `works`: offices work on that day."""
        if self.days != "every" and works != (self.days == "working"):
            return False
        now = at.time()
        if self.opens < self.closes:
            return self.opens <= now < self.closes
        return self.opens == self.closes or now >= self.opens or now < self.closes


BY_DAY = Times(median=5 * _MINUTE)
NIGHT = Band(opens=time(22), closes=time(7), factor=4.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast people react and work."""

    name: str = ""
    react: Times = BY_DAY  # until somebody who is there and idle begins, by day
    roles: Mapping[str, Times] = field(default_factory=dict)  # role -> the same, for that role
    bands: tuple[Band, ...] = (NIGHT,)  # of several that cover an instant all factors count
    off_duty: float | None = None  # factor for one who is called in; None: nobody is called in
    work: Mapping[str, Times] = field(default_factory=dict)  # act -> work; else as usual
    spread: float = 0.6  # of the usual times

    def reaction(self, role: str) -> Times:
        """Until somebody in the role begins; of several joined by "|" the first that is named counts."""
        return next((self.roles[one] for one in role.split("|") if one in self.roles), self.react)

    def works(self, act: str) -> Times:
        """How long an act takes."""
        usual = Times(median=USUAL.get(act, OTHERS) * _MINUTE, spread=self.spread)
        return self.work.get(act, usual)

    def slower(self, at: datetime, calendar: Calendar) -> float:
        """By how much reactions are slower at this instant; a year without a table has weekends only."""
        local = calendar.local(at)
        try:
            works = calendar.is_working_day(local.date())
        except UnknownYear:
            works = local.weekday() in calendar.week
        return math.prod(band.factor for band in self.bands if band.covers(local, works))


def of_roster(roster: Roster, pace: Pace | None = None) -> Pace:
    """The pace, or the usual one, with what the roster itself says of drafts and approvals where the pace is silent."""
    pace = pace or Pace()
    said = {"published": roster.draft} | ({"approve": roster.approve} if roster.approve else {})
    own = {act: Times(median=span, spread=pace.spread) for act, span in said.items()}
    return replace(pace, work={**own, **pace.work})
