"""Files that show what is so: kept by their hash, named in the journal, given out only through the case's gate."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from huiying.desk.accounts.models import Person
from huiying.desk.cases.models import Case, Evidence

Upload: TypeAlias = "UploadedFile[Any]"

MOST_FILES = 12
MOST_BYTES = 12 * 1024 * 1024
#: How files of the kinds that are taken begin; what a file calls itself does not count.
BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),  # Word, Excel, archives
    (b"\xd0\xcf\x11\xe0", "application/x-ole-storage"),  # older Word and Excel
    (b"ID3", "audio/mpeg"),
)
IMAGES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})


def kind_of(head: bytes) -> str:
    """The content type by the file's first bytes; empty for what is not taken."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return "image/heic" if head[8:11] in {b"hei", b"mif"} else "video/mp4"
    return next((kind for start, kind in BEGINNINGS if head.startswith(start)), "")


def path_of(sha256: str) -> Path:
    """Where a file lies below the desk's home."""
    return Path(settings.MEDIA_ROOT) / "evidence" / sha256[:2] / sha256


def check(files: Sequence[Upload]) -> None:
    """Raises ValidationError on `proof` for too many, too large, empty, or of a kind that is not taken."""
    if len(files) > MOST_FILES:
        raise ValidationError({"proof": _("一次最多 %(most)s 个文件。") % {"most": MOST_FILES}})
    for file in files:
        if not file.size:
            raise ValidationError({"proof": _("%(name)s 是空文件。") % {"name": file.name}})
        if file.size > MOST_BYTES:
            raise ValidationError(
                {"proof": _("%(name)s 超过 %(most)s MB。") % {"name": file.name, "most": MOST_BYTES // 2**20}}
            )
        head = file.read(16)
        file.seek(0)
        if not kind_of(head):
            raise ValidationError(
                {
                    "proof": _("%(name)s：只收照片、视频、录音、PDF、Word 和 Excel。") % {"name": file.name},
                }
            )


def _write(file: Upload) -> str:
    """Store the bytes under their hash; a file that is there already is left alone."""
    data = b"".join(file.chunks())
    sha256 = hashlib.sha256(data).hexdigest()
    place = path_of(sha256)
    if place.exists():
        return sha256
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    Path(out.name).replace(place)
    return sha256


def keep(*, case: Case, by: Person, now: datetime, files: Iterable[Upload]) -> list[dict[str, Any]]:
    """Keep the files and give what the journal says of each: name, hash, size, kind. Raises ValidationError.

    In the caller's transaction. A file whose entry is not written in the end is a file without a row: harmless.
    """
    given = list(files)
    check(given)
    return [_keep(case, by, now, file) for file in given]


def _keep(case: Case, by: Person, now: datetime, file: Upload) -> dict[str, Any]:
    head = file.read(16)
    file.seek(0)
    row, _made = Evidence.objects.get_or_create(
        case=case,
        sha256=_write(file),
        defaults={
            "name": Path(file.name or "file").name[-200:],
            "content_type": kind_of(head),
            "size": file.size or 0,
            "added_by": by,
            "added_at": now,
        },
    )
    return {
        "file": row.pk,
        "name": row.name,
        "sha256": row.sha256,
        "size": row.size,
        "type": row.content_type,
    }
