"""What the style guide shows: invented rows, used nowhere else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms

from huiying.desk.shell.ruler import Mark


class SampleForm(forms.Form):
    """One of each kind of field."""

    name = forms.CharField(label="单位全称", help_text="与公章一致")
    contact = forms.EmailField(label="联系邮箱", required=False)
    kind = forms.ChoiceField(label="答复形式", choices=[("reply", "跟帖回复"), ("article", "情况说明")])
    text = forms.CharField(label="正文", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    sure = forms.BooleanField(label="已核对事实、数据与口径", required=False)


@dataclass(frozen=True, slots=True)
class Row:
    """An invented thing owed."""

    title: str
    why: str
    level: int | None
    due: datetime
    heat: tuple[int, ...]


def samples(now: datetime) -> list[Row]:
    """Four things owed, from overdue to far off."""
    return [
        Row(
            "向区教育局电话快报：食堂午餐异味",
            "特别重大：发现后 2 小时内首报",
            1,
            now - timedelta(minutes=18),
            (1, 2, 2, 5, 9, 14, 30),
        ),
        Row(
            "对“宿舍热水停供”作首次公开回应",
            "发现后 5 小时内，节假日照算",
            2,
            now + timedelta(minutes=42),
            (3, 4, 6, 6, 8, 7, 9),
        ),
        Row(
            "后勤处：核实操场塑胶气味并报结果",
            "交办后 1 个工作日",
            3,
            now + timedelta(hours=7),
            (4, 6, 5, 4, 3, 2, 2),
        ),
        Row(
            "兑现答复：公布校车新时刻表", "承诺日期即时限", 4, now + timedelta(days=3), (1, 1, 0, 2, 1, 0, 1)
        ),
    ]


def marks(now: datetime) -> list[Mark]:
    """The same four things, and a fifth, on the ruler."""
    rows = [Mark(at=row.due, words=row.title, level=row.level, address="#") for row in samples(now)]
    return [*rows, Mark(at=now + timedelta(hours=15), words="日报", address="#")]


def chart() -> dict[str, Any]:
    """Data of a line chart in the form that `frontend/src/charts.js` draws."""
    hours = [f"{hour:02d}:00" for hour in range(6, 22)]
    heat = [2, 3, 3, 5, 8, 13, 21, 34, 40, 38, 30, 26, 21, 15, 12, 9]
    return {
        "kind": "line",
        "title": "热度（每小时帖文数）",
        "x": hours,
        "series": [
            {"name": "热度", "values": heat},
            {"name": "独立发声者", "values": [round(v * 0.7) for v in heat]},
        ],
        "marks": [{"x": "11:00", "label": "立案"}, {"x": "14:00", "label": "首次回应"}],
    }
