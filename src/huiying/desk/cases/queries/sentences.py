"""What each kind of entry says, in a sentence of the page's language and, where there is one, a longer text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from huiying.desk.cases.loose import ANSWERED, TOLD_OF_EXTENSION
from huiying.desk.cases.queries import together
from huiying.desk.cases.queries.names import Names, language
from huiying.desk.shell.mask import mask
from huiying.engine.journal import Entry, Kind

Data = Mapping[str, Any]

OUTCOMES: dict[str, str | Promise] = {
    "true": gettext_lazy("属实"),
    "partly": gettext_lazy("部分属实"),
    "untrue": gettext_lazy("不属实"),
    "unclear": gettext_lazy("暂无法核实"),
}
MEANS: dict[str, str | Promise] = {
    "phone": gettext_lazy("电话"),
    "paper": gettext_lazy("书面"),
    "system": gettext_lazy("系统"),
}
STAGES: dict[str, str | Promise] = {
    "first": gettext_lazy("首次回应"),
    "progress": gettext_lazy("进展通报"),
    "formal": gettext_lazy("正式答复"),
    "final": gettext_lazy("最终结果"),
    "correction": gettext_lazy("更正"),
}

#: How a letter to another body goes out.
MEANS_OF_LETTERS: dict[str, str | Promise] = {
    "hand": gettext_lazy("专人送达"),
    "confidential": gettext_lazy("机要交换"),
    "post": gettext_lazy("挂号邮寄"),
    "fax": gettext_lazy("传真"),
    "mail": gettext_lazy("电子邮件"),
    "system": gettext_lazy("公文系统"),
    "phone": gettext_lazy("电话"),
}
#: What came of a written request to another body.
OUTCOMES_OF_REQUESTS: dict[str, str | Promise] = {
    "agreed": gettext_lazy("同意，已配合"),
    "partly": gettext_lazy("部分配合"),
    "refused": gettext_lazy("未同意"),
    "none": gettext_lazy("没有复函，不再等"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, the longer text under it, and how much it weighs in the timeline."""

    sentence: str
    text: str = ""
    icon: str = "info"
    key: bool = False
    address: str = ""


def _join(*parts: object) -> str:
    return "\n".join(str(part) for part in parts if part)


def _due(data: Data, names: Names, field: str = "due_at") -> str:
    return _("时限：%(due)s") % {"due": names.at(data[field])} if data.get(field) else ""


def _opened(data: Data, names: Names) -> Said:
    hows = {
        "story": _("由话题立件"),
        "mention": _("由帖文立件"),
        "transfer": _("登记上级转交件"),
        "hand": _("人工立件"),
    }
    words = hows.get(str(data.get("how")), _("立件"))
    found = _("发现于 %(at)s") % {"at": names.at(data.get("discovered_at"))}
    return Said(words, _join(data.get("summary"), found, _due(data, names)), "flag", True)


def _mentions(data: Data, names: Names) -> Said:
    said = _("新增 %(n)s 条帖文") % {"n": len(data.get("mentions", ()))}
    joined = [str(title) for title in data.get("joined", ())]
    if not joined:
        return Said(said, icon="mention")
    titles = "、".join(f"“{mask(title)}”" for title in joined)
    went = _("话题%(titles)s并入“%(into)s”") % {"titles": titles, "into": mask(str(data.get("into", "")))}
    return Said(went, said, icon="merge")


def _verified(data: Data, names: Names) -> Said:
    outcome = OUTCOMES.get(str(data.get("outcome")), data.get("outcome"))
    return Said(_("核实：%(outcome)s") % {"outcome": outcome}, str(data.get("facts", "")), "check", True)


def reasons(data: Data) -> list[dict[str, Any]]:
    """The reasons of a proposal in the page's language: condition, measure, whether it holds."""
    tail = "en" if language().startswith("en") else "zh"
    return [
        {
            "text": item.get(tail, ""),
            "measured": item.get(f"measured_{tail}", ""),
            "holds": bool(item.get("holds")),
        }
        for item in data.get("reasons", ())
    ]


