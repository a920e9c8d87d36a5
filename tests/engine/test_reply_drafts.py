"""The planted-fault set: every fault is found where it was put, and clean answers are left alone."""

import pytest

from huiying.engine.reply.check import mend
from tests.engine.reply_drafts import CLEAN, FAULTS, Fault, checked


def test_there_are_at_least_sixty_of_each() -> None:
    assert len(CLEAN) >= 60
    assert len({fault.text for fault in FAULTS}) >= 60


@pytest.mark.parametrize("number", range(len(CLEAN)), ids=lambda number: CLEAN[number][0][:12])
def test_a_clean_answer_has_nothing_above_a_hint(number: int) -> None:
    above = [one.message.zh for one in checked(number, CLEAN[number][1]) if one.level != "hint"]
    assert above == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.code[6:]}:{fault.new[:10]}")
def test_a_planted_fault_is_found(fault: Fault) -> None:
    assert fault.code in {one.code for one in checked(fault.of, fault.text)}


@pytest.mark.parametrize(
    "fault",
    [one for one in FAULTS if one.code in {"reply.typo.word", "reply.voice.figure", "reply.voice.date"}],
    ids=lambda fault: f"{fault.code[6:]}:{fault.new[:10]}",
)
def test_the_offered_mend_takes_the_fault_away(fault: Fault) -> None:
    found = next(one for one in checked(fault.of, fault.text) if one.code == fault.code)
    mended = mend(fault.text, found)
    assert mended != fault.text
    assert fault.code not in {one.code for one in checked(fault.of, mended)}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.code[6:]}:{fault.new[:10]}")
def test_every_place_of_a_finding_lies_in_the_text(fault: Fault) -> None:
    for one in checked(fault.of, fault.text):
        if one.place.start is not None:
            assert one.place.end is not None
            assert 0 <= one.place.start <= one.place.end <= len(fault.text)
