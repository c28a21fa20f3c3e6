"""New keys while the product runs: everything stays readable, and nothing needed is dropped."""

import json
import threading
from io import BytesIO

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from click.testing import CliRunner
from django.db import connection

from derman.cases import actions, files
from derman.cases.models import Attachment
from derman.cli import derman, errors
from derman.cli.keys import keys
from derman.lib import keyfile, sealedfiles
from derman.lib.sealing import BadKeyring, CannotOpen, Keyring
from derman.people import corrections, matching, rotation
from derman.people.fields import SealedField, digest_of, keyring
from derman.people.models import ContactPoint, Customer
from derman.people.on_file import look_up
from derman.words.rights import Role
from tests.factories import MONDAY, TCKN, make_case, make_customer, make_user, published

pytestmark = pytest.mark.django_db
# As the whole command is called: a command keeps the first names that its help option got.
CALL = {"standalone_mode": False, **derman.context_settings}
PHONE = "+905321234567"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def key_file(tmp_path, settings):
    """Keys of our own, so that no other test sees them change."""
    path = tmp_path / "keys.json"
    keyfile.replace(path, Keyring.new())
    settings.KEYS_FILE = path
    settings.DATA = tmp_path
    return path


def run(*words: str, ends: int = 0) -> str:
    done = CliRunner().invoke(keys, words, **CALL)
    if ends:
        assert isinstance(done.exception, errors.Refused), done.output
        assert done.exception.exit_code == ends
        return done.exception.message
    assert done.exception is None, done.exception
    return done.output


def filled() -> Customer:
    """Somebody with something in every sealed column that there is."""
    customer = make_customer(phone=PHONE, tckn=TCKN, email="ayse@ornek.example")
    attach(make_case(customer=customer))
    corrections.apply(customer, {"address": "Çınar Sokak 3"}, by=None, at=MONDAY)
    user = make_user(Role.AGENT)
    Authenticator.objects.create(
        user=user, type="totp", data={"secret": get_adapter().encrypt("JBSWY3DP")}
    )
    return customer


def attach(case):
    act = {"by": None, "at": MONDAY, "profile": published()}
    return actions.attach(case, BytesIO(PDF), name="fatura.pdf", **act)


def content(attachment) -> bytes:
    with files.open_file(attachment.pk) as file:
        return file.read()


def values() -> dict[str, list[object]]:
    return {
        f"{model._meta.label}.{field.name}": [
            getattr(row, field.name) for row in model.objects.order_by("pk")
        ]
        for model, fields in rotation.models_with(SealedField)
        for field in fields
    }


def test_every_value_is_sealed_with_the_new_key_and_reads_as_before():
    filled()
    before = values()

    said = run("rotate")

    assert "sealed with k2" in said
    assert values() == before
    assert set(rotation.count_by_key()) == {"k2"}
    secret = Authenticator.objects.get().data["secret"]
    assert secret.startswith("v1.k2.")
    assert get_adapter().decrypt(secret) == "JBSWY3DP"
    assert set(files.count_by_key()) == {"k2"}
    with files.open_file(Attachment.objects.get().pk) as file:
        assert file.read() == PDF


def test_the_old_key_is_dropped_once_nothing_needs_it(key_file):
    filled()
    before = values()
    assert "no key but k1" in run("drop-old", ends=1)

    run("rotate")
    run("drop-old")

    assert list(Keyring.read(key_file).sealing) == ["k2"]
    assert values() == before


@pytest.mark.parametrize("left", ["row", "factor", "file"])
def test_a_key_that_still_opens_something_is_not_dropped(key_file, left):
    filled()
    old = keyring()
    run("rotate")
    if left == "row":
        point = ContactPoint.objects.filter(kind="phone").get()
        where = f"people_contactpoint|value|{point.pk}"
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE people_contactpoint SET value = %s WHERE kind = 'phone'",
                [old.seal(PHONE, where)],
            )
    elif left == "file":
        path = files.path_of(Attachment.objects.get().pk)
        path.write_bytes(b"".join(sealedfiles.seal(PDF, path.name, old)))
    else:
        Authenticator.objects.update(data={"secret": old.seal("x", "mfa_authenticator|data")})

    assert "k1 still opens data" in run("drop-old", ends=1)
    assert list(Keyring.read(key_file).sealing) == ["k1", "k2"]

    assert "1 values and files" in run("rotate")
    run("drop-old")
    assert keyring().current == "k2"


def test_an_interrupted_rotation_goes_on_with_the_same_key(monkeypatch):
    filled()
    real, seen = rotation._reseal, []

    def dies(*given):
        seen.append(given)
        if len(seen) == 2:
            raise RuntimeError("the machine stopped")
        return real(*given)

    monkeypatch.setattr(rotation, "_reseal", dies)
    before = values()
    with pytest.raises(RuntimeError, match="stopped"):
        CliRunner().invoke(keys, ["rotate"], catch_exceptions=False, **CALL)
    assert values() == before  # half and half, all readable
    monkeypatch.setattr(rotation, "_reseal", real)

    run("rotate")

    assert list(keyring().sealing) == ["k1", "k2"]
    assert set(rotation.count_by_key()) == {"k2"}


