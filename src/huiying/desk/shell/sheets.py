"""Tables that people take away, as CSV or XLSX; text from outside never becomes a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

import xlsxwriter
from django.http import HttpResponse
from django.utils.encoding import escape_uri_path

from huiying.desk.shell.zone import here

Cell = str | int | float | datetime | None
#: How a cell begins that a spreadsheet would run as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def safe(cell: Cell) -> str | int | float:
    """The cell as a spreadsheet may have it: instants on the desk's clock, an apostrophe before what looks like a formula."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell.astimezone(here()):%Y-%m-%d %H:%M}"
    if isinstance(cell, int | float):
        return cell
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def _attached(name: str, kind: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{escape_uri_path(name)}",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content_type=kind, headers=headers)


def as_csv(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """A CSV file that spreadsheets open with Chinese intact."""
    response = _attached(f"{name}.csv", "text/csv; charset=utf-8")
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(head)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return response


def as_xlsx(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """An XLSX file with a frozen head and a filter; nothing in it is a formula or a link."""
    response, out = _attached(f"{name}.xlsx", XLSX), io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    sheet, bold, last = book.add_worksheet(), book.add_format({"bold": True}), 0
    sheet.write_row(0, 0, list(head), bold)
    for last, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            value = safe(cell)
            write = sheet.write_string if isinstance(value, str) else sheet.write_number
            write(last, column, value)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, max(len(head) - 1, 0))
    sheet.set_column(0, max(len(head) - 1, 0), 18)
    book.close()
    response.write(out.getvalue())
    return response
