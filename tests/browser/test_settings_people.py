"""The pages of users, memberships, tokens and absences: readable, and fit for a phone."""

import pytest

from derman.accounts import staff
from derman.words.rights import Role
from tests.browser.conftest import violations
from tests.factories import MONDAY, make_user, published

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boss():
    published()
    make_user(Role.SOLUTION, "solution", name="ayse")
    boss = make_user(Role.ADMIN, name="boss")
    staff.make_token("crm", Role.AGENT, "", by=boss, at=MONDAY, per_minute=600)
    return boss


@pytest.mark.parametrize(
    ("narrow", "scheme"), [(False, "light"), (True, "dark")], ids=["wide", "narrow"]
)
def test_the_pages_have_no_violations(open_tab, picture, boss, narrow, scheme):
    tab = open_tab(boss, narrow=narrow, scheme=scheme)
    for path in ("users/", "users/new/", f"users/{boss.pk}/", "memberships/", "tokens/"):
        tab.goto(f"/settings/{path}")
        assert not violations(tab), path
        picture(tab, f"settings-{path.split('/')[-2]}-{'narrow' if narrow else 'wide'}")
    tab.goto("/settings/absences/")
    assert not violations(tab)
    picture(tab, f"settings-absences-{'narrow' if narrow else 'wide'}")


def test_a_user_is_added_by_keyboard_and_gets_a_link(open_tab, boss):
    tab = open_tab(boss)
    tab.goto("/settings/users/new/")
    tab.focus("[name=username]")
    for value in ("elif.kaya", "Elif", "Kaya", "elif@ornekgaz.example"):
        tab.keyboard.type(value)
        tab.keyboard.press("Tab")
    tab.get_by_role("button", name="Add", exact=True).press("Enter")
    tab.get_by_role("heading", name="Elif Kaya").wait_for()
    tab.get_by_role("button", name="Make a link for a new password").press("Enter")
    assert "/sign-in/password/" in tab.locator("[data-link]").inner_text()
    assert not violations(tab)
