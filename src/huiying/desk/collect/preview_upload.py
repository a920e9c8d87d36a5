"""A waiting file as a person looks at it: its columns, its first rows, and what would become of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from huiying.desk.collect.actions.uploading import table_of
from huiying.desk.collect.house import house_zone
from huiying.desk.collect.models import Upload
from huiying.desk.collect.sources.base import Harvest, Item, Rejected
from huiying.desk.collect.sources.upload.parse import Table, read_rows
from huiying.desk.collect.storing import known_keys

SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """What the file holds by the columns chosen."""

    table: Table
    harvest: Harvest
    known: int  # rows that are stored already

    @property
    def ready(self) -> bool:
        """Whether a column with words was chosen."""
        return bool(self.harvest.items)

    @property
    def new(self) -> int:
        """How many rows would be stored."""
        return len(self.harvest.items) - self.known

    @property
    def dated(self) -> int:
        """How many rows have a time that could be read."""
        return sum(1 for item in self.harvest.items if item.posted_at is not None)

    @property
    def shown(self) -> Sequence[Item]:
        """The first rows as they would be stored."""
        return self.harvest.items[:SHOWN]

    @property
    def refused(self) -> Sequence[Rejected]:
        """Rows that would not be read."""
        return [one for one in self.harvest.rejected if not one.taken]

    @property
    def remarks(self) -> Sequence[Rejected]:
        """Rows that would be read with a remark."""
        return [one for one in self.harvest.rejected if one.taken]


def look(upload: Upload) -> LookedAt:
    """Reads the file as it would be stored, storing nothing. Raises Trouble."""
    table = table_of(upload)
    harvest = Harvest()
    if {"title", "text"} & set(upload.columns):
        harvest = read_rows(table, upload.columns, upload.created_at, house_zone())
    known = known_keys(upload.source, [item.key for item in harvest.items])
    return LookedAt(table=table, harvest=harvest, known=len(known))
