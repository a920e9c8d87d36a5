"""Lines to take, drafts, their approval, and what was published."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person, Role
from huiying.desk.cases.models import Case
from huiying.desk.collect.models import Mention
from huiying.desk.notify.models import Message, Outlet

#: The outlet that every published text has: our own page.
PUBLIC = "public"


class Lines(models.Model):
    """One version of the agreed facts, figures and wording on a case. Never changed once approved."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="lines")
    version = models.PositiveIntegerField()
    facts = models.TextField(_("事实"), blank=True)  # one a line
    figures = models.TextField(_("数字"), blank=True)  # one a line: name = value
    causes = models.TextField(_("已核实的原因"), blank=True)  # one a line; no other may be stated
    wording = models.TextField(_("统一表述"), blank=True)  # one a line: avoid => use, or the words to use
    not_yet = models.TextField(_("暂不对外"), blank=True)  # one a line: what: why
    handling = models.TextField(_("同时定下的处置"), blank=True)  # wording and handling are decided together
    outlet = models.CharField(_("发布出口"), max_length=120, blank=True)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField(null=True)
    comment = models.CharField(_("意见"), max_length=500, blank=True)

    class Meta:
        ordering = ["case_id", "-version"]
        constraints = [models.UniqueConstraint(fields=["case", "version"], name="lines_version_once")]

    def __str__(self) -> str:
        return f"{self.case} v{self.version}"

    def get_absolute_url(self) -> str:
        return reverse("replies:lines", args=[self.case.number])

    @property
    def waiting(self) -> bool:
        """True while nobody has approved or returned it."""
        return self.approved_at is None and self.returned_at is None


class Form(models.TextChoices):
    """What kind of text it is."""

    REPLY = "reply", _("帖下回复")
    COMMENT = "comment", _("评论")
    ARTICLE = "article", _("文章")
    STATEMENT = "statement", _("情况说明")
    RELEASE = "release", _("新闻通稿")
    CORRECTION = "correction", _("更正说明")
    BRIEFING = "briefing", _("新闻发布会发布词")


class Stage(models.TextChoices):
    """At which point of the matter it speaks."""

    FIRST = "first", _("首次回应")
    PROGRESS = "progress", _("进展通报")
    FORMAL = "formal", _("正式答复")
    FINAL = "final", _("最终结果")
    CORRECTION = "correction", _("更正")


