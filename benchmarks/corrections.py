"""What officers put right, replayed: whether the next proposals are better for it.

    python -m benchmarks.corrections

Units: messages of a city government come in order (the raw ones by their time; then raw and cut ones in one seeded order, no
message that repeats an earlier one). Each 25 are heard, the desk proposes a unit for every new story, then an officer hands
each story to its department; learning is due as at the desk. Beside it the same proposals from the label scheme alone, whose
names are the duties of the departments.

Stories: hot-issues in order of time, 100 at a time. After each hundred an officer moves, splits and merges what is wrong
about one part of the groups; another part, of which nobody corrected anything, is scored with and without that.
"""

import hashlib
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise, permutations

from benchmarks import routing
from benchmarks.common import Row, need, say, table, tsv
from benchmarks.english import tweets
from benchmarks.hot import messages
from benchmarks.scores import Grouping, groups
from benchmarks.stories import linked
from benchmarks.train_links import Weights, examples, half_of
from benchmarks.train_links import learn as learn_links
from huiying.engine.listen import fold
from huiying.engine.listen.corrections import Correction, Merge, Move, Split
from huiying.engine.listen.ear import Ear
from huiying.engine.listen.fold import Config, Mention, State, correct, hear
from huiying.engine.listen.learn.decided import Decision, is_due, learn_units
from huiying.engine.listen.mention import Unit

AT_ONCE = 25  # messages heard before an officer decides on them
BLOCKS = (0, 50, 100, 200, 500, 1_000, 2_000, 4_000, 10_000)
HUNDRED = 100
_SALT = "corrections "  # not the split by which the constants of `links` were chosen
_START = datetime(2020, 1, 1, tzinfo=UTC)
_NAMES = re.compile(r"[、和与及/]")
_SURE = re.compile(r"\((\d+)% sure\)$")
Message = tuple[str, str, str]  # title, text, department


@dataclass(frozen=True, slots=True)
class Told:
    """What was proposed for a new story."""

    number: int  # of its message
    right: str
    plain: str  # by the scheme alone; "" is silent
    taught: str
    sure: float  # as the reason says; 0 where it is another one


def in_time() -> list[Message]:
    """The raw messages by their time."""
    rows = sorted(tsv(need("routing", "train.tsv")), key=lambda row: routing.instant(row["time"]))
    return [(row["title"], row["text"], row["label"]) for row in rows]


def mixed(seed: int = 0) -> list[Message]:
    """Raw and cut messages in one order; one that is a twin of a raw one, or repeats a cut one, is left out."""
    barred = frozenset().union(*routing.twins()) | routing.repeats()
    cut = [
        ("", "".join(e.passage.text.split()), e.label) for n, e in enumerate(routing.cut()) if n not in barred
    ]
    found = [*((e.passage.title, e.passage.text, e.label) for e in routing.raw()), *cut]
    random.Random(seed).shuffle(found)
    return found


def departments(labels: Sequence[str]) -> tuple[Unit, ...]:
    """The departments, with the finer names of the scheme as their duties."""
    duties: dict[str, dict[str, None]] = {label: {} for label in labels}
    for first, *finer in routing.scheme():
        if first in duties:
            names = (name for cell in finer for name in _NAMES.split(cell))
            duties[first].update(dict.fromkeys(n for n in names if len(n) > 1 and n != "其他"))
    return tuple(Unit(code=label, name=label, duties=tuple(words)) for label, words in duties.items())


def decided(stream: Sequence[Message]) -> list[Told]:
    """What is proposed for each new story while officers decide on the earlier ones."""
    labels = sorted({label for _, _, label in stream})
    plain = Config(units=departments(labels))
    mentions = _mentions(stream)
    bare, state, taught = State(), State(), plain
    decisions: list[Decision] = []
    learnt, found = 0, list[Told]()
    for start in range(0, len(stream), AT_ONCE):
        batch = mentions[start : start + AT_ONCE]
        bare, without = hear(bare, batch, plain)
        state, results = hear(state, batch, taught)
        said = {shot.key: shot for shot in results.stories}
        alone = {shot.key: shot.unit for shot in without.stories}
        for key in (f"s{mention.id}" for mention in batch):
            if key not in said:
                continue  # it joined a story, of which an officer may have said whose it is
            number = int(key[1:])
            title, text, label = stream[number]
            shot = said[key]
            sure = next((int(m[1]) / 100 for why in shot.unit_why if (m := _SURE.search(why.en))), 0.0)
            found.append(Told(number, label, alone.get(key, ""), shot.unit, sure))
            state, _ = correct(state, fold.Unit(key, label), taught)
            decisions.append(Decision(label, title, (text,)))
        if is_due(len(decisions), learnt):
            learnt = len(decisions)
            taught = replace(plain, router=learn_units(decisions, labels))
    return found


