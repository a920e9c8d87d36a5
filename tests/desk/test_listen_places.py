"""Places and things that the institution knows: they help the ear, so every change is heard."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiying.desk.listen import actions, ledger
from huiying.desk.listen.config import listening
from huiying.desk.listen.models import PlaceName, Rehearing
from tests.desk.listen_world import CANTEEN, hear_all, posts, watch
from tests.desk.world import NOW, World

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
TOML = """
[[place]]
name = "滨河苑"
kind = "estate"
aliases = ["滨河苑小区"]
unit = "hqc"
within = "城西"
"""


@pytest.fixture(autouse=True)
def _cold() -> None:
    ledger.forget()


def test_a_place_is_told_to_the_ear_with_its_names_and_unit(world: World) -> None:
    actions.save_place(
        by=world["duty"],
        now=NOW,
        name="二食堂",
        kind="unit",
        aliases=["东食堂", "二食堂"],
        unit=world.units["hqc"],
    )
    (known,) = listening()[0].gazetteer.places
    assert (known.name, known.aliases, known.unit) == ("二食堂", ("东食堂",), "hqc")


def test_equal_configurations_are_the_same_object(world: World) -> None:
    assert listening()[0] is listening()[0]
    fingerprint = listening()[1]
    actions.save_place(by=world["duty"], now=NOW, name="二食堂", kind="unit")
    assert listening()[1] != fingerprint


def test_a_name_stands_once(world: World) -> None:
    actions.save_place(by=world["duty"], now=NOW, name="二食堂", kind="unit")
    with pytest.raises(ValidationError, match="已有这个名称"):
        actions.save_place(by=world["duty"], now=NOW, name="二食堂", kind="unit")


def test_a_changed_place_hears_the_past_again(world: World) -> None:
    watch("食堂", "食堂")
    posts(CANTEEN)
    hear_all()
    it = actions.save_place(by=world["duty"], now=NOW, name="二食堂", kind="unit")
    assert Rehearing.objects.get().reason == "二食堂"
    actions.drop_place(by=world["duty"], now=NOW, place=it)
    assert Rehearing.objects.filter(phase="running").count() == 1


def test_the_office_adds_changes_and_deletes_a_place_on_its_page(world: World, as_role: SignIn) -> None:
    client = as_role("office")
    client.post("/listen/places/add/", {"name": "三号楼", "kind": "other", "aliases": "三号宿舍楼，3号楼"})
    it = PlaceName.objects.get()
    assert it.aliases == ["三号宿舍楼", "3号楼"]
    page = client.get(f"/listen/places/{it.pk}/").content.decode()
    assert "三号宿舍楼 3号楼" in page
    client.post(f"/listen/places/{it.pk}/", {"name": "三号宿舍楼", "kind": "other", "aliases": "3号楼"})
    it.refresh_from_db()
    assert it.name == "三号宿舍楼"
    client.post(f"/listen/places/{it.pk}/drop/")
    assert not PlaceName.objects.exists()


def test_a_file_of_places_is_imported_and_replaces_by_name(world: World, as_role: SignIn) -> None:
    PlaceName.objects.create(name="滨河苑", kind="other")
    file = SimpleUploadedFile("places.toml", TOML.encode())
    assert as_role("duty").post("/listen/places/import/", {"file": file}).status_code == 302
    it = PlaceName.objects.get()
    assert (it.kind, it.unit, it.within) == ("estate", world.units["hqc"], "城西")


def test_a_wrong_file_says_where_and_adds_nothing(world: World, as_role: SignIn) -> None:
    file = SimpleUploadedFile("places.toml", b"[[place]]\nkind = 'estate'\n")
    page = as_role("duty").post("/listen/places/import/", {"file": file})
    assert page.status_code == 422
    assert "places.toml" in page.content.decode()
    assert not PlaceName.objects.exists()


def test_a_reader_sees_places_and_no_form(world: World, as_role: SignIn) -> None:
    PlaceName.objects.create(name="滨河苑", kind="estate")
    page = as_role("head").get("/listen/places/").content.decode()
    assert "滨河苑" in page
    assert "/listen/places/add/" not in page
