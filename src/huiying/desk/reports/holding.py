"""Holding a paper for one verb."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.access import acting
from huiying.desk.reports.models import Paper


def held(paper: Paper) -> Paper:
    """The row, locked until the transaction ends."""
    return Paper.objects.select_for_update(of=("self",)).select_related("case").get(pk=paper.pk)


def editable(paper: Paper, by: Person) -> Paper:
    """The row, locked, of a paper that may still change. Raises ValidationError for an issued one."""
    row = held(paper)
    if not row.open:
        raise ValidationError(_("已经发出的文件不能再改。要改，另拟一份。"))
    if row.case is not None:
        acting(by, Right.WRITE_REPORTS, row.case)
    return row
