"""Users, memberships and tokens on the pages of the settings; what the last administrator keeps."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from derman.accounts import staff, tokens
from derman.accounts.models import AccessEvent, Membership, PasswordLink, Token, User
from derman.words.access import AccessChange
from derman.words.rights import Role
from tests.factories import MONDAY, make_user, published

pytestmark = pytest.mark.django_db
WORD = "a-long-and-quiet-word"
DETAILS = {
    "username": "elif.kaya",
    "first_name": "Elif",
    "last_name": "Kaya",
    "email": "elif@ornekgaz.example",
    "language": "tr",
}


@pytest.fixture
def boss() -> User:
    published()
    return make_user(Role.ADMIN, name="boss")


@pytest.fixture
def client(boss) -> Client:
    browser = Client()
    browser.force_login(boss)
    yield browser
    cache.clear()


@pytest.fixture
def elif_kaya(boss) -> User:
    user = make_user(Role.AGENT, "call_centre", name="elif")
    user.set_password(WORD)
    user.save()
    return user


def history(user: User) -> list[str]:
    return [event.type for event in AccessEvent.objects.filter(user=user).order_by("id")]


def page(client: Client, path: str) -> str:
    return client.get(f"/settings/{path}").content.decode()


def act(client: Client, user: User, noun: str, **data: str):
    return client.post(f"/settings/users/{user.pk}/{noun}/", data, follow=True)


def test_a_user_is_added_gets_a_role_and_a_link_and_signs_in(client, boss):
    added = client.post("/settings/users/new/", DETAILS)
    user = User.objects.get(username="elif.kaya")
    assert added["Location"] == f"/settings/users/{user.pk}/"
    assert not user.has_usable_password()
    act(client, user, "posts", role="unit", unit="metering")
    made = client.post(f"/settings/users/{user.pk}/password-link/").content.decode()
    path = re.search(r"data-link>http://[^/]+(/sign-in/password/[\w-]{43}/)<", made)[1]
    assert path not in page(client, f"users/{user.pk}/")
    browser = Client(headers={"host": "127.0.0.1"})
    for _look in "ab":  # looking, as a scanner of mails does, uses nothing up
        assert browser.get(path).status_code == 200
    assert browser.post(path, {"password1": WORD, "password2": WORD}).status_code == 302
    browser.post("/sign-in/", {"login": "elif.kaya", "password": WORD})
    assert browser.session[SESSION_KEY] == str(user.pk)
    assert browser.get("/desk/tasks/").status_code == 200
    assert history(user) == ["added", "post_given", "link_made", "password_set"]


@pytest.mark.parametrize("name", ["boss", "service:x", "with space", ""])
def test_a_name_that_cannot_be_is_refused_at_its_field(client, name):
    answer = client.post("/settings/users/new/", {**DETAILS, "username": name})
    assert answer.status_code == 422
    assert "username" in answer.context["form"].errors
    assert User.objects.count() == 1


def test_a_form_sets_nothing_but_its_fields(client, elif_kaya):
    data = {**DETAILS, "username": "elif", "is_superuser": "on", "is_staff": "on", "password": "x"}
    client.post(f"/settings/users/{elif_kaya.pk}/", {**data, "is_service": "on"})
    elif_kaya.refresh_from_db()
    assert elif_kaya.first_name == "Elif"
    assert elif_kaya.check_password(WORD)
    assert (elif_kaya.is_superuser, elif_kaya.is_staff, elif_kaya.is_service) == (False,) * 3
    event = AccessEvent.objects.get(user=elif_kaya)
    assert event.details == {"fields": ["first_name", "language"]}


@pytest.mark.parametrize(
    "secret", ["", " ", "wrong", "{upper}", "{secret} ", " {secret}", "{digest}"]
)
def test_a_link_that_is_not_quite_right_opens_nothing(boss, elif_kaya, secret):
    made = staff.make_password_link(elif_kaya, by=boss, at=MONDAY)
    digest = PasswordLink.objects.get().digest
    said = secret.format(upper=made.upper(), secret=made, digest=digest)
    assert staff.find_password_link(said, at=MONDAY) is None
    assert staff.find_password_link(made, at=MONDAY)


def test_a_link_lives_a_day_and_once_and_a_newer_one_ends_it(boss, elif_kaya):
    first = staff.make_password_link(elif_kaya, by=boss, at=MONDAY)
    second = staff.make_password_link(elif_kaya, by=boss, at=MONDAY)
    assert staff.find_password_link(first, at=MONDAY) is None
    assert staff.find_password_link(second, at=MONDAY + timedelta(hours=25)) is None
    link = staff.find_password_link(second, at=MONDAY)
    staff.use_password_link(link, WORD, at=MONDAY)
    with pytest.raises(staff.CannotChange):
        staff.use_password_link(link, WORD + "2", at=MONDAY)
    assert staff.find_password_link(second, at=MONDAY) is None
    assert second not in repr(PasswordLink.objects.values())


def test_a_weak_password_is_refused_and_the_link_still_works(client, boss, elif_kaya):
    secret = staff.make_password_link(elif_kaya, by=boss, at=timezone.now())
    path = f"/sign-in/password/{secret}/"
    answer = Client().post(path, {"password1": "short", "password2": "short"})
    assert answer.status_code == 422
    assert Client().get(path).status_code == 200
    assert Client().get("/sign-in/password/unknown/").status_code == 410


def test_ending_the_access_ends_the_session_and_the_links(client, boss, elif_kaya):
    browser = Client(headers={"host": "127.0.0.1"})
    browser.post("/sign-in/", {"login": "elif", "password": WORD})
    secret = staff.make_password_link(elif_kaya, by=boss, at=timezone.now())
    act(client, elif_kaya, "end")
    assert browser.get("/desk/").status_code == 302
    assert staff.find_password_link(secret, at=timezone.now()) is None
    assert "Elif" not in page(client, "users/")
    assert 'data-user="elif"' in page(client, "users/?state=former")
    act(client, elif_kaya, "return")
    browser.post("/sign-in/", {"login": "elif", "password": WORD})
    assert browser.get("/desk/").status_code == 200
    assert history(elif_kaya) == ["link_made", "ended", "taken_back"]


def test_a_new_role_holds_from_the_next_page_on_and_a_taken_one_no_longer(client, elif_kaya):
    browser = Client()
    browser.force_login(elif_kaya)
    assert browser.get("/desk/tasks/").status_code == 403
    act(client, elif_kaya, "posts", role="unit", unit="metering")
    assert browser.get("/desk/tasks/").status_code == 200
    post = elif_kaya.memberships.get(role="unit")
    act(client, elif_kaya, f"posts/{post.pk}/removal")
    assert browser.get("/desk/tasks/").status_code == 403
    assert history(elif_kaya) == ["post_given", "post_taken"]
    event = AccessEvent.objects.filter(user=elif_kaya).first()
    assert event.details == {"role": "unit", "unit": "metering"}


@pytest.mark.parametrize("data", [{"role": "king"}, {"role": "unit", "unit": "nowhere"}, {}])
def test_a_role_or_unit_that_is_none_is_refused(client, elif_kaya, data):
    answer = act(client, elif_kaya, "posts", **data)
    assert "Choose a role and a unit." in answer.content.decode()
    assert elif_kaya.memberships.count() == 1


def test_a_post_of_another_user_is_not_taken_under_this_one(client, boss, elif_kaya):
    theirs = boss.memberships.get()
    answer = act(client, elif_kaya, f"posts/{theirs.pk}/removal")
    assert answer.status_code == 404
    assert boss.memberships.exists()


def test_the_last_administrator_stays(client, boss, elif_kaya):
    post = boss.memberships.get()
    Membership.objects.create(user=elif_kaya, role=Role.ADMIN, unit="billing")  # not everywhere
    for noun in ("end", f"posts/{post.pk}/removal"):
        assert "last administrator" in act(client, boss, noun).content.decode()
    boss.refresh_from_db()
    assert boss.is_active
    assert boss.memberships.exists()
    assert not history(boss)
    tokens.add("robot", Role.ADMIN, at=MONDAY)  # a system is no administrator
    assert "last administrator" in act(client, boss, "end").content.decode()
    act(client, elif_kaya, "posts", role="admin", unit="")
    act(client, boss, f"posts/{post.pk}/removal")
    assert not boss.memberships.exists()


def test_a_reset_of_the_second_step_is_written_down(client, elif_kaya):
    act(client, elif_kaya, "second-step/removal")
    assert not history(elif_kaya)  # there was none
    Authenticator.objects.create(user=elif_kaya, type="totp", data={"secret": "x"})
    act(client, elif_kaya, "second-step/removal")
    assert history(elif_kaya) == ["factors_reset"]
    assert not Authenticator.objects.exists()


def test_the_list_finds_by_name_in_turkish_by_role_and_by_state(client, boss):
    make_user(Role.UNIT, "metering", name="irem").save()
    User.objects.filter(username="irem").update(first_name="İrem", last_name="Işık")
    assert 'data-user="irem"' in page(client, "users/?q=irem+isik")
    assert 'data-user="irem"' in page(client, "users/?role=unit")
    assert 'data-user="irem"' not in page(client, "users/?role=agent")
    assert "Nobody found" in page(client, "users/?q=zzz")


def test_the_list_takes_the_same_queries_for_many(client, django_assert_max_num_queries):
    for number in range(20):
        make_user(Role.UNIT, "metering", name=f"u{number}")
    client.get("/settings/users/")  # renews the session
    with django_assert_max_num_queries(10):
        client.get("/settings/users/")


def test_memberships_are_shown_by_unit(client, elif_kaya):
    shown = page(client, "memberships/")
    assert "Call centre" in shown
    assert "Agent Kaya" in shown
    assert "nobody" in shown


def test_a_token_is_shown_once_works_and_is_revoked(client):
    data = {"name": "crm", "role": "agent", "unit": ""}
    made = client.post("/settings/tokens/", data).content.decode()
    secret = re.search(r"data-token>(derman_[\w-]{43})<", made)[1]
    assert secret not in page(client, "tokens/")
    api = Client(headers={"authorization": f"Bearer {secret}"})
    assert api.get("/api/v1/cases").status_code == 200
    assert "never" not in page(client, "tokens/")
    again = client.post("/settings/tokens/", data)
    assert again.status_code == 422
    token = Token.objects.get()
    client.post(f"/settings/tokens/{token.pk}/revocation/")
    assert api.get("/api/v1/cases").status_code == 401
    assert history(token.user) == ["token_made", "token_revoked"]


def test_what_happened_is_shown_in_words(client, elif_kaya):
    act(client, elif_kaya, "posts", role="unit", unit="metering")
    shown = page(client, f"users/{elif_kaya.pk}/")
    assert "Role given" in shown
    assert "Unit expert, Metering" in shown
    assert {change.label for change in AccessChange}  # each has its words


def test_what_happened_is_never_changed(boss, elif_kaya):
    staff.record(elif_kaya, AccessChange.ENDED, by=boss, at=MONDAY)
    with pytest.raises(DatabaseError), transaction.atomic():
        AccessEvent.objects.update(type="added")
    with pytest.raises(DatabaseError), transaction.atomic():
        AccessEvent.objects.all()._raw_delete("default")
