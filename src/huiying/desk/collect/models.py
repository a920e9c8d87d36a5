"""Where mentions come from, what was captured, and how healthy each source is."""

import zlib

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person
from huiying.desk.collect.charset import decode
from huiying.desk.collect.plain import clean


class Tier(models.TextChoices):
    """The weight of an outlet, as plans count it."""

    NATIONAL = "national", _("中央媒体")
    PORTAL = "portal", _("大型门户")
    PROVINCIAL = "provincial", _("省级媒体")
    CITY = "city", _("市级媒体")
    LOCAL = "local", _("本地网站")
    SELF_MEDIA = "self-media", _("自媒体、社交平台")
    BOARD = "board", _("留言板")
    INTERNAL = "internal", _("内部渠道")
    UNKNOWN = "unknown", _("未分类")


#: The kind of the source of scripted posts: no list, no count and no ear of the house knows it.
DRILL = "drill"


class Host(models.Model):
    """A site that sources are fetched from: visited by one worker at a time, with a pause between two visits."""

    name = models.CharField(max_length=253, unique=True)
    free_at = (
        models.DateTimeField()
    )  # no visit begins before it; during a visit, when the visit's lease runs out

    def __str__(self) -> str:
        return self.name


class Sources(models.Manager["Source"]):
    """Where people are really heard."""

    def get_queryset(self) -> models.QuerySet["Source"]:
        return super().get_queryset().exclude(kind=DRILL)


class Source(models.Model):
    """A feed, page, API, mailbox, upload or person from which mentions come.

    `objects` are the real ones; `every` also holds the one of drills.
    """

    name = models.CharField(_("名称"), max_length=120, unique=True)
    kind = models.CharField(_("类型"), max_length=20)  # a folder of collect/sources
    tier = models.CharField(_("层级"), max_length=20, choices=Tier.choices, default=Tier.UNKNOWN)
    site = models.CharField(_("站点"), max_length=120, blank=True)
    settings = models.JSONField(default=dict)  # address, selectors, mapping: checked by the kind's form
    secret = models.TextField(blank=True)  # password or signing key, sealed (collect.seal); never shown again
    interval_s = models.PositiveIntegerField(_("间隔（秒）"), default=600)
    paused = models.BooleanField(default=False)
    host = models.CharField(max_length=253, blank=True, db_index=True)  # politeness is by host
    cursor = models.JSONField(default=dict)  # what the next fetch begins from: validators, mailbox UIDs
    next_fetch_at = models.DateTimeField(null=True, blank=True, db_index=True)  # null: never by itself
    leased_until = models.DateTimeField(null=True, blank=True)
    leased_by = models.CharField(max_length=120, blank=True)  # worker and visit
    last_tried_at = models.DateTimeField(null=True, blank=True)
    last_ok_at = models.DateTimeField(null=True, blank=True)
    last_new_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)  # in a row
    told_at = models.DateTimeField(null=True, blank=True)  # when duty officers were told of this failure
    error_code = models.CharField(max_length=60, blank=True)
    error_zh = models.CharField(max_length=500, blank=True)
    error_en = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    every = models.Manager["Source"]()
    objects = Sources()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Fetch(models.Model):
    """One attempt at a source, or one delivery to it."""

    class Outcome(models.TextChoices):
        NEW = "new", _("有新帖")
        EMPTY = "empty", _("没有新帖")
        UNCHANGED = "unchanged", _("对方说没有变化")
        FAILED = "failed", _("读不成")

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="fetches")
    at = models.DateTimeField(db_index=True)
    seconds = models.FloatField(default=0)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    code = models.CharField(max_length=60, blank=True)
    message_zh = models.CharField(max_length=500, blank=True)
    message_en = models.CharField(max_length=500, blank=True)
    found = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    rejected = models.JSONField(
        default=list
    )  # [{place, zh, en, taken}]: what could not be read, the first of them
    rejected_count = models.PositiveIntegerField(default=0)
    sample = models.BinaryField(default=b"")  # beginning of an answer that could not be read, zlib

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.source} {self.outcome}"

    @property
    def answer(self) -> str:
        """The beginning of an answer that could not be read, as text."""
        return clean(decode(zlib.decompress(bytes(self.sample)))[0])[:1500] if self.sample else ""


