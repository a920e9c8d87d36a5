"""Who may what: the one written table. Screens show it, views and actions ask it, tests walk it."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Role


class Right(StrEnum):
    """Something that a person may do. The comment says where it counts."""

    SEE_TODAY = "see_today"  # the first screen, the wall, search
    SEE_LISTEN = "see_listen"  # mentions, watches, stories
    EDIT_WATCHES = "edit_watches"  # make, change, stop a watch
    CORRECT_STORIES = "correct_stories"  # merge, split, not ours, topic, unit
    SEE_SOURCES = "see_sources"  # sources and their health
    EDIT_SOURCES = "edit_sources"  # add, change, pause, upload files
    ENTER_MENTIONS = "enter_mentions"  # a tip, a call, a transfer, by hand
    SEE_CASES = "see_cases"  # a handler: only those of the handler's units
    OPEN_CASE = "open_case"  # from a story, a mention, a transfer, or by hand
    VERIFY = "verify"  # record facts and evidence
    PROPOSE_LEVEL = "propose_level"  # assess
    CONFIRM_LEVEL = "confirm_level"  # and overrule; the plan may name a narrower role
    ASSIGN = "assign"  # lead and cooperating units, reassign after a return
    ACCEPT_ASSIGNMENT = "accept_assignment"  # accept, decline, report the unit's result
    ADD_NOTE = "add_note"  # notes, progress, evidence, offline fix
    REPORT_UP = "report_up"  # flash report, brief, to the higher body
    RECORD_INSTRUCTION = "record_instruction"  # a leader's words: by the leader, or written down for one
    CARRY_OUT = "carry_out"  # say that an instruction was carried out, and how
    EDIT_LINES = "edit_lines"  # write lines to take
    APPROVE_LINES = "approve_lines"  # make them binding
    DRAFT = "draft"  # write a reply or statement
    APPROVE = "approve"  # one's step of the plan's chain, never one's own draft
    PUBLISH = "publish"  # what is approved, under the institution's name
    PROMISE = "promise"  # a date that becomes a deadline
    CLOSE_CASE = "close_case"  # when nothing is owed
    REOPEN = "reopen"  # relapse, or not solved at call-back
    MERGE_CASES = "merge_cases"  # repeated requests into one case
    ARCHIVE = "archive"  # file a closed case
    URGE = "urge"  # urging and supervision notices
    CONVENE = "convene"  # call a meeting and keep its minutes, ask an adviser
    ADOPT_MINUTES = "adopt_minutes"  # the chair's word on minutes and handling plan
    FORM_TASK_FORCE = "form_task_force"  # and dissolve it; its members see the case meanwhile
    BRIEF_PRESS = "brief_press"  # press conferences and interviews
    ASK_EXTENSION = "ask_extension"  # before the deadline, with a reason
    GRANT_EXTENSION = "grant_extension"  # or refuse it
    WAIVE = "waive"  # declare not owed, with a reason
    REFER = "refer"  # propose a correction request or a referral (limits C11, C12)
    APPROVE_REFERRAL = "approve_referral"  # the second person
    ACKNOWLEDGE = "acknowledge"  # that one was told
    CALL_BACK = "call_back"  # ask whether it was solved
    SEE_REPORTS = "see_reports"  # papers
    WRITE_REPORTS = "write_reports"  # make and send papers
    SIGN_REPORTS = "sign_reports"  # a leader's signature, before a paper that needs one goes out
    EDIT_TEMPLATES = "edit_templates"  # the institution's own Word forms of papers
    SEE_LIBRARY = "see_library"  # archive, case library, knowledge
    EDIT_LIBRARY = "edit_library"  # knowledge entries, media contacts, topics planned
    APPRAISE = "appraise"  # late, concealed, missed: by unit
    EDIT_PUBLIC = "edit_public"  # the public page's own words
    EDIT_INSTITUTION = "edit_institution"  # name, zone, calendar, first run
    SEE_PEOPLE = "see_people"  # names, units, roles, who is on duty
    EDIT_PEOPLE = "edit_people"  # people, units, roles, invitations
    EDIT_ROSTER = "edit_roster"  # shifts
    APPROVE_PERIODS = "approve_periods"  # key periods of one's own; the plan names the roles
    EDIT_CHANNELS = "edit_channels"  # ways of reaching people and of publishing
    SEE_PLANS = "see_plans"  # plans, versions, flow charts, drills
    EDIT_PLANS = "edit_plans"  # upload a version, calendars
    ACTIVATE_PLANS = "activate_plans"  # make a version the one that counts
    DRILL = "drill"  # rehearse a plan
    SEE_AUDIT = "see_audit"  # the audit log
    API_TOKENS = "api_tokens"  # make and revoke keys for programs
    SEE_OUTBOX = "see_outbox"  # what was sent to whom
    RETRY_OUTBOX = "retry_outbox"  # try again, give up
    NOTIFY_UNITS = "notify_units"  # a notice with receipts to the spokespersons and administrators of units


_EVERYBODY = frozenset(Role)
_WORKERS = frozenset(Role) - {Role.AUDITOR, Role.ADMIN}
_READERS = _WORKERS | {Role.AUDITOR}
_LEADERS = frozenset({Role.HEAD, Role.DEPUTY})
_DESK = frozenset({Role.OFFICE, Role.DUTY})

#: The table. The auditor appears only where nothing is changed.
TABLE: dict[Right, frozenset[Role]] = {
    Right.SEE_TODAY: _EVERYBODY,
    Right.SEE_LISTEN: _READERS,
    Right.EDIT_WATCHES: _DESK,
    Right.CORRECT_STORIES: _DESK,
    Right.SEE_SOURCES: _LEADERS | _DESK | {Role.AUDITOR, Role.ADMIN},
    Right.EDIT_SOURCES: frozenset({Role.OFFICE, Role.ADMIN}),
    Right.ENTER_MENTIONS: _WORKERS,
    Right.SEE_CASES: _READERS,
    Right.OPEN_CASE: _LEADERS | _DESK,
    Right.VERIFY: _DESK | {Role.HANDLER},
    Right.PROPOSE_LEVEL: _DESK,
    Right.CONFIRM_LEVEL: _LEADERS | {Role.OFFICE},
    Right.ASSIGN: _LEADERS | _DESK,
    Right.ACCEPT_ASSIGNMENT: frozenset({Role.HANDLER}),
    Right.ADD_NOTE: _WORKERS,
    Right.REPORT_UP: _LEADERS | _DESK,
    Right.RECORD_INSTRUCTION: _LEADERS | _DESK,
    Right.CARRY_OUT: _LEADERS | _DESK | {Role.HANDLER},
    Right.EDIT_LINES: frozenset({Role.OFFICE, Role.SPOKESPERSON}),
    Right.APPROVE_LINES: _LEADERS,
    Right.DRAFT: _DESK | {Role.HANDLER, Role.SPOKESPERSON},
    Right.APPROVE: _LEADERS | {Role.OFFICE, Role.REVIEWER},
    Right.PUBLISH: frozenset({Role.OFFICE, Role.SPOKESPERSON}),
    Right.PROMISE: _LEADERS | {Role.OFFICE, Role.HANDLER, Role.SPOKESPERSON},
    Right.CLOSE_CASE: _LEADERS | {Role.OFFICE},
    Right.REOPEN: _LEADERS | _DESK,
    Right.MERGE_CASES: _DESK,
    Right.ARCHIVE: frozenset({Role.OFFICE}),
    Right.URGE: _LEADERS | {Role.OFFICE},
    Right.CONVENE: _LEADERS | _DESK,
    Right.ADOPT_MINUTES: _LEADERS,
    Right.FORM_TASK_FORCE: _LEADERS | {Role.OFFICE},
    Right.BRIEF_PRESS: frozenset({Role.OFFICE, Role.SPOKESPERSON}),
    Right.ASK_EXTENSION: _DESK | {Role.HANDLER},
    Right.GRANT_EXTENSION: _LEADERS,
    Right.WAIVE: _LEADERS,
    Right.REFER: frozenset({Role.OFFICE}),
    Right.APPROVE_REFERRAL: _LEADERS,
    Right.ACKNOWLEDGE: _WORKERS,
    Right.CALL_BACK: _DESK | {Role.HANDLER},
    Right.SEE_REPORTS: _READERS,
    Right.WRITE_REPORTS: _DESK,
    Right.SIGN_REPORTS: _LEADERS,
    Right.EDIT_TEMPLATES: frozenset({Role.OFFICE, Role.ADMIN}),
    Right.SEE_LIBRARY: _READERS,
    Right.EDIT_LIBRARY: frozenset({Role.OFFICE, Role.SPOKESPERSON}),
    Right.APPRAISE: _LEADERS | {Role.OFFICE, Role.AUDITOR},
    Right.EDIT_PUBLIC: frozenset({Role.OFFICE, Role.SPOKESPERSON}),
    Right.EDIT_INSTITUTION: frozenset({Role.ADMIN}),
    Right.SEE_PEOPLE: _EVERYBODY,
    Right.EDIT_PEOPLE: frozenset({Role.ADMIN}),
    Right.EDIT_ROSTER: frozenset({Role.OFFICE, Role.ADMIN}),
    Right.APPROVE_PERIODS: _LEADERS | {Role.OFFICE},
    Right.EDIT_CHANNELS: frozenset({Role.ADMIN}),
    Right.SEE_PLANS: _EVERYBODY,
    Right.EDIT_PLANS: frozenset({Role.OFFICE, Role.ADMIN}),
    Right.ACTIVATE_PLANS: _LEADERS | {Role.ADMIN},
    Right.DRILL: _LEADERS | {Role.OFFICE},
    Right.SEE_AUDIT: frozenset({Role.AUDITOR, Role.ADMIN}),
    Right.API_TOKENS: frozenset({Role.ADMIN}),
    Right.SEE_OUTBOX: _LEADERS | _DESK | {Role.AUDITOR, Role.ADMIN},
    Right.RETRY_OUTBOX: frozenset({Role.OFFICE, Role.ADMIN}),
    Right.NOTIFY_UNITS: _LEADERS | _DESK,
}

#: Rights that an appointment in one unit gives within that unit; every other right needs the whole institution.
IN_A_UNIT = frozenset(
    {
        Right.SEE_TODAY,
        Right.SEE_LISTEN,
        Right.ENTER_MENTIONS,
        Right.SEE_CASES,
        Right.VERIFY,
        Right.ACCEPT_ASSIGNMENT,
        Right.ADD_NOTE,
        Right.CARRY_OUT,
        Right.DRAFT,
        Right.APPROVE,
        Right.PROMISE,
        Right.ASK_EXTENSION,
        Right.ACKNOWLEDGE,
        Right.CALL_BACK,
        Right.SEE_REPORTS,
        Right.SEE_LIBRARY,
        Right.SEE_PEOPLE,
        Right.SEE_PLANS,
    }
)

LABELS: dict[Right, str | Promise] = {
    Right.SEE_TODAY: _("看今日"),
    Right.SEE_LISTEN: _("看倾听"),
    Right.EDIT_WATCHES: _("改监测主题"),
    Right.CORRECT_STORIES: _("整理话题"),
    Right.SEE_SOURCES: _("看信源"),
    Right.EDIT_SOURCES: _("改信源"),
    Right.ENTER_MENTIONS: _("录入线索"),
    Right.SEE_CASES: _("看舆情件"),
    Right.OPEN_CASE: _("立案"),
    Right.VERIFY: _("核实"),
    Right.PROPOSE_LEVEL: _("研判提级"),
    Right.CONFIRM_LEVEL: _("确认等级"),
    Right.ASSIGN: _("交办"),
    Right.ACCEPT_ASSIGNMENT: _("接办、退办"),
    Right.ADD_NOTE: _("记录进展"),
    Right.REPORT_UP: _("上报"),
    Right.RECORD_INSTRUCTION: _("登记批示"),
    Right.CARRY_OUT: _("落实批示"),
    Right.EDIT_LINES: _("拟口径"),
    Right.APPROVE_LINES: _("审定口径"),
    Right.DRAFT: _("拟答复"),
    Right.APPROVE: _("审批答复"),
    Right.PUBLISH: _("发布"),
    Right.PROMISE: _("作出承诺"),
    Right.CLOSE_CASE: _("办结"),
    Right.REOPEN: _("重新办理"),
    Right.MERGE_CASES: _("并单"),
    Right.ARCHIVE: _("归档"),
    Right.URGE: _("催办、督办"),
    Right.CONVENE: _("召集会商、征求专家意见"),
    Right.ADOPT_MINUTES: _("审定会议纪要"),
    Right.FORM_TASK_FORCE: _("成立、解散专班"),
    Right.BRIEF_PRESS: _("安排发布会和采访"),
    Right.ASK_EXTENSION: _("申请延期"),
    Right.GRANT_EXTENSION: _("批准延期"),
    Right.WAIVE: _("免办"),
    Right.REFER: _("提出更正函或移送"),
    Right.APPROVE_REFERRAL: _("批准更正函或移送"),
    Right.ACKNOWLEDGE: _("签收"),
    Right.CALL_BACK: _("回访"),
    Right.SEE_REPORTS: _("看报送"),
    Right.WRITE_REPORTS: _("写报送"),
    Right.SIGN_REPORTS: _("签发文件"),
    Right.EDIT_TEMPLATES: _("换文件模板"),
    Right.SEE_LIBRARY: _("看案例库"),
    Right.EDIT_LIBRARY: _("改知识库"),
    Right.APPRAISE: _("考评"),
    Right.EDIT_PUBLIC: _("改公开页"),
    Right.EDIT_INSTITUTION: _("改单位信息"),
    Right.SEE_PEOPLE: _("看人员"),
    Right.EDIT_PEOPLE: _("改人员与角色"),
    Right.EDIT_ROSTER: _("排班"),
    Right.APPROVE_PERIODS: _("批准重点时段"),
    Right.EDIT_CHANNELS: _("改联络渠道"),
    Right.SEE_PLANS: _("看预案"),
    Right.EDIT_PLANS: _("改预案"),
    Right.ACTIVATE_PLANS: _("启用预案"),
    Right.DRILL: _("演练"),
    Right.SEE_AUDIT: _("看审计记录"),
    Right.API_TOKENS: _("管接口密钥"),
    Right.SEE_OUTBOX: _("看发件箱"),
    Right.RETRY_OUTBOX: _("重发"),
    Right.NOTIFY_UNITS: _("发联络通知"),
}


def roles_with(right: Right) -> list[Role]:
    """The roles that hold `right`, in the order of the role list."""
    return [role for role in Role if role in TABLE[right]]


#: What each role is for, in one sentence.
DUTIES: dict[Role, str | Promise] = {
    Role.HEAD: _("定级、批口径、批答复、批延期；最先被告知重大事项。"),
    Role.DEPUTY: _("分管这项工作，负责人不在时代行其职。"),
    Role.OFFICE: _("日常统筹：研判、交办、报送、发布、归档，维护监测与预案。"),
    Role.DUTY: _("值班时第一个看到、第一个上报，立案、核实、交办。"),
    Role.HANDLER: _("在自己部门承办：核实、办理、回报结果、拟答复。"),
    Role.REVIEWER: _("发布前审核答复：合法合规、没有错字、答到点上。"),
    Role.SPOKESPERSON: _("以单位名义发布，拟口径，联系媒体。"),
    Role.AUDITOR: _("什么都能看，什么都不能改。"),
    Role.ADMIN: _("管人员、角色、值班、联络方式和密钥；看不到舆情件内容。"),
}

#: The rights as pages list them, in the order of the work.
GROUPS: tuple[tuple[str | Promise, tuple[Right, ...]], ...] = (
    (
        _("倾听"),
        (
            Right.SEE_TODAY,
            Right.SEE_LISTEN,
            Right.ENTER_MENTIONS,
            Right.CORRECT_STORIES,
            Right.EDIT_WATCHES,
            Right.SEE_SOURCES,
            Right.EDIT_SOURCES,
        ),
    ),
    (
        _("办理"),
        (
            Right.SEE_CASES,
            Right.OPEN_CASE,
            Right.VERIFY,
            Right.PROPOSE_LEVEL,
            Right.CONFIRM_LEVEL,
            Right.ASSIGN,
            Right.ACCEPT_ASSIGNMENT,
            Right.ADD_NOTE,
            Right.ASK_EXTENSION,
            Right.GRANT_EXTENSION,
            Right.WAIVE,
            Right.URGE,
            Right.CONVENE,
            Right.ADOPT_MINUTES,
            Right.FORM_TASK_FORCE,
            Right.MERGE_CASES,
            Right.CALL_BACK,
            Right.CLOSE_CASE,
            Right.REOPEN,
            Right.ACKNOWLEDGE,
        ),
    ),
    (
        _("答复与发布"),
        (
            Right.EDIT_LINES,
            Right.APPROVE_LINES,
            Right.DRAFT,
            Right.APPROVE,
            Right.PUBLISH,
            Right.PROMISE,
            Right.BRIEF_PRESS,
            Right.REFER,
            Right.APPROVE_REFERRAL,
            Right.EDIT_PUBLIC,
        ),
    ),
    (
        _("报送与归档"),
        (
            Right.REPORT_UP,
            Right.RECORD_INSTRUCTION,
            Right.CARRY_OUT,
            Right.SEE_REPORTS,
            Right.WRITE_REPORTS,
            Right.SIGN_REPORTS,
            Right.EDIT_TEMPLATES,
            Right.ARCHIVE,
            Right.SEE_LIBRARY,
            Right.EDIT_LIBRARY,
            Right.APPRAISE,
        ),
    ),
    (
        _("预案与设置"),
        (
            Right.SEE_PLANS,
            Right.EDIT_PLANS,
            Right.ACTIVATE_PLANS,
            Right.DRILL,
            Right.EDIT_INSTITUTION,
            Right.SEE_PEOPLE,
            Right.EDIT_PEOPLE,
            Right.EDIT_ROSTER,
            Right.APPROVE_PERIODS,
            Right.EDIT_CHANNELS,
            Right.SEE_OUTBOX,
            Right.RETRY_OUTBOX,
            Right.NOTIFY_UNITS,
            Right.SEE_AUDIT,
            Right.API_TOKENS,
        ),
    ),
)


def rights_of(role: str) -> list[Right]:
    """What `role` may do, in the order of the work."""
    return [right for _name, rights in GROUPS for right in rights if role in TABLE[right]]
