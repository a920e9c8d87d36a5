"""The public's pages: answers, one answer, the feed, a question, transparency. No sign-in, no script, no cookie."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from huiying.desk.accounts.access import open_to_all
from huiying.desk.accounts.queries import institution
from huiying.desk.public import actions, queries
from huiying.desk.public.feed import atom
from huiying.desk.public.forms import AskForm
from huiying.desk.public.queries.answers import corrections, same_matter
from huiying.desk.public.speaking import for_everybody, language_of, network_address
from huiying.desk.replies.forms import last_day
from huiying.desk.replies.models import Draft
from huiying.desk.shell.pages import paged


def _show(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The page with what every public page knows: who answers, and the tail that keeps the language."""
    lang = "?lang=en" if language_of(request) == "en" else ""
    return render(request, template, {"body": institution(), "lang": lang, **context}, status=status)


@open_to_all
@for_everybody
def index(request: HttpRequest) -> HttpResponse:
    """Answers and statements, newest first."""
    words = request.GET.get("q", "").strip()[:100]
    return _show(
        request, "public/index.html", {"page": paged(request, queries.answers(words), 20), "words": words}
    )


@open_to_all
@for_everybody
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """One text at its permanent address; corrected and withdrawn ones say so."""
    it = queries.answer(slug)
    if it is None:
        raise Http404
    kept, kept_at = queries.kept_state(it, timezone.now())
    context = {
        "it": it,
        "corrections": corrections(it),
        "others": same_matter(it),
        "kept": kept if it.promise_due_at else "",
        "kept_at": kept_at,
        "promise_day": last_day(it.promise_due_at),
        "withdrawn": it.state == Draft.State.WITHDRAWN,
    }
    return _show(request, "public/answer.html", context)


@open_to_all
@for_everybody
def feed(request: HttpRequest) -> HttpResponse:
    """The newest fifty as Atom."""
    body = institution()
    text = atom(body.name if body else "", queries.answers()[:50], language_of(request))
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


@open_to_all
@csrf_exempt  # nobody is signed in here: there is no session that a forged form could use
@for_everybody
def ask(request: HttpRequest) -> HttpResponse:
    """A question to the institution."""
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.trapped:
            return HttpResponseRedirect(reverse("public:index"))
        return _taken(request, form)
    return _show(request, "public/ask.html", {"form": form, "here": "ask"}, 422 if form.is_bound else 200)


def _taken(request: HttpRequest, form: AskForm) -> HttpResponse:
    try:
        receipt = actions.ask(
            now=timezone.now(),
            text=form.cleaned_data["text"],
            place=form.cleaned_data["place"],
            address=network_address(request),
        )
    except ValidationError as refused:
        form.add_error(None, refused)
        status = 429 if getattr(refused, "code", "") == "too-many" else 422
        return _show(request, "public/ask.html", {"form": form, "here": "ask"}, status)
    lang = "?lang=en" if language_of(request) == "en" else ""
    return HttpResponseRedirect(reverse("public:asked", args=[receipt]) + lang)


@open_to_all
@for_everybody
def asked(request: HttpRequest, receipt: str) -> HttpResponse:
    """What became of a question, by its receipt."""
    found = queries.asked(receipt)
    if found is None:
        raise Http404
    return _show(request, "public/asked.html", {"it": found, "receipt": receipt})


@open_to_all
@for_everybody
def transparency(request: HttpRequest) -> HttpResponse:
    """A year in figures, each with its table."""
    now = timezone.now()
    known = queries.years(now)
    wanted = request.GET.get("year", "")
    year = int(wanted) if wanted.isdecimal() and int(wanted) in known else known[0]
    return _show(
        request,
        "public/transparency.html",
        {"it": queries.figures(year, now), "years": known, "here": "transparency"},
    )