def _proposed(data: Data, names: Names) -> Said:
    held = [f"{item['text']} — {item['measured']}" for item in reasons(data) if item["holds"]]
    words = _("建议定为%(level)s") % {"level": names.level(data.get("level"))}
    return Said(words, _join(data.get("reason"), *held), "up")


def _confirmed(data: Data, names: Names) -> Said:
    level = names.level(data.get("level"))
    if data.get("overruled"):
        words = _("定为%(level)s，未采纳建议的%(other)s") % {
            "level": level,
            "other": names.level(data.get("proposed")),
        }
    else:
        words = _("定为%(level)s") % {"level": level}
    return Said(words, str(data.get("reason", "")), "flag", True)


def _done(data: Data, names: Names) -> Said:
    own = {ANSWERED: _("已答复并单的诉求人"), TOLD_OF_EXTENSION: _("已向诉求人告知延期")}
    step = str(data.get("step", ""))
    words = own.get(step) or _("完成：%(step)s") % {"step": names.step(step)}
    return Said(words, str(data.get("text", "")), "check", address=together.address(data))


def _reported(data: Data, names: Names) -> Said:
    means = MEANS.get(str(data.get("means")), "")
    words = _("%(means)s报告%(to)s") % {"means": means, "to": names.recipient(data.get("to"))}
    late = data.get("recorded_late")
    why = _("补记原因：%(why)s") % {"why": late} if late else ""
    return Said(words, _join(data.get("text"), why), "up", True, _paper(data))


def _paper(data: Data) -> str:
    """Where the paper of an entry is read, or the meeting."""
    ref = (data.get("paper") or {}).get("id")
    return reverse("reports:paper", args=[ref]) if isinstance(ref, int) else together.address(data)


def _instructed(data: Data, names: Names) -> Said:
    unit = data.get("unit")
    whom = _("由%(unit)s落实") % {"unit": names.unit(unit)} if unit else ""
    words = _("%(who)s批示") % {"who": data.get("by", "")}
    return Said(words, _join(data.get("text"), whom, _due(data, names)), "edit", True, _paper(data))


def _assigned(data: Data, names: Names) -> Said:
    unit = names.unit(data.get("unit"))
    if data.get("part") == "cooperating":
        words = _("请%(unit)s配合") % {"unit": unit}
    elif data.get("reassigned"):
        words = _("改派%(unit)s牵头") % {"unit": unit}
    else:
        words = _("交办%(unit)s牵头") % {"unit": unit}
    return Said(words, _join(data.get("text"), data.get("reason"), _due(data, names)), "unit", True)


def _published(data: Data, names: Names) -> Said:
    stage = STAGES.get(str(data.get("stage")), data.get("stage", ""))
    where = _("本单位公开页") if data.get("outlet") == "public" else data.get("outlet")
    outlet = _("出口：%(outlet)s") % {"outlet": where} if where else ""
    words, address = _("发布%(stage)s") % {"stage": stage}, str(data.get("address") or "")
    return Said(words, _join(data.get("title"), outlet), "send", True, address)


def _approved(data: Data, names: Names) -> Said:
    role = names.roles(str(data.get("approver_role", "")))
    steps = data.get("of") or []
    words = _("%(role)s审批通过（第 %(step)s 步，共 %(of)s 步）") % {
        "role": role,
        "step": data.get("step", 1),
        "of": len(steps) if isinstance(steps, list) else steps,
    }
    return Said(words, icon="ok")


def _extension(words: str) -> Callable[[Data, Names], Said]:
    def said(data: Data, names: Names) -> Said:
        sentence = _(words) % {"what": names.owed(data.get("obligation"))}
        new = _("新时限：%(due)s") % {"due": names.at(data["new_due_at"])} if data.get("new_due_at") else ""
        return Said(sentence, _join(data.get("reason"), new), "clock")

    return said


def _urged(data: Data, names: Names) -> Said:
    shape = _("督办第 %(n)s 号：%(unit)s") if data.get("supervision") else _("催办第 %(n)s 号：%(unit)s")
    words = shape % {"n": data.get("number"), "unit": names.unit(data.get("unit"))}
    copied = _("、").join(names.actor(str(actor)) for actor in data.get("copied", ()))
    above = _("抄送：%(who)s") % {"who": copied} if copied else ""
    return Said(words, _join(data.get("text"), above, _due(data, names)), "bell", True, _paper(data))


