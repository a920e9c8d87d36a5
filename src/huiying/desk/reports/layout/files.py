"""The files of a paper: PDF where this machine has fonts for it, and Word, by the institution's own form if it has one."""

import hashlib

from django.core.exceptions import ValidationError

from huiying.desk.reports.layout import own, pdf, word
from huiying.desk.reports.layout.sheet import Sheet
from huiying.desk.reports.models import Paper, PaperFile, Template


def sha256(data: bytes) -> str:
    """Lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def made(paper: Paper, sheet: Sheet) -> list[tuple[str, bytes]]:
    """Form and content of each file, the one that counts first."""
    word_file = (PaperFile.Form.DOCX.value, docx(paper, sheet))
    try:
        return [(PaperFile.Form.PDF.value, pdf.pdf(sheet)), word_file]
    except ValidationError:  # no Chinese font here: the page says so, Word is not affected
        return [word_file]


def template_of(kind: str) -> Template | None:
    """The institution's own form of a kind that is in use."""
    return Template.objects.filter(kind=kind, dropped_at=None).order_by("-uploaded_at", "-pk").first()


def docx(paper: Paper, sheet: Sheet) -> bytes:
    """The Word file, by the institution's own form where it has one."""
    own_form = template_of(paper.kind)
    return own.filled(bytes(own_form.content), own.fields(paper, sheet)) if own_form else word.docx(sheet)
