"""One invented paper of each kind, for the pictures in docs/papers and for whoever designs a form of their own."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from huiying.desk.accounts.models import Institution, Person
from huiying.desk.reports.drafting.sources import request_of
from huiying.desk.reports.kinds import FORMS, Form
from huiying.desk.reports.layout.make import sheet
from huiying.desk.reports.layout.sheet import Sheet
from huiying.desk.reports.models import Paper

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
SCHOOL = Institution(name="青禾市第九中学", short_name="九中", zone="Asia/Shanghai")
MATTER = "3号宿舍楼热水停供"
TITLES = {
    "daily": "网上舆情日报（2026年11月24日）",
    "weekly": "网上舆情周报（2026年11月18日至11月24日）",
    "monthly": "网上舆情月报（2026年11月1日至11月30日）",
    "statement": "关于3号宿舍楼热水恢复供应的情况说明",
}
TO = {
    "transfer": "后勤处",
    "supervision": "后勤处",
    "coordination": "青禾市燃气公司",
    "correction": "校园论坛管理员",
    "referral": "青禾市公安局网络安全保卫支队",
    "statement": "青禾晚报、青禾广播",
    "placement": "",
    "kit": "",
    "minutes": "",
    "flash": "领导小组组长",
    "brief": "领导小组组长",
}
#: What stands in a section, whatever the paper; sections that are not here stay empty.
BODY: Mapping[str, str] = {
    "media": "青禾晚报\n青禾广播",
    "event": "11月24日7时52分，监测发现：3号宿舍楼热水停了三天，学生问什么时候能修好。\n经核实，反映的情况部分属实。11月23日14时起，锅炉循环泵损坏，热水停供，共20小时。\n受影响宿舍楼1栋，受影响学生312人。",
    "spread": "截至11月24日18时，共监测到相关帖文147条，涉及站点4个（校园论坛92条、家长群转帖31条、短视频评论18条、市民留言6条）。不同声音89个，热度趋于平稳。未见主流媒体报道。",
    "assess": "按预案定为较大，依据：同一事项在多个站点出现（4个站点），负面声音占比过半（61%）。\n停水时间长短的说法不一，容易被放大；热水恢复前热度不会回落。",
    "done": "11月24日8时10分，交后勤处牵头办理，学工处配合。\n11月24日9时40分，后勤处更换循环泵，北区浴室延长开放。\n11月24日11时20分，发布首次回应《关于3号宿舍楼热水的答复》。",
    "next": "后勤处11月26日前恢复热水并逐室告知；网络发言人当日发布结果；学工处一周内回访。",
    "advice": "一、同意后勤处更换备用循环泵的采购。\n二、请学工处当晚到3号楼当面说明。",
    "verify": "经核实，反映的情况部分属实。停水共20小时，不是三天。\n原因：循环泵轴承磨损，备用泵未按期保养。",
    "reply": "11月24日11时20分，以本单位名义发布《关于3号宿舍楼热水的答复》。\n回访：受访学生18人，均已用上热水，16人表示满意。",
    "problems": "备用设备没有保养台账；停水通知只贴在楼下，没有发到班级群。",
    "origin": "监测发现，11月24日7时52分",
    "opinion": "请后勤处牵头办理，学工处配合，核实情况，解决实际问题，拟出答复。",
    "reason": "报办理结果，应于11月25日8时10分前完成，至今未办。",
    "request": "请于11月26日12时前书面报告办理结果；未办结的，说明原因、责任部门和完成时间。",
    "text": "11月23日14时，我校3号宿舍楼热水锅炉循环泵损坏，热水停供。学校接到反映后，后勤处连夜抢修，已于11月24日上午更换循环泵，预计11月26日前恢复热水。\n停水期间，同学可凭学生卡到北区浴室免费洗澡，每天17时至22时开放。\n给同学们带来不便，我们深表歉意。进展将在学校公开页及时公布。",
    "arrangement": "时间：11月25日15时\n地点：行政楼一层会议室\n发布人：庚发言\n邀请媒体：青禾晚报、青禾广播",
    "facts": "11月23日14时至24日10时，3号宿舍楼热水停供20小时。\n受影响学生312人。\n原因：循环泵轴承磨损。",
    "questions": "问：为什么停了这么久才修？\n答：23日14时发现，备用泵不能启动，当晚从外地调泵，24日上午换好。\n问：什么时候恢复？\n答：11月26日前。\n问：会不会再停？\n答：备用泵本周内检修，今后每月试运行一次并公布结果。",
    "not_yet": "锅炉供应商的赔偿：还在商谈。",
    "matter": "我单位（青禾市第九中学）在核实有关情况时发现，下列公开发布的内容一处事实与实际不符。",
    "claim": "内容原文：“3号楼热水停了半个月没人管”\n公开地址：https://forum.example/t/1024",
    "fact": "停水自11月23日14时起，至11月24日10时止，共20小时；当日8时10分已有人到场抢修。",
    "evidence": "1．锅炉运行记录，11月1日至24日。\n2．后勤处检修单，编号20261124-03。",
    "worked": "首次回应在发现后3小时28分发出；先给了替代的洗澡去处，再讲原因。",
    "failed": "停水通知没有发到班级群；备用设备没有保养台账。",
    "lessons": "设备停用超过2小时，先发通知，再修；通知写清替代办法和恢复时间。",
    "meeting": "2026年11月24日16时0分，甲校长在行政楼一层会议室主持召开联席会议。会议通报了3号宿舍楼热水停供的经过和网上反映，听取了后勤处、学工处的意见。",
    "decisions": "（一）更换循环泵并连夜调试。由后勤处负责，11月25日18时0分前完成。\n（二）到3号楼逐室告知替代办法和恢复时间。由学工处负责，11月24日22时0分前完成。",
    "roll": "出席：甲校长（负责人）、乙副校长（分管负责人）、丙主任（舆情办）、丁值班（值班员）、戊承办（后勤处）、庚发言（发言人）\n请假：己审核（外出培训）\n列席：青禾市燃气公司调度室",
    "overview": "11月24日0时0分至11月25日0时0分，共收集帖文327条，涉及站点6个，形成话题5个。新立件2件，办结1件，期末在办4件；逾期1项。\n另有1个信源未能读取：“市民论坛”（11月24日15时20分起）。没有读到不等于没有声音。",
    "hot": "1．3号宿舍楼热水停供：本期147条，累计147条，负面61%，涉及后勤处，已立件。\n2．校车改线没有通知：本期46条，累计58条，负面48%，涉及学工处。\n3．图书馆周末不开放：本期21条，累计33条，负面30%。",
    "cases": "新立件：2026-0007 3号宿舍楼热水停供。\n新立件：2026-0008 校车改线没有通知。\n已办结：2026-0005 操场夜间照明。",
    "outlook": "可能继续升温：校车改线没有通知。\n11月25日7时52分前：2026-0007 正式答复。",
}
#: Sections that say something else in one kind.
OWN: Mapping[str, Mapping[str, str]] = {
    "coordination": {
        "request": "一、请于11月25日18时前派员检查3号宿舍楼锅炉房供气压力。\n二、检查结果请书面函告我校。"
    },
    "correction": {"request": request_of("correction")},
    "referral": {
        "matter": "我单位（青禾市第九中学）在核实有关情况时发现，下列公开发布的内容所涉情形为：冒充本单位或他人。",
        "claim": "内容原文：“九中后勤处退费通道，扫码登记”\n公开地址：https://forum.example/t/2048",
        "fact": "我校从未开设网上退费通道，该内容使用我校名称和标志。",
        "evidence": "1．页面截图及抓取时间。\n2．我校公开页关于退费办法的通知。",
        "request": request_of("referral"),
    },
    "minutes": {
        "assess": "停水时间长短的说法不一，容易被放大；热水恢复前热度不会回落，有向市级媒体扩散的可能。",
        "plan": "线下处置：后勤处当晚换泵，学工处逐室告知并安排北区浴室。\n口径与发布：口径由分管负责人审定，发言人从学校公开页发布，进展每日一报。\n监测与信息报送：值班员每小时看一次，每4小时报负责人和教育局。",
    },
    "placement": {"reason": "市民和家长关心供水，请两家媒体刊发，由网络发言人联系。"},
    "weekly": {
        "overview": "11月18日0时0分至11月25日0时0分，共收集帖文1206条，涉及站点7个，形成话题14个。新立件6件，办结5件，期末在办4件；逾期1项。"
    },
    "monthly": {
        "overview": "11月1日0时0分至12月1日0时0分，共收集帖文4870条，涉及站点9个，形成话题52个。新立件21件，办结19件，期末在办4件；逾期3项。"
    },
}
FIGURES = [
    {
        "title": "帖文数量",
        "unit": "条",
        "label": "时间",
        "shape": "bar",
        "rows": [[f"{hour}时", count] for hour, count in zip(range(0, 24, 2), (6, 2, 1, 9, 38, 61, 55, 32, 41, 44, 27, 11), strict=True)],
    },
    {
        "title": "热点话题",
        "unit": "条",
        "label": "话题",
        "shape": "across",
        "rows": [["3号宿舍楼热水停供", 147], ["校车改线没有通知", 46], ["图书馆周末不开放", 21], ["食堂排队太久", 18]],
    },
]  # fmt: skip


def example(form: Form) -> Sheet:
    """An invented paper of this kind, as issued."""
    paper = Paper(
        kind=form.kind,
        title=TITLES.get(
            form.kind.value, form.title.format(title=f"{MATTER}一事" if form.title != "{title}" else MATTER)
        ),
        to=TO.get(form.kind.value, "青禾市教育局") if form.case else "",
        copy_to="市委宣传部，市教育局办公室"
        if form.kind in ("handling", "brief", "daily", "supervision")
        else "",
        contact="丙主任，0700-6100123" if form.kind in ("coordination", "correction", "referral") else "",
        urgency="特急" if form.kind == "flash" else "",
        body={key: {**BODY, **OWN.get(form.kind.value, {})}.get(key, "") for key in form.keys},
        figures=FIGURES if form.span else [],
        year=2026,
        serial=7,
        number=f"九中{form.word}〔2026〕7号",
        due_at=AT + timedelta(days=2, hours=-6) if form.due else None,
        issued_at=AT,
        signed_by=Person(name="甲校长") if form.sign or form.kind == "handling" else None,
    )
    return sheet(paper, SCHOOL, AT)


def examples() -> dict[str, Sheet]:
    """One of each kind."""
    return {kind: example(form) for kind, form in FORMS.items()}
