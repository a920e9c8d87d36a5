"""Every write about institution, people, ways of reaching them and rosters; each leaves a line in the audit log."""

from huiying.desk.accounts.actions.contacts import add_contact, drop_contact, mark_contact, rename_contact
from huiying.desk.accounts.actions.doors import (
    accept_invitation,
    enter_first_run,
    first_run_token,
    invite,
    invite_from_console,
)
from huiying.desk.accounts.actions.institution import add_unit, change_unit, choose_plan, describe, found
from huiying.desk.accounts.actions.people import (
    add_person,
    appoint,
    change_person,
    choose_language,
    dismiss,
    let_go,
    own_account,
    set_away,
    set_roles,
    take_back,
)
from huiying.desk.accounts.actions.roster import add_shift, change_shift, drop_shift, fill_roster, swap_shifts
from huiying.desk.accounts.actions.tokens import make_token, revoke_token, touch_token

__all__ = [
    "accept_invitation",
    "add_contact",
    "add_person",
    "add_shift",
    "add_unit",
    "appoint",
    "change_person",
    "change_shift",
    "change_unit",
    "choose_language",
    "choose_plan",
    "describe",
    "dismiss",
    "drop_contact",
    "drop_shift",
    "enter_first_run",
    "fill_roster",
    "first_run_token",
    "found",
    "invite",
    "invite_from_console",
    "let_go",
    "make_token",
    "mark_contact",
    "own_account",
    "rename_contact",
    "revoke_token",
    "set_away",
    "set_roles",
    "swap_shifts",
    "take_back",
    "touch_token",
]
