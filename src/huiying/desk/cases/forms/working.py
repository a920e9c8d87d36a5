"""Notes, progress, the real problem, steps, promises, corrections."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import actions, evidence
from huiying.desk.cases.facts import FIRM, corrected
from huiying.desk.cases.forms.base import At, FilesField, VerbForm, happened_field, text_field
from huiying.desk.cases.models import Case
from huiying.desk.cases.queries.names import say
from huiying.desk.cases.queries.sentences import said
from huiying.desk.cases.queries.standing import Standing


class Note(VerbForm):
    """Something without a form of its own."""

    slug, right, icon = "note", Right.ADD_NOTE, "edit"
    title, button, done = _("记一笔"), _("记下"), _("已记下。")

    text = text_field(_("内容"))
    proof = FilesField()

    @classmethod
    def possible(cls, on: Standing) -> bool:
        return True

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        data = self.cleaned_data
        proof = evidence.keep(case=case, by=by, now=now, files=data["proof"])
        actions.add_note(by=by, now=now, case=case, text=data["text"], evidence=proof)


class Progress(VerbForm):
    """How it goes."""

    slug, right, icon = "progress", Right.ADD_NOTE, "right"
    title, button, done = _("记进展"), _("记下进展"), _("进展已记下。")

    text = text_field(_("进展"))
    proof = FilesField()

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        data = self.cleaned_data
        proof = evidence.keep(case=case, by=by, now=now, files=data["proof"])
        actions.add_progress(by=by, now=now, case=case, text=data["text"], evidence=proof)


class Fix(VerbForm):
    """The real problem is settled."""

    slug, right, icon = "fix", Right.ADD_NOTE, "ok"
    title, button, done = _("实际问题已解决"), _("记下"), _("已记下：实际问题解决了。")
    note = _("双处置：线上答复之外，线下的实际问题要真解决，并留下证据。")

    text = text_field(_("怎样解决的"))
    proof = FilesField()
    at = happened_field()

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        data = self.cleaned_data
        proof = evidence.keep(case=case, by=by, now=now, files=data["proof"])
        actions.offline_fix(by=by, now=now, case=case, text=data["text"], evidence=proof, at=data["at"])


class DoStep(VerbForm):
    """A step of the plan."""

    slug, right, icon = "step", Right.ADD_NOTE, "check"
    title, button, done = _("完成预案的一步"), _("记完成"), _("这一步已记完成。")

    step = forms.ChoiceField(label=_("哪一步"))
    text = text_field(_("怎样办的"), help_text=_("例：会议时间、到会的人、定了什么。"))
    at = happened_field()

    @classmethod
    def possible(cls, on: Standing) -> bool:
        return on.case.open and on.plan is not None and any(s.act == "done" for s in on.plan.steps)

    def prepare(self) -> None:
        plan = self.on.plan
        steps = [(s.id, say(s.name)) for s in plan.steps if s.act == "done"] if plan else []
        self.choose("step", steps, empty=_("请选"))

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        actions.do_step(by=by, now=now, case=case, **self.cleaned_data)


class Promise(VerbForm):
    """A date for the public."""

    slug, right, icon, group = "promise", Right.PROMISE, "calendar", "clocks"
    title, button, done = _("作出承诺"), _("记下承诺"), _("承诺已记下，日期就是时限。")

    text = text_field(_("承诺什么"), rows=3, most=1000)
    due_at = At(label=_("承诺日期"))

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        actions.promise(by=by, now=now, case=case, **self.cleaned_data)


class Keep(VerbForm):
    """A promise is kept."""

    slug, right, icon, group = "keep", Right.PROMISE, "check", "clocks"
    title, button, done = _("兑现承诺"), _("记下兑现"), _("兑现情况已记下。")

    ref = forms.ChoiceField(label=_("承诺"))
    text = text_field(_("怎样兑现的"))

    @classmethod
    def possible(cls, on: Standing) -> bool:
        return not on.case.merged_into_id and bool(on.promises)

    def prepare(self) -> None:
        self.choose("ref", [(str(e.data["ref"]), str(e.data["text"])[:80]) for e in self.on.promises])

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        actions.keep_promise(by=by, now=now, case=case, **self.cleaned_data)


class Correct(VerbForm):
    """An earlier entry was wrong."""

    slug, right, icon, group = "correct", Right.ADD_NOTE, "edit", "end"
    title, button, done = _("更正记录"), _("更正"), _("已更正，原记录保留并标明不再算数。")
    note = _("原记录不会删改，只是不再算数：由它办结的事项会重新变成未办。")

    entry = forms.ChoiceField(label=_("更正哪一条"))
    reason = forms.CharField(label=_("原因"), max_length=1000)
    text = text_field(_("正确的内容"))

    @classmethod
    def possible(cls, on: Standing) -> bool:
        return bool(cls._open(on))

    @staticmethod
    def _open(on: Standing) -> list[tuple[str, str]]:
        wrong = corrected(on.entries)
        return [
            (str(entry.seq), f"{entry.seq}. {said(entry, on.names).sentence}")
            for entry in reversed(on.entries)
            if entry.kind not in FIRM
            and entry.seq not in wrong
            and entry.actor != "system"
            and "calendar" not in entry.data
        ]

    def prepare(self) -> None:
        self.choose("entry", self._open(self.on))

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        data = self.cleaned_data
        actions.correct(
            by=by, now=now, case=case, seq=int(data["entry"]), reason=data["reason"], text=data["text"]
        )