def _requested(data: Data, names: Names) -> Said:
    shape = _("催问复函第 %(n)s 号：%(to)s") if data.get("again") else _("协调函第 %(n)s 号：%(to)s")
    words = shape % {"n": data.get("number"), "to": data.get("to", "")}
    means = _("送出方式：%(means)s") % {"means": MEANS_OF_LETTERS.get(str(data.get("means")), "")}
    return Said(words, _join(data.get("text"), means, _due(data, names)), "send", True, _paper(data))


def _request_answered(data: Data, names: Names) -> Said:
    outcome = OUTCOMES_OF_REQUESTS.get(str(data.get("outcome")), "")
    words = _("协调函第 %(n)s 号：%(outcome)s") % {"n": data.get("number"), "outcome": outcome}
    return Said(words, str(data.get("text", "")), "reply", True)


def _merged(data: Data, names: Names) -> Said:
    if data.get("into"):
        return Said(
            _("并入 %(number)s") % {"number": data["into"]}, str(data.get("reason", "")), "merge", True
        )
    words = _("%(number)s 并入本件") % {"number": data.get("other")}
    return Said(words, _join(data.get("title"), data.get("reason")), "merge", True)


def _called_back(data: Data, names: Names) -> Said:
    solved = _("已解决") if data.get("solved") else _("未解决")
    happy = {True: _("满意"), False: _("不满意")}.get(data.get("satisfied"), _("未表态"))  # type: ignore[arg-type]
    words = _("回访：%(solved)s，%(happy)s") % {"solved": solved, "happy": happy}
    return Said(words, str(data.get("text", "")), "phone", True)


def _note(data: Data, names: Names) -> Said:
    if data.get("calendar"):
        moved = data.get("moved", ())
        words = _("工作日历换成第 %(version)s 版，%(n)s 个时限变动") % {
            "version": data["calendar"].get("version"),
            "n": len(moved),
        }
        lines = [f"{names.owed(m['key'])}: {names.at(m['was'])} → {names.at(m['now'])}" for m in moved]
        return Said(words, _join(*lines), "calendar", bool(moved))
    if data.get("relapse") is False:
        return Said(_("判定不属复发"), str(data.get("text", "")), "eye")
    if together.of(data):
        told = str(data.get("text", ""))
        return Said(together.heading(data), told, together.icon(data), True, together.address(data))
    if data.get("paper"):
        return Said(_("出具文件"), str(data.get("text", "")), "reports", True, _paper(data))
    return Said(_("记事"), str(data.get("text", "")), "edit")


def _waived(data: Data, names: Names) -> Said:
    return Said(
        _("免办：%(what)s") % {"what": names.owed(data.get("obligation"))},
        str(data.get("reason", "")),
        "close",
        True,
    )


def _corrected(data: Data, names: Names) -> Said:
    why = _("原因：%(why)s") % {"why": data["reason"]} if data.get("reason") else ""
    return Said(_("更正第 %(seq)s 条记录") % {"seq": data.get("entry")}, _join(data.get("text"), why), "edit")


def _closed(data: Data, names: Names) -> Said:
    watch = _("关注复发至 %(at)s") % {"at": names.at(data["watch_until"])} if data.get("watch_until") else ""
    return Said(_("办结"), _join(data.get("summary"), watch), "ok", True)


def _reopened(data: Data, names: Names) -> Said:
    words = _("复发，重新办理") if data.get("relapse") else _("重新办理")
    return Said(words, str(data.get("reason", "")), "refresh", True)


def _told(words: str) -> Callable[[Data, Names], Said]:
    def said(data: Data, names: Names) -> Said:
        sentence = _(words) % {"who": names.actor(str(data.get("recipient", "")))}
        error = data.get("error")
        text = error.get("en" if language().startswith("en") else "zh", "") if isinstance(error, dict) else ""
        repeat = _("可能重复送达") if data.get("repeat") else ""
        about = names.owed(data["obligation"]) if data.get("obligation") else ""
        return Said(sentence, _join(about, text, repeat), "bell")

    return said


