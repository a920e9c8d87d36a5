"""How the journal speaks of meetings, task forces, advisers and the press: entries that lead to a page of that room."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Data = Mapping[str, Any]

#: What happened, by the word in the entry's `joint`: {what, id, act}.
HEADINGS: Mapping[str, str | Promise] = {
    "called": _("召集会议"),
    "cancelled": _("会议或发布取消"),
    "held": _("会议召开"),
    "submitted": _("纪要送审"),
    "returned": _("纪要退回"),
    "adopted": _("纪要审定"),
    "decided": _("会议议定"),
    "formed": _("成立专班"),
    "joined": _("专班增加成员"),
    "left": _("专班成员退出"),
    "dissolved": _("专班解散"),
    "opinion": _("专家意见"),
    "planned": _("筹备对外发布"),
    "changed": _("对外发布改期或改人"),
    "outlet": _("媒体名单"),
    "higher": _("上级批准对外发布"),
    "cleared": _("同意接受采访"),
    "spoke": _("对外发布"),
    "said": _("记下讲了什么"),
    "asked": _("媒体提问待答"),
    "answered": _("答复媒体提问"),
}
PAGES = {
    "meeting": "joint:meeting",
    "taskforce": "joint:force",
    "opinion": "joint:opinion",
    "briefing": "joint:briefing",
}
ICONS = {"meeting": "people", "taskforce": "people", "opinion": "library", "briefing": "globe"}


def of(data: Data) -> Mapping[str, Any]:
    """What an entry says of that room; empty for any other entry."""
    ref = data.get("joint")
    return ref if isinstance(ref, Mapping) else {}


def heading(data: Data) -> str:
    """What happened, in words."""
    act = str(of(data).get("act", ""))
    return str(HEADINGS.get(act, act))


def icon(data: Data) -> str:
    """The drawing that belongs to it."""
    return ICONS.get(str(of(data).get("what")), "info")


def address(data: Data) -> str:
    """The page to which the entry leads; empty for an entry of no such room."""
    ref = of(data)
    page = PAGES.get(str(ref.get("what")))
    return reverse(page, args=[ref["id"]]) if page and isinstance(ref.get("id"), int) else ""
