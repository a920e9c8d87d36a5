"""How rules are put into words that somebody understands at three in the morning."""

from collections.abc import Mapping
from functools import lru_cache

from huiying.engine.plan.model import Duty, Named
from huiying.engine.spans import Within
from huiying.engine.text import Text

ROLE_NAMES: Mapping[str, Text] = {
    "head": Text("负责人", "the head"),
    "deputy": Text("分管负责人", "the deputy"),
    "office": Text("舆情办", "the office"),
    "duty": Text("值班员", "the duty officer"),
    "handler": Text("承办人", "the handler"),
    "reviewer": Text("审核人", "the reviewer"),
    "spokesperson": Text("发言人", "the spokesperson"),
    "auditor": Text("监督员", "the auditor"),
    "admin": Text("管理员", "the administrator"),
}
MEANS_NAMES: Mapping[str, Text] = {
    "phone": Text("电话", "by phone"),
    "paper": Text("书面", "on paper"),
    "system": Text("系统", "through the system"),
}
STAGE_NAMES: Mapping[str, Text] = {
    "first": Text("首次回应", "a first answer"),
    "progress": Text("进展通报", "an account of progress"),
    "formal": Text("正式答复", "the formal answer"),
    "final": Text("最终结果", "the final result"),
    "correction": Text("更正", "a correction"),
}
FORM_NAMES: Mapping[str, Text] = {
    "reply": Text("帖下回复", "reply under the post"),
    "comment": Text("评论", "comment"),
    "article": Text("文章", "article"),
    "statement": Text("情况说明", "statement"),
    "release": Text("新闻通稿", "news release"),
    "correction": Text("更正说明", "correction"),
    "briefing": Text("新闻发布会", "press conference"),
    "referral": Text("移送函", "referral"),
    "letter": Text("函件", "letter"),
}
#: What a rule may be measured from, as the beginning of "自…起".
SINCE_NAMES: Mapping[str, Text] = {
    "discovered": Text("发现", "discovery"),
    "posted": Text("发帖", "the post"),
    "opened": Text("立件", "the opening of the case"),
    "mentions_added": Text("新增帖文", "new posts joining the case"),
    "verified": Text("核实", "verification"),
    "level_proposed": Text("提出等级", "the proposal of the level"),
    "level_confirmed": Text("定级", "grading"),
    "done": Text("该步骤完成", "the step's completion"),
    "reported": Text("上报", "the report"),
    "instructed": Text("收到批示", "the instruction"),
    "instruction_done": Text("批示办结", "the instruction's being carried out"),
    "assigned": Text("交办", "assignment"),
    "accepted": Text("接办", "acceptance"),
    "declined": Text("退办", "the return"),
    "unit_reported": Text("承办单位报结果", "the unit's result"),
    "offline_fixed": Text("线下问题解决", "the offline fix"),
    "lines_set": Text("口径审定", "the lines to take"),
    "published": Text("发布", "publication"),
    "promised": Text("作出承诺", "the promise"),
    "promise_kept": Text("兑现承诺", "the promise's being kept"),
    "progress": Text("上次进展", "the last progress"),
    "extension_granted": Text("批准延期", "the extension"),
    "extension_refused": Text("不准延期", "the refusal of the extension"),
    "urged": Text("催办", "the urging notice"),
    "merged": Text("并件", "the merger"),
    "called_back": Text("回访", "the call-back"),
    "corrected": Text("更正记录", "the correction of the record"),
    "closed": Text("办结", "closing"),
    "reopened": Text("重新办理", "reopening"),
    "reviewed": Text("复盘", "the review"),
}
_ACTS: Mapping[str, Text] = {
    "verified": Text("核实情况并留存证据", "Check the facts and keep the evidence"),
    "level_proposed": Text("研判并提出等级", "Assess and propose a level"),
    "level_confirmed": Text("研判定级", "Assess and confirm the level"),
    "assigned": Text("交办到牵头单位", "Assign a lead unit"),
    "accepted": Text("接办或退办", "Accept or return the assignment"),
    "unit_reported": Text("报办理结果", "Report the unit's result"),
    "offline_fixed": Text("线下解决实际问题", "Settle the real problem offline"),
    "lines_set": Text("审定统一口径", "Set the lines to take"),
    "progress": Text("续报进展", "Report progress"),
    "instructed": Text("请示并登记批示", "Ask for and record the instruction"),
    "called_back": Text("回访诉求人", "Call back the person who asked"),
    "urged": Text("催办", "Urge the unit"),
    "closed": Text("办结", "Close the case"),
    "reopened": Text("重新办理", "Reopen the case"),
    "reviewed": Text("复盘总结，编入案例库", "Review the case and file what was learnt"),
    "archived": Text("归档", "Archive the case"),
    "promised": Text("作出承诺并写明日期", "Make a promise with a date"),
    "merged": Text("并件", "Merge repeated requests"),
    "mentions_added": Text("补充帖文", "Add the new posts"),
    "note": Text("作记录", "Make a note"),
}


def act_text(duty: Duty, recipients: Mapping[str, Named], step: Text | None = None) -> Text:
    """What is to be done, where the plan gives no sentence of its own."""
    if duty.act == "reported":
        named = recipients.get(duty.to)
        to = named.name if named else Text(duty.to, duty.to)
        means = MEANS_NAMES.get(duty.means, Text("", ""))
        return Text(f"{means.zh}报告{to.zh}", f"Report to {to.en} {means.en}".strip())
    if duty.act == "published":
        stage = STAGE_NAMES.get(duty.stage, Text("回应", "an answer"))
        form = FORM_NAMES.get(duty.form)
        return Text(
            f"发布{stage.zh}" + (f"（{form.zh}）" if form else ""),
            f"Publish {stage.en}" + (f" ({form.en})" if form else ""),
        )
    if duty.act == "done" and step:
        return step
    return _ACTS.get(duty.act, Text(duty.act, duty.act))


def since_text(since: str, names: Mapping[str, Text]) -> Text:
    """The event that a rule is measured from; `names` holds the sentences of duties and steps by `duty:<id>`."""
    if since in names:
        what = names[since]
        return Text(f"“{what.zh}”完成", f'"{what.en}" was done')
    return SINCE_NAMES.get(since, Text(since, since))


@lru_cache(maxsize=4096)
def why_text(since: Text, within: Within, source: Text, *, every: bool = False) -> Text:
    """The rule in words: from when, how long, on which clock, by which clause."""
    clock = Text("（含夜间和节假日）", ", nights and holidays included") if within.elapsed else Text("", "")
    ends = (
        Text("下班前", " by close of office")
        if within.until == "office_close" and "days" in within.unit
        else None
    )
    zh = f"{'每隔' if every else '自' + since.zh + '起'} {within.text.zh}{'一次' if every else '内'}{ends.zh if ends else ''}{clock.zh}"
    en = f"{'every' if every else 'within'} {within.text.en}{'' if every else ' of ' + since.en}{ends.en if ends else ''}{clock.en}"
    if within.amount == 0:
        zh, en = f"{since.zh}{within.text.zh}", f"on {within.text.en} as {since.en}"
    if source.zh:
        zh, en = f"{zh}。依据：{source.zh.rstrip('。')}", f"{en}. By: {source.en.rstrip('.')}"
    return Text(f"{zh}。", f"{en[0].upper()}{en[1:]}.")
