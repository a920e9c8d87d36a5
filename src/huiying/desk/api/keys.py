"""Who calls: a key in the header `Authorization: Bearer hy_…`, within its scopes and its person's rights."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import HttpError
from ninja.security import HttpBearer

from huiying.desk.accounts import access
from huiying.desk.accounts.actions.tokens import touch_token
from huiying.desk.accounts.models import ApiToken, Person
from huiying.desk.accounts.queries.tokens import token_for
from huiying.desk.accounts.rights import Right
from huiying.desk.accounts.scopes import Scope

#: What a person must be allowed to do for a key of that scope to open anything.
NEEDS: dict[str, Right] = {
    Scope.MENTIONS_WRITE: Right.ENTER_MENTIONS,
    Scope.MENTIONS_READ: Right.SEE_LISTEN,
    Scope.STORIES_READ: Right.SEE_LISTEN,
    Scope.CASES_READ: Right.SEE_CASES,
    Scope.OWED_READ: Right.SEE_CASES,
}
Operation = TypeVar("Operation", bound=Callable[..., object])


class Key(HttpBearer):
    """Answers 401 to a call without a key that works now; `request.auth` is then the ApiToken."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """The token of the key, marked as used."""
        now = timezone.now()
        found = token_for(token, now)
        if found is not None:
            touch_token(token=found, now=now)
        return found


def caller(request: HttpRequest, scope: Scope) -> Person:
    """The person for whom the key acts. Raises HttpError 403 when the key or the person may not."""
    return holder(request, scope).person


def holder(request: HttpRequest, scope: Scope) -> ApiToken:
    """The key of a call. Raises HttpError 403 when the key lacks `scope` or its person the right."""
    token = getattr(request, "auth", None)
    if not isinstance(token, ApiToken):
        raise HttpError(401, "A key is needed: Authorization: Bearer hy_…")
    if scope not in token.scopes:
        raise HttpError(403, f"This key lacks the scope {scope.value}.")
    if not access.can(token.person, NEEDS[scope]):
        raise HttpError(403, "The person for whom this key acts may not do this.")
    return token
