"""What every page says while a live drill goes on."""

from typing import Any

from django.http import HttpRequest

from huiying.desk.drills import queries


def drill(request: HttpRequest) -> dict[str, Any]:
    """The exercise that is going on, for those who are signed in; asked of the database only where a page shows it."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {}
    return {"drill_now": queries.running}
