"""`GET /api/s?id=…&latest`."""

from urllib.parse import quote

from huiying.desk.collect.sources.base import Harvest, Visit, payload_of
from huiying.desk.collect.sources.newsnow.parse import parse


def fetch(visit: Visit) -> Harvest:
    """The list as it stands. Raises Trouble."""
    base = str(visit.settings["address"]).split("?", 1)[0].rstrip("/").removesuffix("/api/s")
    answer = visit.client.get(f"{base}/api/s?id={quote(str(visit.settings['id']))}&latest")
    harvest = parse(answer.body, answer.content_type, visit.now, visit.zone)
    harvest.payloads = [payload_of(answer)]
    return harvest
