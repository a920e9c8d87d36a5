"""The sections of papers on a case, one function a kind."""

from collections.abc import Callable, Mapping

from huiying.desk.reports.drafting.material import Material
from huiying.desk.reports.drafting.words import closed, paragraphs
from huiying.desk.reports.kinds import PHONE_MOST
from huiying.engine.journal import Kind as Told

Sections = dict[str, str]


def flash(of: Material) -> Sections:
    """Facts fast, causes careful, progress after progress."""
    event = paragraphs(of.found(), of.verified(), of.figures_said())
    return {
        "phone": phone(of),
        "event": event,
        "spread": of.spread(),
        "done": of.measures() or "已启动核实，值班人员正在处理。",
        "next": of.coming() or "继续核实处置，有新情况随时续报。",
    }


def phone(of: Material) -> str:
    """The flash in one long text message: head, facts, state; the rest is cut, never the end of a sentence's facts."""
    body = of.body.short_name or of.body.name if of.body else ""
    begin = f"【{body}快报】{of.found()}"
    rest = [of.verified(), "已开展处置，进展续报。"]
    text = begin
    for part in rest:
        if len(text) + len(part) <= PHONE_MOST:
            text += part
    return text if len(text) <= PHONE_MOST else f"{text[: PHONE_MOST - 1]}…"


def brief(of: Material) -> Sections:
    """The matter, how it spreads, what to make of it, what was done, what the leader has to decide."""
    return {
        "event": paragraphs(of.found(), of.verified(), of.figures_said()),
        "spread": paragraphs(of.since_the_last_brief(), of.spread()),
        "assess": of.reasons(),
        "done": of.measures() or "正在核实。",
        "advice": "",
    }


def handling(of: Material) -> Sections:
    """What was asked, found, done and answered, and what it showed."""
    return {
        "event": of.found(),
        "verify": paragraphs(of.verified(), of.causes() if of.lines and of.lines.causes.strip() else ""),
        "done": of.measures(),
        "reply": of.answers(),
        "problems": paragraphs(*of.missed()),
        "next": of.coming(),
    }


def transfer(of: Material) -> Sections:
    """What comes from where, to whom, until when."""
    lead = str(of.case.lead) if of.case.lead else "（牵头部门）"
    helpers = "、".join(unit.name for unit in of.case.cooperating.all())
    return {
        "origin": f"{of.case.get_how_display()}，{of.at(of.case.discovered_at)}发现",
        "event": closed(of.case.summary or of.case.title),
        "opinion": f"请{lead}牵头办理{f'，{helpers}配合' if helpers else ''}，核实情况，解决实际问题，拟出答复。",
        "request": paragraphs(
            of.coming(), "办理结果按时书面报舆情办；不属本部门职责的，即时说明理由退回，不得自行转交。"
        ),
    }


def supervision(of: Material) -> Sections:
    """What is supervised and why: the urging on the record, the deadlines that passed."""
    urged = [entry for entry in of.on.of_kind(Told.URGED) if entry.data.get("supervision")]
    words = str(urged[-1].data.get("text", "")) if urged else ""
    return {
        "event": closed(of.case.summary or of.case.title),
        "reason": paragraphs(*of.missed()),
        "request": paragraphs(
            closed(words), "请在回复时限前书面报告办理结果；未办结的，说明原因、责任人和完成时间。"
        ),
    }


def coordination(of: Material) -> Sections:
    """What it is about, what we have done, what is asked for."""
    return {"event": paragraphs(of.found(), of.verified()), "done": of.measures(), "request": ""}


def placement(of: Material) -> Sections:
    """For which media, why: both to be written; the text is the approved one."""
    return {"media": "", "reason": "请媒体如实报道核实的情况，回应公众关切，由网络发言人联系。"}


def kit(of: Material) -> Sections:
    """Facts, expected questions with the answers that the lines allow, and what may not be said yet."""
    return {
        "arrangement": "时间：\n地点：\n发布人：\n邀请媒体：",
        **fixed_of_lines(of),
        "questions": questions(of),
    }


def fixed_of_lines(of: Material) -> Sections:
    """What the kit takes from the lines in force, word for word."""
    lines = of.lines
    if lines is None:
        return {"facts": "", "not_yet": ""}
    causes = paragraphs(*(closed(f"原因：{line}") for line in lines.causes.splitlines() if line.strip()))
    wording = paragraphs(*(closed(f"表述：{line}") for line in lines.wording.splitlines() if line.strip()))
    return {
        "facts": paragraphs(of.facts(), of.figures_said(), causes, wording),
        "not_yet": paragraphs(*(closed(line) for line in lines.not_yet.splitlines())),
    }


#: What every briefing is asked, and which words of ours answer it.
USUAL: tuple[tuple[str, Callable[[Material], str]], ...] = (
    ("现在情况怎样？", lambda of: of.facts()),
    ("原因是什么？", lambda of: of.causes()),
    ("已经做了什么？", lambda of: of.measures()),
    ("接下来做什么，什么时候有结果？", lambda of: of.coming()),
)


def questions(of: Material) -> str:
    """Question and answer, line by line; a question without an answer is left open to be written."""
    pairs = [(question, answer(of).replace("\n", "")) for question, answer in USUAL]
    pairs += [(question, "") for question in of.asked()]
    return "\n".join(f"问：{question}\n答：{answer}" for question, answer in pairs)


def review(of: Material) -> Sections:
    """What the review on the record says; before there is one, the course of the matter and what was late."""
    filed = of.on.of_kind(Told.REVIEWED)
    said = dict(filed[-1].data) if filed else {}
    closing = of.on.of_kind(Told.CLOSED)
    course = paragraphs(
        of.found(), of.verified(), str(closing[-1].data.get("summary", "")) if closing else ""
    )
    return {
        "event": str(said.get("summary") or course),
        "worked": str(said.get("worked") or ""),
        "failed": str(said.get("failed") or paragraphs(*of.missed())),
        "lessons": str(said.get("lessons") or ""),
        "next": str(said.get("outlook") or ""),
    }


SECTIONS: Mapping[str, Callable[[Material], Sections]] = {
    "flash": flash,
    "brief": brief,
    "handling": handling,
    "transfer": transfer,
    "supervision": supervision,
    "coordination": coordination,
    "placement": placement,
    "kit": kit,
    "review": review,
}
