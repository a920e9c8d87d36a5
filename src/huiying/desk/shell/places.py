"""The places of the rail, in the order of the work."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the rail; `roots` are the beginnings of addresses that belong to it."""

    icon: str
    label: str | Promise
    address: str
    roots: tuple[str, ...]


PLACES = (
    Place("today", _("今日"), "/", ("/today/", "/wall/")),
    Place("listen", _("倾听"), "/listen/", ("/listen/", "/sources/")),
    Place("cases", _("办理"), "/cases/", ("/cases/", "/replies/", "/joint/")),
    Place("reports", _("报送"), "/reports/", ("/reports/",)),
    Place("library", _("案例"), "/library/", ("/library/", "/drills/filed/")),
    Place(
        "settings",
        _("设置"),
        "/settings/",
        ("/settings/", "/profile/", "/accounts/", "/notices/", "/plans/", "/drills/"),
    ),
)


@dataclass(frozen=True, slots=True)
class Corner:
    """One entry of the settings' side navigation, shown to those who have `right` (empty: everybody)."""

    icon: str
    label: str | Promise
    address: str
    right: str = ""


SETTINGS: tuple[tuple[str | Promise, tuple[Corner, ...]], ...] = (
    (
        _("单位"),
        (
            Corner("settings", _("概览"), "/settings/", "see_people"),
            Corner("unit", _("单位信息"), "/settings/institution/", "edit_institution"),
            Corner("split", _("部门"), "/settings/units/", "see_people"),
            Corner("people", _("人员"), "/settings/people/", "see_people"),
            Corner("phone", _("发言人与管理员"), "/settings/posts/", "see_people"),
            Corner("lock", _("角色与权限"), "/settings/rights/", "see_people"),
        ),
    ),
    (
        _("运行"),
        (
            Corner("calendar", _("值班表"), "/settings/roster/", "see_people"),
            Corner("flag", _("重点时段"), "/sources/heightened/", "see_plans"),
            Corner("bell", _("联络方式"), "/settings/contacts/", "edit_channels"),
            Corner("plan", _("预案"), "/plans/", "see_plans"),
            Corner("flag", _("推演与演练"), "/drills/", "see_plans"),
            Corner("send", _("发件箱"), "/notices/", "see_outbox"),
            Corner("reply", _("联络通知"), "/notices/circulars/", "see_outbox"),
            Corner("globe", _("渠道设置"), "/notices/channels/", "edit_channels"),
            Corner("check", _("就绪检查"), "/settings/readiness/", "see_people"),
        ),
    ),
    (
        _("安全"),
        (
            Corner("archive", _("审计记录"), "/settings/audit/", "see_audit"),
            Corner("key", _("接口密钥"), "/settings/tokens/", "api_tokens"),
        ),
    ),
    (
        _("我"),
        (
            Corner("person", _("我的资料"), "/profile/"),
            Corner("mention", _("我收到的通知"), "/notices/mine/"),
        ),
    ),
)


def corner(path: str) -> Corner | None:
    """The settings entry to which an address belongs: the one with the longest beginning."""
    fitting = [one for _name, group in SETTINGS for one in group if path.startswith(one.address)]
    return max(fitting, key=lambda one: len(one.address), default=None)


def current(path: str) -> Place | None:
    """The place to which an address of the desk belongs, if any."""
    if path == "/":
        return PLACES[0]
    return next((place for place in PLACES if path.startswith(place.roots)), None)
