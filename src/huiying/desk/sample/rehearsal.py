"""The sample's rehearsal: a grave matter of the day before, played as a drill, with its meeting, task force, adviser and press."""

from datetime import datetime, timedelta

from huiying.desk.accounts.models import Person, Role, Unit
from huiying.desk.accounts.queries import holders
from huiying.desk.cases import actions as cases
from huiying.desk.cases.models import Case
from huiying.desk.joint import actions as joint
from huiying.desk.joint.models import Meeting
from huiying.desk.library import actions as library
from huiying.desk.replies import actions as replies
from huiying.desk.replies import queries
from huiying.desk.replies.models import Draft

#: How long before the sample was filled in the drill began.
AGO, HOUR = timedelta(hours=20), timedelta(hours=1)
LINES = {
    "facts": "昨天19时40分，5号宿舍楼配电箱短路，全楼停电\n学生已全部疏散到体育馆，没有人受伤",
    "figures": "疏散学生 = 286人\n停电宿舍楼 = 1栋",
    "not_yet": "短路的责任：还在鉴定",
    "handling": "安全保卫处疏散安置，后勤处抢修",
}
PLAN = {
    "handling": "后勤处当晚更换配电箱并逐层检查；安全保卫处组织疏散安置，逐人清点。",
    "wording": "口径由分管副校长审定，发言人从学校公开页发布，两小时一报。",
    "monitoring": "值班员每半小时看一次家长圈和论坛，有新说法立即报办公室。",
}
WORDS = (
    "昨天19时40分，我校5号宿舍楼配电箱短路，全楼停电。学校立即疏散学生286人，全部安置在体育馆，没有人受伤。"
    "后勤处正在更换配电箱，逐层检查线路，合格后恢复供电。进展在学校公开页公布。"
)
SAID = "学校立即疏散学生286人，没有人受伤。后勤处正在更换配电箱。"


def rehearse(now: datetime) -> Case:
    """Play the drill, all of it before `now`. Nothing of it leaves the house; what is owed on it in the end is waived."""
    begin = now - AGO
    case = _opened(begin)
    meeting = _met(case, begin + HOUR / 4)
    _worked(case, meeting, begin + HOUR)
    _told_the_press(case, begin + 2 * HOUR)
    for row in case.owed.filter(state__in=("open", "missed"), closing=False):
        reason = "示例中的演练，到此为止"
        cases.waive(by=_one(Role.HEAD), now=begin + 5 * HOUR, case=case, obligation=row.key, reason=reason)
    return case


def _one(role: str) -> Person:
    """Whoever holds a role in the whole school."""
    return holders(role)[0]


def _unit(name: str) -> Unit:
    return Unit.objects.get(name=name)


def _opened(at: datetime) -> Case:
    office = _one(Role.OFFICE)
    summary = "多名学生说5号宿舍楼有焦味后停电，家长圈在转。"
    case = cases.open_case(by=office, now=at, title="宿舍楼停电", summary=summary, drill=True)
    facts = "配电箱短路，全楼停电，学生已疏散，没有人受伤。"
    cases.verify(by=office, now=at, case=case, outcome="true", facts=facts)
    cases.confirm_level(by=_one(Role.HEAD), now=at, case=case, level=1, reason="涉及学生安全，传播很快")
    return case


def _met(case: Case, at: datetime) -> Meeting:
    office, head = _one(Role.OFFICE), _one(Role.HEAD)
    meeting = joint.call_meeting(
        by=office,
        now=at,
        case=case,
        kind="joint",
        at=at + HOUR / 4,
        way="place",
        place="行政楼一层会议室",
        agenda="一、通报情况\n二、定处置方案\n三、定口径和发布",
        chair=head,
        roles=[Role.HEAD, Role.DEPUTY, Role.OFFICE, Role.SPOKESPERSON],
        units=[_unit("后勤处"), _unit("安全保卫处")],
        guests="青禾市供电公司城西供电所",
    )
    came = list(meeting.invitations.all())
    later = at + HOUR / 2
    joint.hold_meeting(by=office, now=later, meeting=meeting, came=came, guests=meeting.guests)
    for unit, text in (("后勤处", "更换配电箱，逐层检查线路"), ("安全保卫处", "疏散安置学生，逐人清点")):
        joint.add_decision(
            by=office, now=later, meeting=meeting, text=text, unit=_unit(unit), due_at=at + 2 * AGO
        )
    joint.write_minutes(
        by=office, now=later, meeting=meeting, minutes="通报了停电和疏散情况，议定了分工和口径。", **PLAN
    )
    joint.submit_minutes(by=office, now=later, meeting=meeting)
    return joint.adopt_minutes(by=head, now=later, meeting=meeting)


def _worked(case: Case, meeting: Meeting, at: datetime) -> None:
    """The task force that still stands, and what an adviser said."""
    office = _one(Role.OFFICE)
    units = [_unit("后勤处"), _unit("安全保卫处")]
    joint.form_task_force(
        by=_one(Role.HEAD),
        now=at,
        case=case,
        name="宿舍停电处置专班",
        leader=_one(Role.DEPUTY),
        duties="现场处置：后勤处、安全保卫处\n舆论应对：办公室、发言人\n监测报告：值班员",
        members=[office, _one(Role.SPOKESPERSON), *(holders(Role.HANDLER, unit)[0] for unit in units)],
        meeting=meeting,
    )
    adviser = joint.put_adviser(
        by=office, now=at, name="示例·电气专家", post="示例检测机构工程师", field="电气安全"
    )
    joint.record_opinion(
        by=office,
        now=at,
        case=case,
        adviser=adviser,
        question="更换配电箱后能否当晚恢复供电？",
        text="更换后应逐层测绝缘，合格一层送一层；不建议整楼一次送电。",
    )


def _told_the_press(case: Case, at: datetime) -> None:
    """Lines, words through the plan's chain, and a press conference with a question left open."""
    office, speaker = _one(Role.OFFICE), _one(Role.SPOKESPERSON)
    lines = replies.write_lines(by=office, now=at, case=case, fields=LINES)
    replies.approve_lines(by=_one(Role.HEAD), now=at, lines=lines)
    contact = library.put_contact(
        by=office, now=at, outlet="青禾晚报", name="示例·记者", tier="city", role="教育条线"
    )
    briefing = joint.plan_briefing(
        by=office,
        now=at,
        case=case,
        kind="conference",
        stage="first",
        topic="宿舍楼停电情况通报",
        at=at + HOUR,
        place="学校报告厅",
        spokesperson=speaker,
    )
    outlet = joint.add_outlet(by=office, now=at, briefing=briefing, contact=contact)
    draft = joint.write_statement(by=speaker, now=at, briefing=briefing)
    draft = replies.save(by=speaker, now=at, draft=draft, fields={"text": WORDS})
    draft = replies.submit(by=speaker, now=at, draft=draft, reason="演练用稿")
    while draft.state == Draft.State.SUBMITTED:
        draft = replies.approve(by=queries.due_people(draft, at)[0], now=at, draft=draft)
    briefing.refresh_from_db()
    joint.hold_briefing(by=speaker, now=at + HOUR, briefing=briefing, came=[outlet])
    joint.record_said(by=speaker, now=at + 2 * HOUR, briefing=briefing, text=SAID)
    joint.note_question(
        by=speaker,
        now=at + 2 * HOUR,
        briefing=briefing,
        outlet="青禾晚报",
        text="其他宿舍楼的配电箱查过没有？",
    )
