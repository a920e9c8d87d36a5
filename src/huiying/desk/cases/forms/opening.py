"""Opening a case."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person
from huiying.desk.cases import actions
from huiying.desk.cases.forms.base import At, text_field
from huiying.desk.cases.models import Case, How
from huiying.desk.cases.queries.names import say
from huiying.desk.cases.stories import posts_of
from huiying.desk.collect.models import Mention, MentionKind
from huiying.desk.listen.models import Story
from huiying.engine.addressee import read
from huiying.engine.plan.model import Named, Plan


class OpenForm(forms.Form):
    """What the matter is; from a story or a post most of it is filled in."""

    title = forms.CharField(label=_("是什么事"), max_length=300, help_text=_("一句话：何处、何事。"))
    summary = text_field(_("摘要"), rows=4, required=False)
    how = forms.ChoiceField(label=_("来源"), choices=How.choices)
    discovered_at = At(
        label=_("发现时间"), required=False, help_text=_("首次回应等时限从这一刻起算；不填就是现在。")
    )
    posted_at = At(label=_("发帖时间"), required=False)
    subject = forms.ChoiceField(label=_("领域"), required=False)
    matter = forms.ChoiceField(label=_("事项种类"), required=False)
    addressee = forms.CharField(
        label=_("来件对象"), max_length=120, required=False, help_text=_("留言板写给谁的，例：市长信箱。")
    )
    due_at = At(label=_("交办时限"), required=False, help_text=_("上级转交时写明的时限。"))
    drill = forms.BooleanField(label=_("这是演练"), required=False)

    def __init__(
        self,
        *args: Any,
        plan: Plan | None,
        may_drill: bool,
        story: Story | None = None,
        mentions: list[Mention] | None = None,
        **kwargs: Any,
    ) -> None:
        self.story, self.mentions = story, mentions or []
        kwargs["initial"] = {**_known(self.story, self.mentions), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self._choices("subject", plan.subjects if plan else ())
        self._choices("matter", plan.matters if plan else ())
        if not may_drill:
            del self.fields["drill"]

    def _choices(self, name: str, items: tuple[Named, ...]) -> None:
        if items:
            options = [("", _("未定")), *((item.id, say(item.name)) for item in items)]
            self.fields[name].choices = options  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    def act(self, *, by: Person, now: datetime) -> Case:
        """Open the case. Raises ValidationError."""
        return actions.open_case(
            by=by, now=now, story=self.story, mentions=self.mentions, **self.cleaned_data
        )


def _known(story: Story | None, mentions: list[Mention]) -> dict[str, Any]:
    """What is known already."""
    if story is not None:
        posts = posts_of(story)
        return {
            "title": story.title[:300],
            "how": How.STORY,
            "subject": story.topic,
            "discovered_at": min((post.captured_at for post in posts), default=story.first_at),
            "posted_at": min((post.posted_at for post in posts if post.posted_at), default=None),
        }
    if not mentions:
        return {"how": How.HAND}
    first = mentions[0]
    transfer = first.kind == MentionKind.TRANSFER
    addressed = read(first.title, first.text, said=str(first.extra.get("addressee") or ""), board=first.site)
    return {
        "title": (first.title or first.text[:60])[:300],
        "summary": first.text[:1000],
        "how": How.TRANSFER if transfer else How.MENTION,
        "discovered_at": min(mention.captured_at for mention in mentions),
        "posted_at": min((m.posted_at for m in mentions if m.posted_at), default=None),
        "due_at": first.due_at,
        "addressee": addressed.office if addressed else "",
    }