class Capture(models.Model):
    """The payload as it came, compressed; the evidence behind mentions."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="captures")
    captured_at = models.DateTimeField(db_index=True)
    address = models.TextField(blank=True)
    content_type = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, db_index=True)  # of the payload before compression
    size = models.PositiveBigIntegerField()  # bytes, before compression
    payload = models.BinaryField()  # zlib
    purged_at = models.DateTimeField(null=True, blank=True)  # payload emptied by retention; the hash stays

    def __str__(self) -> str:
        return self.sha256[:12]


class MentionKind(models.TextChoices):
    POST = "post", _("帖文")
    COMMENT = "comment", _("评论")
    ARTICLE = "article", _("报道")
    MESSAGE = "message", _("留言")
    CALL = "call", _("来电")
    TIP = "tip", _("信息员上报")
    TRANSFER = "transfer", _("上级转交")
    LIST = "list", _("榜单条目")


class Mentions(models.Manager["Mention"]):
    """What people really said."""

    def get_queryset(self) -> models.QuerySet["Mention"]:
        return super().get_queryset().filter(drill=False)


class Mention(models.Model):
    """One public post, comment, article, message or call about us, as captured. Never changed afterwards, but for where
    it stands on a list; emptied when its retention ends.

    `objects` are what people really said. What a drill made up stands in `every` too, so that whoever does not ask for it
    never meets it: not the ear, no list, no count, no report, no interface.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="mentions")
    key = models.CharField(
        max_length=128
    )  # what the source itself calls it, or a hash: see sources.base.key_of
    kind = models.CharField(max_length=20, choices=MentionKind.choices, default=MentionKind.POST)
    title = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    address = models.TextField(blank=True)
    site = models.CharField(max_length=120, blank=True)
    tier = models.CharField(max_length=20, choices=Tier.choices, default=Tier.UNKNOWN)
    voice = models.CharField(max_length=32, blank=True)  # keyed pseudonym, used only to count distinct voices
    posted_at = models.DateTimeField(null=True, blank=True)  # as the source says
    captured_at = models.DateTimeField(db_index=True)  # when we heard it: discovery
    reach = models.PositiveIntegerField(default=0)  # reposts, comments and likes, where the source tells
    rank = models.PositiveIntegerField(null=True, blank=True)  # place on a list when first seen, from 1
    best_rank = models.PositiveIntegerField(null=True, blank=True)  # the best place it was ever seen on
    last_rank = models.PositiveIntegerField(null=True, blank=True)  # the place at `ranked_at`
    ranked_at = models.DateTimeField(null=True, blank=True)  # when it was last seen on the list
    due_at = models.DateTimeField(null=True, blank=True)  # a transfer's own deadline
    text_sha256 = models.CharField(max_length=64, db_index=True)  # of title, line break, text
    capture = models.ForeignKey(Capture, null=True, on_delete=models.PROTECT, related_name="mentions")
    extra = models.JSONField(default=dict)
    drill = models.BooleanField(default=False)  # made up for a drill
    purged_at = models.DateTimeField(null=True, blank=True)  # words, address, voice emptied by retention

    every = models.Manager["Mention"]()
    objects = Mentions()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="mention_once")]
        indexes = [
            models.Index(
                fields=["captured_at"], condition=models.Q(purged_at=None), name="mention_not_purged"
            )
        ]

    def __str__(self) -> str:
        return self.title or self.text[:40]


class Placing(models.Model):
    """Where an entry of a ranked list stood at one visit, and what was expected of it then. Kept for some days."""

    mention = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="placings")
    at = models.DateTimeField(db_index=True)
    place = models.PositiveIntegerField()  # from 1
    climb = models.FloatField(null=True)  # probability to be among the first ten within six hours
    climb_why = models.JSONField(default=list)  # what led to it: [[zh, en]]

    class Meta:
        ordering = ["at", "place"]
        constraints = [models.UniqueConstraint(fields=["mention", "at"], name="placing_once")]

    def __str__(self) -> str:
        return f"{self.mention_id} {self.place}"


class Attachment(models.Model):
    """A photo or file that came with a mention entered by hand."""

    mention = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="attachments")
    capture = models.ForeignKey(Capture, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Upload(models.Model):
    """A file on its way in: looked at first, then read row by row; an interruption goes on where it stopped."""

    class State(models.TextChoices):
        LOOKED_AT = "looked_at", _("待确认")
        READING = "reading", _("读入中")
        DONE = "done", _("已读入")
        DROPPED = "dropped", _("已放弃")
        FAILED = "failed", _("读不成")

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    payload = models.BinaryField()  # zlib; emptied when done or dropped
    columns = models.JSONField(default=dict)  # field: column number, from 0
    state = models.CharField(max_length=10, choices=State.choices, default=State.LOOKED_AT, db_index=True)
    rows = models.PositiveIntegerField(default=0)
    done_rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    rejected = models.JSONField(default=list)
    rejected_count = models.PositiveIntegerField(default=0)
    error_zh = models.CharField(max_length=500, blank=True)
    error_en = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    finished_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name


class Heightened(models.Model):
    """A key period that the institution added itself: exam week, a congress, an anniversary, bad weather."""

    name = models.CharField(_("名称"), max_length=120)
    why = models.CharField(_("原因"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    factor = models.FloatField(_("加密倍数"), default=3.0)  # intervals are divided by it
    like = models.CharField(max_length=60, blank=True)  # the plan's key period whose rules count in it too
    waits = models.BooleanField(default=False)  # for a second person; until then it does not count
    approved_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    approved_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    refused_at = models.DateTimeField(null=True)
    refused_why = models.CharField(max_length=300, blank=True)
    applied_at = models.DateTimeField(null=True)  # when waiting sources were pulled forward
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="heightened_has_length"
            )
        ]

    def __str__(self) -> str:
        return self.name
