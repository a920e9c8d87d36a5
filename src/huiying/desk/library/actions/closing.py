"""Learning from a case, and filing it."""

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.queries import institution
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import journal
from huiying.desk.cases.access import acting
from huiying.desk.cases.models import Case
from huiying.desk.library import bag
from huiying.desk.library.models import Archive, Review
from huiying.desk.library.package import content
from huiying.desk.listen.search import put
from huiying.desk.plans import queries as plans
from huiying.engine.journal import Kind


def _must_be_closed(case: Case) -> None:
    if case.merged_into_id is not None:
        raise ValidationError(_("这一件已并入别的件，随那一件复盘归档。"))
    if case.closed_at is None:
        raise ValidationError(_("办结以后才能复盘和归档。"))


@transaction.atomic
def review(
    *,
    by: Person,
    now: datetime,
    case: Case,
    summary: str,
    lessons: str,
    worked: str = "",
    failed: str = "",
    outlook: str = "",
) -> Review:
    """File what was learnt from a closed case; writing it again replaces the words, and the journal keeps both.

    Raises ValidationError naming the field, or for a case that is open.
    """
    require(by, Right.EDIT_LIBRARY)
    journal.lock(case)
    _must_be_closed(case)
    said = {
        "summary": summary.strip(),
        "worked": worked.strip(),
        "failed": failed.strip(),
        "lessons": lessons.strip(),
        "outlook": outlook.strip(),
    }
    for name, sentence in (("summary", _("请写一段经过。")), ("lessons", _("请至少写一条教训或经验。"))):
        if not said[name]:
            raise ValidationError({name: sentence})
    role = acting(by, Right.EDIT_LIBRARY, case)
    journal.write(case=case, kind=Kind.REVIEWED, data=said, now=now, by=by, role=role)
    filed, _made = Review.objects.update_or_create(
        case=case, defaults={**said, "written_by": by, "written_at": now}
    )
    words = "\n".join(said.values())
    put(kind="review", ref=filed.pk, title=case.title, text=words, at=now)
    return filed


def review_owed(case: Case) -> bool:
    """Whether the plan wants a review of this case and there is none yet."""
    if case.plan is None or Review.objects.filter(case=case).exists():
        return False
    return plans.engine_plan(case.plan).review_required(case.level)


def archive(*, by: Person, now: datetime, case: Case) -> Archive:
    """File a closed case as one package, checked before it counts; its hash stands in the journal.

    The package is on disk before the entry is written: a crash in between leaves a file that nothing names, never an
    entry without its file. Raises ValidationError for a case that is open, or whose review the plan still wants.
    """
    require(by, Right.ARCHIVE)
    with transaction.atomic():
        journal.lock(case)
        _must_be_closed(case)
        if review_owed(case):
            raise ValidationError(_("预案要求先复盘，再归档。"))
        role = acting(by, Right.ARCHIVE, case)
        package = _packed(case, now)
        digest = bag.sha256(package)
        path = _stored(case, package, digest)
        data = {"package_sha256": digest, "path": path, "size": len(package)}
        journal.write(case=case, kind=Kind.ARCHIVED, data=data, now=now, by=by, role=role)
        return Archive.objects.create(case=case, made_at=now, path=path, sha256=digest, size=len(package))


def _packed(case: Case, now: datetime) -> bytes:
    body = institution()
    info = {
        "Source-Organization": body.name if body else "",
        "External-Identifier": case.number,
        "External-Description": case.title,
    }
    package = bag.pack(case.number, content(case), info, now)
    wrong = bag.flaws(package)
    if wrong:
        raise RuntimeError(f"the package of {case.number} does not hold: {'; '.join(wrong)}")
    return package


def place_of(archive: Archive) -> Path:
    """Where a package lies on disk."""
    return Path(settings.HOME) / archive.path


def _stored(case: Case, package: bytes, digest: str) -> str:
    """The package on disk, whole or not at all; returns its path below the desk's home."""
    path = Path("archives") / f"{case.number}-{digest[:12]}.zip"
    place = Path(settings.HOME) / path
    draft = place.with_name(f".{place.name}-{os.getpid()}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as out:
            out.write(package)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(place)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        said = _("写不进存放目录：%(why)s。腾出空间或改好权限后再归档，其余都没有变。") % {
            "why": error.strerror
        }
        raise ValidationError(said) from error
    return path.as_posix()