def _plain(
    words: str, icon: str, *, field: str = "text", key: bool = False, unit: bool = False
) -> Callable[[Data, Names], Said]:
    def said(data: Data, names: Names) -> Said:
        sentence = _(words) % {"unit": names.unit(data.get("unit"))} if unit else _(words)
        return Said(sentence, str(data.get(field) or ""), icon, key)

    return said


SAYINGS: Mapping[str, Callable[[Data, Names], Said]] = {
    Kind.OPENED: _opened,
    Kind.MENTIONS_ADDED: _mentions,
    Kind.VERIFIED: _verified,
    Kind.LEVEL_PROPOSED: _proposed,
    Kind.LEVEL_CONFIRMED: _confirmed,
    Kind.DONE: _done,
    Kind.REPORTED: _reported,
    Kind.INSTRUCTED: _instructed,
    Kind.INSTRUCTION_DONE: _plain(gettext_noop("批示已落实"), "check"),
    Kind.ASSIGNED: _assigned,
    Kind.ACCEPTED: _plain(gettext_noop("%(unit)s接办"), "check", key=True, unit=True),
    Kind.DECLINED: _plain(gettext_noop("%(unit)s退办"), "left", field="reason", key=True, unit=True),
    Kind.UNIT_REPORTED: _plain(gettext_noop("%(unit)s报来办理结果"), "unit", key=True, unit=True),
    Kind.OFFLINE_FIXED: _plain(gettext_noop("实际问题已解决"), "ok", key=True),
    Kind.LINES_SET: lambda data, names: Said(
        _("审定口径第 %(version)s 版") % {"version": data.get("version", 1)},
        str(data.get("text") or ""),
        "lock",
        True,
    ),
    Kind.DRAFTED: lambda data, names: Said(
        _("起草%(stage)s") % {"stage": STAGES.get(str(data.get("stage")), "")}, icon="edit"
    ),
    Kind.SUBMITTED: lambda data, names: Said(
        _("送审：%(chain)s")
        % {"chain": " → ".join(names.roles(str(step)) for step in data.get("chain", ()))},
        icon="send",
    ),
    Kind.APPROVED: _approved,
    Kind.RETURNED: _plain(gettext_noop("草稿退回修改"), "left", field="reason"),
    Kind.PUBLISHED: _published,
    Kind.PROMISED: lambda data, names: Said(
        _("作出承诺"), _join(data.get("text"), _due(data, names)), "calendar", True
    ),
    Kind.PROMISE_KEPT: _plain(gettext_noop("承诺已兑现"), "check", key=True),
    Kind.PROGRESS: _plain(gettext_noop("进展"), "right"),
    Kind.EXTENSION_ASKED: _extension(gettext_noop("申请延期：%(what)s")),
    Kind.EXTENSION_GRANTED: _extension(gettext_noop("批准延期：%(what)s")),
    Kind.EXTENSION_REFUSED: _extension(gettext_noop("不同意延期：%(what)s")),
    Kind.TOLD: _told(gettext_noop("已告知%(who)s")),
    Kind.TELLING_FAILED: _told(gettext_noop("没能告知%(who)s")),
    Kind.ACKNOWLEDGED: _told(gettext_noop("%(who)s已签收")),
    Kind.URGED: _urged,
    Kind.URGE_ANSWERED: lambda data, names: Said(
        _("回复第 %(n)s 号催办") % {"n": data.get("number")}, str(data.get("text", "")), "reply"
    ),
    Kind.REQUESTED: _requested,
    Kind.REQUEST_ANSWERED: _request_answered,
    Kind.MERGED: _merged,
    Kind.CALLED_BACK: _called_back,
    Kind.NOTE: _note,
    Kind.WAIVED: _waived,
    Kind.CORRECTED: _corrected,
    Kind.CLOSED: _closed,
    Kind.REOPENED: _reopened,
    Kind.REVIEWED: _plain(gettext_noop("复盘"), "library", field="summary", key=True),
    Kind.ARCHIVED: _plain(gettext_noop("归档"), "archive", field="package_sha256", key=True),
}


def said(entry: Entry, names: Names) -> Said:
    """What the entry says."""
    return SAYINGS[entry.kind](entry.data, names)