def _mentions(stream: Sequence[Message]) -> list[Mention]:
    return [
        Mention(id=n, at=_START + timedelta(minutes=10 * n), title=title, text=text, kind="message")
        for n, (title, text, _) in enumerate(stream)
    ]


def unit_rows(stream: Sequence[Message], data: str) -> Iterator[Row]:
    """A row for each block of messages; then how sure the learnt proposals were."""
    found = decided(stream)
    for first, last in pairwise(BLOCKS):
        block = [told for told in found if first <= told.number < last]
        if len(block) >= AT_ONCE:
            yield Row(
                part="corrections", what=f"right units proposed for new stories, messages {first + 1:,} to {min(last, len(stream)):,}",
                data=data, baseline=f"scheme alone {_right([(t.right, t.plain) for t in block])}",
                ours=_right([(t.right, t.taught) for t in block]), reach="-",
            )  # fmt: skip
    yield Row(
        part="corrections", what="how sure what was learnt says it is, and how often it is right", data=data, baseline="-",
        ours=routing.reliability([(t.right, t.taught, t.sure) for t in found if t.sure])[1], reach="-",
    )  # fmt: skip


def _right(pairs: Sequence[tuple[str, str]]) -> str:
    spoken = [(right, said) for right, said in pairs if said]
    hit = sum(right == said for right, said in spoken)
    return f"{hit / len(pairs):.2f} (silent {1 - len(spoken) / len(pairs):.2f}, right when it speaks {hit / max(1, len(spoken)):.2f})"


def learning_time(stream: Sequence[Message]) -> Row:
    """Seconds that one lesson takes."""
    labels = sorted({label for _, _, label in stream})
    decisions = [Decision(label, title, (text,)) for title, text, label in stream]
    while len(decisions) < 10_000:
        decisions += decisions
    took = []
    for count in (1_000, 10_000):
        begun = time.perf_counter()
        learn_units(decisions[:count], labels)
        took.append(f"{count:,}: {time.perf_counter() - begun:.1f} s")
    return Row(
        part="corrections", what="one lesson from so many decisions, in a lane of its own", data="the same, the newest 5,000 count",
        baseline="-", ours=", ".join(took), reach="-",
    )  # fmt: skip


def hearing_speed(stream: Sequence[Message]) -> Row:
    """Messages heard in a second, each of them judged by what was learnt, and not."""
    labels = sorted({label for _, _, label in stream})
    plain = Config(units=departments(labels))
    router = learn_units([Decision(label, title, (text,)) for title, text, label in stream[:1_000]], labels)
    batch = _mentions(stream[1_000:4_000])
    speeds = []
    for config in (plain, replace(plain, router=router)):
        hear(State(), batch[:1], config)  # makes the configuration ready
        begun = time.perf_counter()
        hear(State(), batch, config)
        speeds.append(f"{len(batch) / (time.perf_counter() - begun):,.0f}")
    return Row(
        part="corrections", what="messages heard a second, all of them judged by what 1,000 decisions taught", data="the same",
        baseline=f"not judged {speeds[0]}", ours=speeds[1], reach="-",
    )  # fmt: skip


class Officer:
    """Who puts stories right as far as the groups are his."""

    def __init__(self, key: Mapping[str, str], mine: Collection[str]) -> None:
        """`key`: the group of each mention that was read; `mine`: the groups that he knows."""
        self.key, self.mine = key, frozenset(mine)
        self.story: dict[str, str] = {}  # where each mention is now
        self.made: Counter[str] = Counter()
        self._inside: dict[str, dict[str, None]] = defaultdict(dict)  # mentions of each story, of the key
        self._heard: dict[str, list[str]] = defaultdict(list)  # mentions of each group

    def hears(self, results: fold.Results) -> None:
        """Note where mentions are."""
        for one in (*results.heard, *results.moved):
            name, story = str(one.mention_id), one.story or ""
            before = self.story.get(name)
            self.story[name] = story
            if name not in self.key:
                continue
            if before is None:
                self._heard[self.key[name]].append(name)
            else:
                self._inside[before].pop(name, None)
            self._inside[story][name] = None

    def puts_right(self, state: State, batch: Sequence[Mention]) -> State:
        """Correct what is wrong about the groups of these mentions."""
        for group in sorted({g for m in batch if (g := self.key.get(str(m.id), "")) in self.mine}):
            for correction in self._wrong(group):
                state, results = correct(state, correction)
                self.hears(results)
                self.made[type(correction).__name__] += 1
        return state

    def _wrong(self, group: str) -> Iterator[Correction]:
        """Move or split off what stands in a story of another matter; then merge what is in two."""
        away: dict[str, list[str]] = defaultdict(list)
        for name in self._heard[group]:
            if self._matter(self.story[name]) != group:
                away[self.story[name]].append(name)
        for story, names in away.items():
            homes = self._homes(group)
            if homes:
                yield from (Move(name, homes[0]) for name in names)
            else:
                yield Split(story, tuple(names))
        homes = self._homes(group)
        yield from (Merge(other, homes[0]) for other in homes[1:])

    def _homes(self, group: str) -> list[str]:
        """The stories that are of this group, the largest first."""
        counts = Counter(self.story[name] for name in self._heard[group])
        return [story for story, _ in counts.most_common() if self._matter(story) == group]

    def _matter(self, story: str) -> str:
        """The group of which most mentions of a story are; of equals the one that came first."""
        counts = Counter(self.key[name] for name in self._inside[story])
        return counts.most_common(1)[0][0]


