"""What pages of a desk that was filled with the sample know besides."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

from huiying.desk.sample.play import FILE


def sample(request: HttpRequest) -> dict[str, bool]:
    """`is_sample`: whether this desk was filled with the sample, so that no page is mistaken for a real one."""
    return {"is_sample": (Path(settings.HOME) / FILE).exists()}