class Draft(models.Model):
    """A text on its way to being published, and after that the published text.

    A published text without the institution's name and the role that approved it cannot be stored.
    """

    class State(models.TextChoices):
        WRITING = "writing", _("起草中")
        SUBMITTED = "submitted", _("待审批")
        RETURNED = "returned", _("已退回")
        APPROVED = "approved", _("已批准")
        PUBLISHED = "published", _("已发布")
        WITHDRAWN = "withdrawn", _("已撤回")
        DROPPED = "dropped", _("已作废")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="drafts")
    mention = models.ForeignKey(Mention, null=True, on_delete=models.PROTECT, related_name="drafts")
    lines = models.ForeignKey(Lines, null=True, on_delete=models.PROTECT, related_name="drafts")
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")
    withdraws = models.BooleanField(default=False)  # the text that it corrects is taken back as a whole
    form = models.CharField(_("形式"), max_length=12, choices=Form.choices, default=Form.REPLY)
    stage = models.CharField(_("阶段"), max_length=12, choices=Stage.choices, default=Stage.FIRST)
    title = models.CharField(_("标题"), max_length=200)
    asked = models.CharField(
        _("问了什么"), max_length=300, blank=True
    )  # in the public's words, without names
    text = models.TextField(_("正文"), blank=True)
    unsure = models.BooleanField(_("把握不准，请负责人审"), default=False)
    promise_due_at = models.DateTimeField(_("承诺期限"), null=True)
    promise_text = models.CharField(_("承诺什么"), max_length=200, blank=True)
    promise_ref = models.CharField(max_length=20, blank=True)  # of the PROMISED entry
    state = models.CharField(max_length=10, choices=State.choices, default=State.WRITING, db_index=True)
    revision = models.PositiveIntegerField(default=1)  # counts saves: two people writing at once notice
    round = models.PositiveSmallIntegerField(default=0)  # of approval
    chain = models.JSONField(default=list)  # roles in order, fixed at submission
    level = models.PositiveSmallIntegerField(null=True)  # of the case at submission
    overrules = models.CharField(max_length=500, blank=True)  # why it was submitted with findings left open
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="drafts")
    writers = models.ManyToManyField(Person, related_name="written")  # everybody who changed the text
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True, db_index=True)
    published_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    text_sha256 = models.CharField(max_length=64, blank=True)  # of title, question and text as published
    signed_as = models.CharField(max_length=120, blank=True)  # the institution's full name then
    signed_role = models.CharField(max_length=20, choices=Role.choices, blank=True)  # who approved last
    slug = models.CharField(max_length=40, null=True, unique=True)  # the permanent public address
    bypass_reason = models.CharField(max_length=500, blank=True)  # published before its approval; for ever
    reviewed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)  # the review of a bypass
    review = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="published_is_signed",
                condition=models.Q(published_at__isnull=True)
                | (
                    ~models.Q(signed_as="")
                    & ~models.Q(signed_role="")
                    & ~models.Q(text_sha256="")
                    & models.Q(slug__isnull=False)
                    & models.Q(published_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="published_has_its_instant",
                condition=~models.Q(state__in=["published", "withdrawn"])
                | models.Q(published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("replies:draft", args=[self.pk])

    @property
    def public_path(self) -> str:
        """The permanent address on our own page; empty until published."""
        return reverse("public:answer", args=[self.slug]) if self.slug else ""

    @property
    def editable(self) -> bool:
        """True while its text may still change."""
        return self.state in (self.State.WRITING, self.State.RETURNED)

    @property
    def is_public(self) -> bool:
        """True once it was published; a withdrawn text keeps its address."""
        return self.published_at is not None

    @property
    def bypassed(self) -> bool:
        """Published before its approval. This never goes away."""
        return bool(self.bypass_reason)

    @property
    def stepper(self) -> list[str]:
        """The states that a text passes, for the page."""
        return [self.State.WRITING, self.State.SUBMITTED, self.State.APPROVED, self.State.PUBLISHED]


class Approval(models.Model):
    """One step of a draft's approval chain in one round, or one part of a step that several take at once."""

    class Verdict(models.TextChoices):
        WAITING = "", _("待批")
        APPROVED = "approved", _("同意")
        RETURNED = "returned", _("退回")
        SKIPPED = "skipped", _("紧急发布，未批")

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="approvals")
    round = models.PositiveSmallIntegerField(default=1)
    step = models.PositiveSmallIntegerField()  # from 1
    part = models.PositiveSmallIntegerField(default=1)  # of the step: parts are asked at the same time
    roles = models.CharField(max_length=120)  # one role, or several joined by "|": any of them
    verdict = models.CharField(max_length=10, blank=True, choices=Verdict.choices, default=Verdict.WAITING)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, blank=True, choices=Role.choices)  # in which the person acted
    stood_in_for = models.CharField(max_length=120, blank=True)  # the roles whose holders were all away
    comment = models.TextField(blank=True)
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["draft_id", "round", "step", "part"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "round", "step", "part"], name="approval_part_once")
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.step} {self.roles}"

    @property
    def any_of(self) -> tuple[str, ...]:
        """The roles any of which may take it."""
        return tuple(self.roles.split("|"))


class Publication(models.Model):
    """A published text at one outlet, with its address and what exactly stands there."""

    class State(models.TextChoices):
        OUT = "out", _("已发布")
        WAITING = "waiting", _("正在送出")
        TO_COPY = "to_copy", _("待人工发布")
        FAILED = "failed", _("没有送出")
        HELD = "held", _("演练，不外发")

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="publications")
    place = models.CharField(max_length=120)  # PUBLIC, the outlet's name, or where a person copies it to
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="publications")
    reply_to = models.TextField(blank=True)  # the address of the post that it answers
    address = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING, db_index=True)
    text_sha256 = models.CharField(max_length=64)
    said = models.CharField(max_length=400, blank=True)  # why it did not go out
    published_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["draft", "place"], name="one_publication_each")]

    def __str__(self) -> str:
        return f"{self.place} {self.state}"

    @property
    def ours(self) -> bool:
        """True for our own page."""
        return self.place == PUBLIC