def replayed(
    mentions: Sequence[Mention], officer: Officer, formulas: Mapping[str, Weights], at_once: int
) -> dict[str, str]:
    """The story of each mention at the end, corrected along the way."""
    ear = Ear()
    ear.links = linked(formulas)
    state, config = State(ear), Config(group_unmatched=True)
    for start in range(0, len(mentions), at_once):
        batch = mentions[start : start + at_once]
        state, results = hear(state, batch, config)
        officer.hears(results)
        state = officer.puts_right(state, batch)
    return officer.story


@dataclass(frozen=True, slots=True)
class Trial:
    """Groups that an officer corrects, groups that are scored, and the formulas that neither taught."""

    mine: frozenset[str]
    scored: frozenset[str]
    formulas: Mapping[str, Weights]


def tried(mentions: Sequence[Mention], key: Mapping[str, str], trials: Sequence[Trial], at_once: int) -> Row:
    """Means over trials, without corrections and with them."""
    without, corrected, made = list[Grouping](), list[Grouping](), 0
    for trial in trials:
        asked = {name: group for name, group in key.items() if group in trial.scored}
        without.append(groups(asked, replayed(mentions, Officer(key, ()), trial.formulas, at_once)))
        officer = Officer(key, trial.mine)
        corrected.append(groups(asked, replayed(mentions, officer, trial.formulas, at_once)))
        made += officer.made.total()
    return Row(
        part="corrections", what="", data="", baseline=f"without corrections {_means(without)}",
        ours=f"{_means(corrected)} ({made // len(trials)} corrections)", reach="-",
    )  # fmt: skip


def _means(scores: Sequence[Grouping]) -> str:
    pairs, cubed, nmi = (
        sum(getattr(score, name) for score in scores) / len(scores)
        for name in ("pair_f1", "bcubed_f1", "nmi")
    )
    return f"{pairs:.3f}, {cubed:.3f}, {nmi:.3f}"


def parted(names: Collection[str], parts: int) -> list[frozenset[str]]:
    """Groups in so many parts, by their hash."""
    found: list[set[str]] = [set() for _ in range(parts)]
    for name in names:
        digest = hashlib.sha256(f"{_SALT}{name}".encode()).digest()
        found[int.from_bytes(digest[:4], "big") % parts].add(name)
    return [frozenset(those) for those in found]


def story_rows() -> Iterator[Row]:
    """Pairwise F1, B-cubed F1 and NMI of groups that nobody corrected. Raises Absent."""
    what = "stories that nobody corrected (pairs, B-cubed, NMI), after others were: "
    data, english = messages(), tweets()
    one, two = parted(set(data.groups.values()), 2)
    yield replace(
        tried(data.mentions, data.groups, [Trial(one, two, {}), Trial(two, one, {})], HUNDRED),
        what=what + "the shipped formula, which was learnt from both halves", data="hot-issues, halves of the groups",
    )  # fmt: skip
    thirds = parted(set(data.groups.values()), 3)
    pairs, every = examples(data, "whole"), frozenset(data.groups.values())
    trials = []
    for learnt, mine, scored in permutations(thirds):
        weights = learn_links(data, pairs, every - learnt)
        trials.append(Trial(mine, scored, {"whole": weights}))
    yield replace(
        tried(data.mentions, data.groups, trials, HUNDRED),
        what=what + "a formula learnt from neither", data="hot-issues, thirds of the groups: learnt, corrected, scored",
    )  # fmt: skip
    key = {str(name): group for name, group in english.groups.items()}
    one, two = parted(half_of(set(key.values())), 2)
    yield replace(
        tried(english.mentions, key, [Trial(one, two, {}), Trial(two, one, {})], 5 * HUNDRED),
        what=what + "the shipped formula, which was learnt from neither", data="stream-en, the clusters that learning kept back",
    )  # fmt: skip


def rows() -> list[Row]:
    """Everything measured here. Raises Absent without the data."""
    found = list(unit_rows(in_time(), "913 raw messages by their time"))
    say("corrections: units by time")
    stream = mixed()
    found += unit_rows(stream, f"{len(stream):,} raw and cut messages, seeded order, no repeats")
    found += [learning_time(stream), hearing_speed(stream)]
    say("corrections: units")
    return [*found, *story_rows()]


if __name__ == "__main__":
    print(table(rows()))
