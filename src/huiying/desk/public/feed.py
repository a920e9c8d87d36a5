"""The Atom feed of answers."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from huiying.desk.replies.models import Draft


def atom(name: str, texts: Iterable[Draft], language: str) -> str:
    """An Atom document of published texts, newest first."""
    feed = Atom1Feed(
        title=_("%(name)s的答复和通报") % {"name": name},
        link=settings.BASE_URL + "/public/",
        description=_("我们怎样回答大家的问题"),
        language=language,
        feed_url=settings.BASE_URL + "/public/feed.atom",
        author_name=name,
    )
    for text in texts:
        address = settings.BASE_URL + text.public_path
        feed.add_item(
            title=_("已撤回：%(title)s") % {"title": text.title}
            if text.state == text.State.WITHDRAWN
            else text.title,
            link=address,
            unique_id=address,
            description=_("原文已撤回，见更正说明。") if text.state == text.State.WITHDRAWN else text.text,
            author_name=text.signed_as,
            pubdate=text.published_at,
            updateddate=text.changed_at if text.state == text.State.WITHDRAWN else text.published_at,
            categories=[str(text.get_stage_display())],
        )
    return feed.writeString("utf-8")
