"""Texts that a language model proposed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person
from huiying.desk.replies.models.texts import Draft, Lines
from huiying.engine.reply.machine import Sentence, text_of
from huiying.engine.text import Text


class Suggestion(models.Model):
    """A text that a language model proposed for a draft. It stays a machine's until a person takes it over."""

    class Kind(models.TextChoices):
        DRAFT = "draft", _("答复草稿")
        SUMMARY = "summary", _("情况摘要")

    class State(models.TextChoices):
        WAITING = "waiting", _("等待模型")
        READY = "ready", _("机器拟稿，未经人核")
        FAILED = "failed", _("没有得到")
        TAKEN = "taken", _("已由人接手")
        DROPPED = "dropped", _("未采用")

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="suggestions")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.DRAFT)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING, db_index=True)
    lines = models.ForeignKey(Lines, null=True, on_delete=models.PROTECT, related_name="+")
    model = models.CharField(max_length=120)  # the name by which the operator's address knows it
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    sentences = models.JSONField(default=list)  # of {text, refs, struck: {zh, en} or null}
    grounds = models.JSONField(default=dict)  # ref: text, as the model was given them
    said = models.JSONField(default=dict)  # why there is none: {zh, en}
    ready_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft"], condition=models.Q(state="waiting"), name="one_suggestion_on_its_way"
            ),
            models.CheckConstraint(
                name="suggestion_is_taken_by_somebody",
                condition=~models.Q(state="taken") | models.Q(decided_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.state}"

    @property
    def read(self) -> list[Sentence]:
        """What the model wrote, sentence by sentence."""
        return [
            Sentence(one["text"], tuple(one["refs"]), Text(**one["struck"]) if one["struck"] else None)
            for one in self.sentences
        ]

    @property
    def why(self) -> Text:
        """Why there is none."""
        return Text(**self.said) if self.said else Text("", "")

    @property
    def kept(self) -> list[Sentence]:
        """The sentences that rest on what they name."""
        return [one for one in self.read if one.kept]

    @property
    def struck(self) -> list[Sentence]:
        """The sentences that were struck out."""
        return [one for one in self.read if not one.kept]

    @property
    def text(self) -> str:
        """What a person takes over."""
        return text_of(self.read)
