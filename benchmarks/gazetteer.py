"""Places and things: grouping and routing with a gazetteer and without.

No public messages come with a gazetteer, so one is mined from the office's earlier answers (`benchmarks.mined`). It knows the
names as they are written, and hardly any other names of the same place, which is what a gazetteer is for. So a second
measurement plants such: of every second message that names a place of the list the name is replaced by another, invented
one, and the gazetteer is told of it, as an officer would tell it. That shows what the gazetteer can do; how often people use
other names is another question, to which these data have no answer.

Routing: which department answers hangs on the matter and hardly on the place. The desk proposes one from words alone,
before it has learnt anything, so the departments of routing/ are set up as units with the second and third levels of the
label scheme as their duties, and the places of the list belong to a department by their kind (schools to education, roads
and stations to transport, estates and projects to building). Which district a matter is handed to hangs on the place: see
`benchmarks.districts`. Tried and left out: the kinds of the places named as words behind the text for what is learnt from
examples (0.915 without, 0.916 with them).
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace

from benchmarks.common import Row, need, tsv
from benchmarks.districts import handed
from benchmarks.hot import Messages, messages
from benchmarks.mined import gazetteer
from benchmarks.routing import raw, scored
from benchmarks.scores import Grouping, groups
from huiying.engine.listen.fold import Config, State, hear
from huiying.engine.listen.gazetteer import Gazetteer, Known
from huiying.engine.listen.mention import Mention, Unit

_AT_ONCE = 2000
_SIGNS = "霁岚澜棠桦椿榆槿荇蘅芷汀渚沅澧湄洛溪瀚昱晟曜皓玥琦瑾璟钧铭锦"
OWNERS = {
    "school": "教育文体",
    "road": "交通运输",
    "station": "交通运输",
    "estate": "城乡建设",
    "project": "城乡建设",
}
#: Of units only these kinds say whose matter they are.
UNIT_OWNERS = {"医院": "卫生计生", "酒店": "商贸旅游", "商城": "商贸旅游", "市场": "商贸旅游"}


def grouped(mentions: Sequence[Mention], places: Gazetteer) -> dict[str, str]:
    """The story of each mention: id -> key."""
    state, config, found = State(), Config(group_unmatched=True, gazetteer=places), {}
    for start in range(0, len(mentions), _AT_ONCE):
        state, results = hear(state, mentions[start : start + _AT_ONCE], config)
        found.update({str(one.mention_id): one.story or "" for one in (*results.heard, *results.moved)})
    return found


def other_name(name: str) -> str:
    """An invented name of the same length for a place, its last character kept; always the same."""
    chosen = hashlib.sha256(name.encode()).digest()
    return "".join(_SIGNS[byte % len(_SIGNS)] for byte in chosen[: len(name) - 1]) + name[-1]


def renamed(data: Messages, places: Gazetteer) -> tuple[list[Mention], Gazetteer, int]:
    """Every second message with its places under another name; the gazetteer that knows these; how many were changed."""
    names = sorted((n for p in places.places for n in (p.name, *p.aliases)), key=len, reverse=True)
    first = {n: p.name for p in places.places for n in (p.name, *p.aliases)}
    pattern = re.compile("|".join(map(re.escape, names)))
    changed = []
    for mention in data.mentions:
        if hashlib.sha256(str(mention.id).encode()).digest()[0] % 2:
            title, text = (
                pattern.sub(lambda m: other_name(first[m[0]]), part) for part in (mention.title, mention.text)
            )
            changed.append(replace(mention, title=title, text=text))
        else:
            changed.append(mention)
    told = Gazetteer(
        places=tuple(replace(p, aliases=(*p.aliases, other_name(p.name))) for p in places.places)
    )
    count = sum(new.title != old.title for new, old in zip(changed, data.mentions, strict=True))
    return changed, told, count


def stories() -> list[Row]:
    """Grouping of hot-issues, as it is and with planted names."""
    data, places = messages(), gazetteer()
    naming = re.compile("|".join(re.escape(n) for p in places.places for n in (p.name, *p.aliases)))
    named = sum(bool(naming.search(f"{m.title}{m.text}")) for m in data.mentions)
    without, with_ = (groups(data.groups, grouped(data.mentions, g)) for g in (Gazetteer(), places))
    changed, told, count = renamed(data, places)
    lost, found = (groups(data.groups, grouped(changed, g)) for g in (places, told))
    return [
        _row(f"grouping, {len(places.places):,} places mined from earlier answers, {named / len(data.mentions):.0%} of the messages name one",
             "hot-issues, groups-dev; replies.tsv", without, with_),
        _row(f"grouping, the places of every second message under another, invented name ({count:,} titles)",
             "hot-issues, groups-dev, names planted", lost, found, "with the other names unknown: "),
    ]  # fmt: skip


def _row(what: str, data: str, without: Grouping, with_: Grouping, lead: str = "without: ") -> Row:
    return Row(part="gazetteer", what=f"{what}; pairwise and B-cubed F1", data=data, baseline=f"{lead}{_told(without)}",
               ours=_told(with_), reach="better with it than without")  # fmt: skip


def _told(it: Grouping) -> str:
    return f"{it.pair_f1:.3f} and {it.bcubed_f1:.3f} (precision {it.pair_precision:.3f}, recall {it.pair_recall:.3f})"


def routing() -> list[Row]:
    """Which department, by words alone, without and with the places."""
    places = Gazetteer(places=tuple(replace(p, unit=owner(p)) for p in gazetteer().places))
    plain, owned = (scored(list(proposed(g)))[0] for g in (Gazetteer(), places))
    return [
        Row(
            part="gazetteer",
            what="department proposed by words alone (the label scheme as duties), places owned by their kind; macro F1",
            data="routing/train.tsv, 7 departments; replies.tsv",
            baseline=f"without: {plain:.3f}",
            ours=f"{owned:.3f}",
            reach="better with it than without",
        )
    ]


def owner(place: Known) -> str:
    """The department whose matter a place is by its kind; "" where that does not say."""
    by_end = next((unit for end, unit in UNIT_OWNERS.items() if place.name.endswith(end)), "")
    return OWNERS.get(place.kind, by_end)


def proposed(places: Gazetteer) -> list[tuple[str, str, float]]:
    """Right department, the one that the fold proposes for a story of this message alone, and 1."""
    labels = sorted({e.label for e in raw()})
    scheme = list(tsv(need("routing", "labels.tsv")))
    units = tuple(
        Unit(code=label, name=label, duties=tuple(dict.fromkeys(d for row in scheme for d in _duties(row, label))))
        for label in labels
    )  # fmt: skip
    config = Config(group_unmatched=True, gazetteer=places, units=units)
    data, found = messages(), []
    at = data.mentions[0].at
    for number, example in enumerate(raw()):
        mention = Mention(id=number, at=at, title=example.passage.title, text=example.passage.text)
        _state, results = hear(State(), [mention], config)
        found.append((example.label, results.stories[0].unit if results.stories else "", 1.0))
    return found


def _duties(row: dict[str, str], label: str) -> list[str]:
    first, *deeper = row.values()
    return [word for word in deeper if first == label and word != "其他"]


def rows() -> list[Row]:
    """What is printed. Raises Absent."""
    return stories() + routing() + handed()


if __name__ == "__main__":
    for row in rows():
        print(f"{row.what} [{row.data}]\n    with {row.ours}\n    {row.baseline}")
