"""One request, with the token in a header that no redirect carries elsewhere."""

from huiying.desk.collect.sources.api.parse import parse
from huiying.desk.collect.sources.base import Harvest, Visit, cursor_after, payload_of, validators


def fetch(visit: Visit) -> Harvest:
    """What the interface answers. Raises Trouble."""
    address = str(visit.settings["address"])
    header = str(visit.settings.get("token_header") or "Authorization")
    private = {header: visit.secret} if visit.secret else {}
    headers = {"Accept": "application/json", **validators(visit.cursor, address)}
    answer = visit.client.get(address, headers=headers, private=private)
    harvest = Harvest(unchanged=True)
    if not answer.unchanged:
        harvest = parse(answer.body, answer.content_type, visit.settings, visit.now, visit.zone)
        harvest.payloads = [payload_of(answer)]
    harvest.cursor = cursor_after(answer, address, visit.cursor)
    return harvest
