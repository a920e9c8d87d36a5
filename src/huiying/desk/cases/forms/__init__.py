"""One form for each verb of a case; the page offers those that are possible."""

from huiying.desk.cases.forms.assessing import Confirm, Propose, Verify
from huiying.desk.cases.forms.base import VerbForm
from huiying.desk.cases.forms.clocks import Decide, Extend, Waive
from huiying.desk.cases.forms.ending import (
    AddMentions,
    AnswerAsker,
    CallBack,
    Close,
    Merge,
    NoRelapse,
    Reopen,
    TellOfExtension,
)
from huiying.desk.cases.forms.opening import OpenForm
from huiying.desk.cases.forms.reporting import CarryOut, Instruct, Report
from huiying.desk.cases.forms.units import Accept, Assign, Decline, UnitReport
from huiying.desk.cases.forms.urging import AnswerRequest, AnswerUrge, RequestAgain, Urge
from huiying.desk.cases.forms.working import Correct, DoStep, Fix, Keep, Note, Progress, Promise

#: In the order in which the page's menu shows them.
VERBS: tuple[type[VerbForm], ...] = (
    Verify,
    Propose,
    Confirm,
    Report,
    Instruct,
    CarryOut,
    Assign,
    Accept,
    Decline,
    UnitReport,
    Fix,
    Progress,
    DoStep,
    Promise,
    Keep,
    Note,
    AddMentions,
    Extend,
    Decide,
    Urge,
    AnswerUrge,
    AnswerRequest,
    RequestAgain,
    Waive,
    Merge,
    AnswerAsker,
    TellOfExtension,
    CallBack,
    Close,
    Reopen,
    NoRelapse,
    Correct,
)

__all__ = ["VERBS", "OpenForm", "VerbForm"]