def test_what_is_changed_meanwhile_is_not_lost(monkeypatch):
    """Somebody corrects the number between our reading and our writing of the row."""
    customer = filled()
    real, done = rotation._reseal, []

    def meanwhile(model, fields, rows, ring):
        if model is Customer and not done:
            done.append(True)
            held = Customer.objects.get(pk=customer.pk)
            held.tckn = "10000000078"
            held.save(update_fields=["tckn", "tckn_index"])
        return real(model, fields, rows, ring)

    monkeypatch.setattr(rotation, "_reseal", meanwhile)
    run("rotate")

    assert Customer.objects.get(pk=customer.pk).tckn == "10000000078"
    assert set(rotation.count_by_key()) == {"k2"}


def test_a_key_can_be_added_first_and_used_later(key_file):
    filled()
    run("add")
    assert (keyring().current, keyring().newest) == ("k1", "k2")
    assert "seals nothing yet" in run("add", ends=1)

    run("rotate")

    assert list(keyring().sealing) == ["k1", "k2"]
    assert keyring().current == "k2"


def test_people_are_found_by_the_new_index_and_never_lost(key_file, monkeypatch):
    customer = filled()
    before = digest_of(ContactPoint, "value_index", PHONE)
    real, found = rotation._reindex, []

    def watched(*given):
        found.append(matching.find_by_tckn(TCKN) == customer)
        speaker = look_up("", matching.speaker("Ayşe Yılmaz", PHONE, "", TCKN)).speaker
        found.append(speaker == customer)
        return real(*given)

    monkeypatch.setattr(rotation, "_reindex", watched)
    run("rotate-index")

    assert found
    assert all(found)
    assert matching.find_by_tckn(TCKN) == customer
    assert digest_of(ContactPoint, "value_index", PHONE) != before
    assert not ContactPoint.objects.filter(value_index=before).exists()
    assert keyring().former_index is None


def test_files_from_before_are_read_until_they_are_sealed_and_then_only_sealed(tmp_path):
    kept = attach(make_case())
    path = files.path_of(kept.pk)
    (tmp_path / "files" / ".sealed").unlink()
    path.write_bytes(PDF)  # as an older version kept it
    assert content(kept) == PDF

    assert "1 files" in run("seal-files")
    assert PDF not in path.read_bytes()
    assert content(kept) == PDF
    assert "0 files" in run("seal-files")

    path.write_bytes(PDF)
    with pytest.raises(sealedfiles.Damaged):
        files.open_file(kept.pk)


def test_one_damaged_file_keeps_no_other_from_the_new_key(caplog):
    broken, whole = attach(make_case()), attach(make_case())
    path = files.path_of(broken.pk)
    path.write_bytes(path.read_bytes().replace(b"v1.k1.", b"v1.k1.A", 1))

    run("rotate")

    assert path.name in caplog.text
    assert files.count_by_key() == {"k1": 1, "k2": 1}
    assert content(whole) == PDF
    assert "k1 still opens" in run("drop-old", ends=1)


def test_status_names_the_keys_and_never_their_bytes(key_file):
    filled()
    run("rotate")
    rows = json.loads(run("status", "--json"))
    assert rows["keys"][0] == {"key": "k1", "current": False, "sealed": 0}
    assert rows["keys"][1]["sealed"] > 4
    for secret in json.loads(key_file.read_text())["sealing"].values():
        assert secret not in run("status") + str(rows)


@pytest.mark.parametrize("part", ["sealing", "index"])
def test_a_wrong_key_file_is_told_at_once(key_file, part):
    filled()
    ours, strange = Keyring.read(key_file), Keyring.new()
    parts = {"sealing": ours.sealing, "index": ours.index, part: getattr(strange, part)}
    wrong = Keyring("k1", **parts)

    with pytest.raises(BadKeyring):
        rotation.check(wrong)
    keyfile.replace(key_file, wrong)
    for command in ("rotate", "rotate-index", "drop-old", "status"):
        done = CliRunner().invoke(keys, [command], **CALL)
        assert isinstance(done.exception, BadKeyring), command
    assert Keyring.read(key_file) is not ours
    rotation.check(ours)


def test_the_key_file_is_read_again_when_it_changes(key_file):
    first = keyring()
    assert keyring() is first
    keyfile.replace(key_file, first.with_new_key())
    assert keyring().newest == "k2"
    assert key_file.stat().st_mode & 0o777 == 0o600
    key_file.unlink()
    assert keyring().newest == "k2"  # what is known goes on working


def test_a_key_file_that_was_never_there_is_named(tmp_path):
    with pytest.raises(BadKeyring, match=r"none\.json"):
        keyfile.current(tmp_path / "none.json")


def test_two_commands_wait_for_each_other(key_file):
    order = []

    def second():
        with keyfile.held(key_file):
            order.append("second")

    with keyfile.held(key_file):
        other = threading.Thread(target=second)
        other.start()
        other.join(0.2)
        order.append("first")
    other.join(5)
    assert order == ["first", "second"]


def test_values_of_a_dropped_key_do_not_open(key_file):
    old = keyring()
    token = old.seal("10000000146", "here")
    new = old.with_new_key().sealing_with("k2").without(["k1"])
    with pytest.raises(CannotOpen):
        new.open(token, "here")


def test_no_draft_of_the_key_file_is_left(key_file):
    run("rotate")
    left = {path.name for path in key_file.parent.iterdir() if "keys" in path.name}
    assert left == {"keys.json", ".keys.json.lock"}
