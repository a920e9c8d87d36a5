"""Answers to people: lines to take, drafts, approval, publication, corrections asked for and referrals."""

from huiying.desk.replies.models.referrals import Referral
from huiying.desk.replies.models.suggestions import Suggestion
from huiying.desk.replies.models.texts import (
    PUBLIC,
    Approval,
    Draft,
    Form,
    Lines,
    Publication,
    Stage,
)
from huiying.desk.replies.models.words import WordRule

__all__ = [
    "PUBLIC",
    "Approval",
    "Draft",
    "Form",
    "Lines",
    "Publication",
    "Referral",
    "Stage",
    "Suggestion",
    "WordRule",
]
