"""The operations of the interface. Each asks its scope first, then the same gates that pages pass."""

from typing import Annotated

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import NinjaAPI, Status
from ninja.errors import HttpError
from pydantic import Field

from huiying.desk.accounts.models import ApiToken
from huiying.desk.accounts.scopes import Scope
from huiying.desk.api import reads
from huiying.desk.api.keys import Key, caller, holder
from huiying.desk.api.shapes import (
    CaseOut,
    Cases,
    EntryOut,
    Kept,
    MentionOut,
    Mentions,
    NewMention,
    OwedOut,
    Problem,
    Stories,
    StoryOut,
)
from huiying.desk.collect.actions import enter
from huiying.desk.collect.house import house_zone
from huiying.desk.collect.models import Mention
from huiying.desk.collect.plain import one_line, plain
from huiying.desk.collect.sources.base import Item, key_of, trimmed, web_address
from huiying.desk.collect.sources.when import posting_time

MOST = 200
Count = Annotated[int, Field(ge=0, le=2**62)]
Limit = Annotated[int, Field(ge=1, le=MOST)]
Number = Annotated[str, Field(max_length=20)]
Code = Annotated[str, Field(max_length=60)]
REFUSALS = {401: Problem, 403: Problem}

api = NinjaAPI(
    title="Huiying 回应",
    version="1",
    description="Add mentions; read mentions, stories, cases and what is owed. Keys are made under Settings.",
    auth=Key(),
    docs_url=None,  # its page would load scripts from another host; the schema stands at openapi.json
    urls_namespace="api",
)


@api.exception_handler(Http404)
def not_there(request: HttpRequest, error: Http404) -> object:
    """Nothing of that name, or none of the caller's business."""
    return api.create_response(
        request, {"detail": "There is no such thing, or this key may not see it."}, status=404
    )


@api.exception_handler(PermissionDenied)
def refused(request: HttpRequest, error: PermissionDenied) -> object:
    """The person for whom the key acts may not do this."""
    return api.create_response(request, {"detail": str(error)}, status=403)


@api.post("/mentions", response={200: Kept, 201: Kept, 422: Problem, **REFUSALS}, tags=["mentions"])
def add_mention(request: HttpRequest, said: NewMention) -> Status[Kept]:
    """Hand over one mention. Sending the same key again stores nothing twice and answers 200."""
    now, key = timezone.now(), holder(request, Scope.MENTIONS_WRITE)
    item = _item(said, key)
    if not item.title and not item.text:
        raise HttpError(422, "Neither title nor text: there is nothing to store.")
    before = Mention.objects.filter(source__kind="hand", key=item.key).exists()
    mention = enter(by=key.person, now=now, item=item)
    return Status(200 if before else 201, Kept(id=mention.pk, new=not before))


def _item(said: NewMention, key: ApiToken) -> Item:
    title, text = trimmed(plain(said.title), plain(said.text))
    now, zone = timezone.now(), house_zone()
    posted_at = posting_time(said.posted_at, now, zone)
    if said.posted_at and posted_at is None:
        raise HttpError(422, f"posted_at cannot be read as a time that may be true: {said.posted_at!r}")
    if said.address and not web_address(said.address):
        raise HttpError(422, "address is not a web address: it begins with http:// or https://")
    return Item(
        key=key_of(f"api:{key.pk}:{said.key}"),
        title=title,
        text=text,
        address=web_address(said.address),
        author=one_line(said.author, 120),
        site=one_line(said.site, 120),
        kind=said.kind,
        posted_at=posted_at,
        reach=min(said.reach, 2_000_000_000),
    )


@api.get("/mentions", response={200: Mentions, **REFUSALS}, tags=["mentions"])
def list_mentions(request: HttpRequest, after: Count = 0, limit: Limit = 50) -> Mentions:
    """Mentions in the order in which they were stored."""
    caller(request, Scope.MENTIONS_READ)
    rows = reads.mentions(after, limit + 1)
    more = str(rows[limit - 1].pk) if len(rows) > limit else None
    return Mentions(items=[reads.mention_out(row) for row in rows[:limit]], next=more)


@api.get("/mentions/{id}", response={200: MentionOut, 404: Problem, **REFUSALS}, tags=["mentions"])
def one_mention(request: HttpRequest, id: int) -> MentionOut:
    """One mention."""
    caller(request, Scope.MENTIONS_READ)
    return reads.mention_out(reads.mention(id))


@api.get("/stories", response={200: Stories, **REFUSALS}, tags=["stories"])
def list_stories(request: HttpRequest, after: Count = 0, limit: Limit = 50) -> Stories:
    """Stories that are not merged away, hottest first; `after` counts the stories already read."""
    caller(request, Scope.STORIES_READ)
    rows = reads.stories(after, limit + 1)
    more = str(after + limit) if len(rows) > limit else None
    return Stories(items=[reads.story_out(row) for row in rows[:limit]], next=more)


@api.get("/stories/{key}", response={200: StoryOut, 404: Problem, **REFUSALS}, tags=["stories"])
def one_story(request: HttpRequest, key: str) -> StoryOut:
    """One story."""
    caller(request, Scope.STORIES_READ)
    return reads.story_out(reads.story(key))


@api.get("/cases", response={200: Cases, **REFUSALS}, tags=["cases"])
def list_cases(
    request: HttpRequest,
    open: bool | None = None,
    after: Number = "",
    limit: Limit = 50,
) -> Cases:
    """Cases that the key's person may see, newest first, drills left out; `open` narrows to those that are, or are not."""
    person = caller(request, Scope.CASES_READ)
    rows = reads.cases(person, open, after, limit + 1)
    more = rows[limit - 1].number if len(rows) > limit else None
    return Cases(items=[reads.case_out(row) for row in rows[:limit]], next=more)


@api.get("/cases/{number}", response={200: CaseOut, 404: Problem, **REFUSALS}, tags=["cases"])
def one_case(request: HttpRequest, number: str) -> CaseOut:
    """One case."""
    return reads.case_out(reads.case(caller(request, Scope.CASES_READ), number))


@api.get("/cases/{number}/journal", response={200: list[EntryOut], 404: Problem, **REFUSALS}, tags=["cases"])
def journal(request: HttpRequest, number: str) -> list[EntryOut]:
    """What happened to a case, with the hash chain; exact, so that a copy can be checked."""
    return reads.journal_out(reads.case(caller(request, Scope.CASES_READ), number))


@api.get("/owed", response={200: list[OwedOut], **REFUSALS}, tags=["cases"])
def owed(request: HttpRequest, unit: Code = "") -> list[OwedOut]:
    """What is owed now on the cases that the key's person may see, soonest first; at most 500."""
    return reads.owed_out(caller(request, Scope.OWED_READ), unit)
