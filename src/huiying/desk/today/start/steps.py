"""The steps of the first run, and which of them are done: read from what is there, never remembered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts import access, queries
from huiying.desk.accounts.models import Contact, Institution, Person, Role, Shift, Unit
from huiying.desk.accounts.rights import Right
from huiying.desk.shell.middleware import body_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the first run."""

    key: str
    label: str | Promise
    done: bool

    @property
    def address(self) -> str:
        return f"/start/{self.key}/"


def steps(founder: Person, body: Institution | None, now: datetime) -> list[Step]:
    """All steps in their order."""
    others = Person.objects.filter(is_active=True, appointments__role=Role.HEAD).exists()
    return [
        Step("me", _("我的账号"), founder.has_usable_password() and bool(founder.name)),
        Step("plan", _("预案"), bool(body and body.plan_name)),
        Step("institution", _("单位与部门"), bool(body and body.name) and Unit.objects.exists()),
        Step("people", _("人员与角色"), others),
        Step("roster", _("值班"), Shift.objects.filter(ends_at__gt=now).exists()),
        Step("reach", _("怎样找到人"), Contact.objects.filter(active=True).exists()),
        Step("ready", _("检查并开始"), False),
    ]


def next_step(found: list[Step]) -> Step:
    """The first step that is not done."""
    return next(step for step in found if not step.done)


def unfounded(view: View[P]) -> View[P]:
    """A page that is there only until the institution is founded; afterwards there is no such page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if queries.founded():
            raise Http404
        return view(request, *args, **kwargs)

    guarded.right = "founding"  # type: ignore[attr-defined]
    return cast("View[P]", guarded)


def founding(view: View[P]) -> View[P]:
    """A step of the founder; others are told how to begin. Later steps wait for one's own account."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not access.can(request.user, Right.EDIT_INSTITUTION):
            return redirect("start:welcome")
        me = access.signed_in(request)
        if not me.has_usable_password() and not request.path.startswith("/start/me/"):
            return redirect("start:me")
        return view(request, *args, **kwargs)

    return unfounded(cast("View[P]", guarded))


def trail(request: HttpRequest, now: datetime, key: str) -> dict[str, object]:
    """What each page of the first run shows above: the steps, and which one this is."""
    found = steps(access.signed_in(request), body_of(request), now)
    return {"steps": found, "here": key, "number": [step.key for step in found].index(key) + 1}
