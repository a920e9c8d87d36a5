"""Answers to people: lines to take, drafts, approval, publication."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person, Role
from huiying.desk.cases.models import Case
from huiying.desk.collect.models import Mention


class Lines(models.Model):
    """One version of the approved facts, figures and wording on a case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="lines")
    version = models.PositiveIntegerField()
    facts = models.TextField(_("事实"), blank=True)  # one a line
    figures = models.TextField(_("数字"), blank=True)  # one a line: name = value
    wording = models.TextField(_("统一表述"), blank=True)
    not_yet = models.TextField(_("暂不对外"), blank=True)  # one a line: what, and why
    outlet = models.CharField(_("发布出口"), max_length=120, blank=True)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["case_id", "-version"]
        constraints = [models.UniqueConstraint(fields=["case", "version"], name="lines_version_once")]

    def __str__(self) -> str:
        return f"{self.case} v{self.version}"


class Draft(models.Model):
    """A text on its way to being published, and after that the published text."""

    class Form(models.TextChoices):
        REPLY = "reply", _("帖下回复")
        COMMENT = "comment", _("评论")
        ARTICLE = "article", _("文章")
        STATEMENT = "statement", _("情况说明")
        RELEASE = "release", _("新闻通稿")
        CORRECTION = "correction", _("更正说明")

    class Stage(models.TextChoices):
        FIRST = "first", _("首次回应")
        PROGRESS = "progress", _("进展通报")
        FORMAL = "formal", _("正式答复")
        FINAL = "final", _("最终结果")
        CORRECTION = "correction", _("更正")

    class State(models.TextChoices):
        WRITING = "writing", _("起草中")
        SUBMITTED = "submitted", _("待审批")
        RETURNED = "returned", _("已退回")
        APPROVED = "approved", _("已批准")
        PUBLISHED = "published", _("已发布")
        WITHDRAWN = "withdrawn", _("已撤回")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="drafts")
    mention = models.ForeignKey(
        Mention, null=True, blank=True, on_delete=models.PROTECT, related_name="drafts"
    )
    lines = models.ForeignKey(Lines, null=True, blank=True, on_delete=models.PROTECT, related_name="drafts")
    form = models.CharField(max_length=12, choices=Form.choices, default=Form.REPLY)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.FIRST)
    title = models.CharField(max_length=200)
    text = models.TextField()
    unsure = models.BooleanField(_("起草人把握不准"), default=False)
    promise_due_at = models.DateTimeField(null=True, blank=True)
    promise_text = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WRITING, db_index=True)
    chain = models.JSONField(default=list)  # roles in order, from the plan at submission
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="drafts")
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True, db_index=True)
    slug = models.CharField(max_length=40, blank=True, db_index=True)  # the permanent public address

    class Meta:
        ordering = ["-changed_at"]

    def __str__(self) -> str:
        return self.title


class Approval(models.Model):
    """One step of a draft's approval chain."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="approvals")
    step = models.PositiveSmallIntegerField()  # from 1
    role = models.CharField(max_length=20, choices=Role.choices)
    verdict = models.CharField(max_length=10, blank=True)  # approved, returned
    comment = models.TextField(blank=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(null=True)
    round = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["draft_id", "round", "step"]
        constraints = [models.UniqueConstraint(fields=["draft", "round", "step"], name="approval_step_once")]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.step} {self.role}"


class Publication(models.Model):
    """A published text at one outlet, with its address and capture."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="publications")
    outlet = models.CharField(max_length=120)  # "public" is our own page
    address = models.TextField(blank=True)
    state = models.CharField(max_length=10, default="waiting")  # waiting, to_copy, out, failed
    text_sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "outlet"], name="one_publication_each")]

    def __str__(self) -> str:
        return f"{self.outlet} {self.state}"
