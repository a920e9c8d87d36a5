"""Which private networks may be reached: those that the operator lists, and for the sample this machine itself."""

import os

from django.conf import settings

from huiying.desk.net.guard import Network, read_networks

SELF = "127.0.0.1/32"


def playing() -> bool:
    """Whether this desk is the sample: its mark lies in the home, and `huiying up` serves the sample's sites."""
    return bool(os.environ.get("HUIYING_SAMPLE")) and (settings.HOME / "sample.json").exists()


def listed() -> tuple[Network, ...]:
    """The networks of HUIYING_FETCH_ALLOW; while the desk is the sample this machine too, where its sites are."""
    more = [SELF] if playing() else []
    return read_networks(",".join([*settings.HUIYING_FETCH_ALLOW, *more]))
