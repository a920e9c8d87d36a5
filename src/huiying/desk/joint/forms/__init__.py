"""What people fill in together."""

from huiying.desk.joint.forms.meetings import (
    AdoptForm,
    AnswerForm,
    CallForm,
    DecisionForm,
    HoldForm,
    MinutesForm,
    WhyForm,
)
from huiying.desk.joint.forms.people import AdviserForm, ForceForm, JoinForm, OpinionForm
from huiying.desk.joint.forms.press import (
    BriefingForm,
    HeldForm,
    HigherForm,
    OutletForm,
    QuestionForm,
    ReplyForm,
    SaidForm,
    TalkForm,
)

__all__ = [
    "AdoptForm",
    "AdviserForm",
    "AnswerForm",
    "BriefingForm",
    "CallForm",
    "DecisionForm",
    "ForceForm",
    "HeldForm",
    "HigherForm",
    "HoldForm",
    "JoinForm",
    "MinutesForm",
    "OpinionForm",
    "OutletForm",
    "QuestionForm",
    "ReplyForm",
    "SaidForm",
    "TalkForm",
    "WhyForm",
]
