"""Small makers of what tests need, on the gas preset; everything else a test says itself."""

from datetime import datetime, timedelta
from functools import lru_cache
from itertools import count
from zoneinfo import ZoneInfo

from derman.accounts.models import Membership, User
from derman.cases import actions
from derman.cases.models import Approval, Case
from derman.cases.submissions import Applicant, Submission
from derman.people.models import Account, ContactKind, ContactPoint, Customer, Holding
from derman.profile import presets, publishing
from derman.profile.publishing import Published
from derman.profile.schema import Profile, Unit, UnitKind
from derman.words.kinds import Channel, ContactState, Decision, Language, Relation
from derman.words.life import Verb
from derman.words.rights import Role

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Europe/Istanbul"))
PASSWORD = "derman-demo"
TCKN = "10000000146"  # well formed, and nobody's

_serial = count(1)


@lru_cache
def preset(name: str = "gas") -> Profile:
    """The shipped profile, read from its files once."""
    return presets.load(name)


def published(profile: Profile | None = None, *, at: datetime = MONDAY) -> Published:
    """The gas preset (or another profile), published; calling it again changes nothing."""
    publishing.publish(profile or preset(), by=None, at=at)
    return publishing.current()


def with_process(**changes: object) -> Profile:
    """The gas preset with another process, as in `with_process(refers="itself")`."""
    profile = preset()
    return profile.model_copy(update={"process": profile.process.model_copy(update=changes)})


def with_offices(*keys: str) -> Profile:
    """The gas preset with these offices among its units."""
    profile = preset()
    offices = {
        key: Unit(label=profile.units["solution"].label, kind=UnitKind.OFFICE) for key in keys
    }
    return profile.model_copy(update={"units": {**profile.units, **offices}})


def make_user(role: Role | str, unit: str = "", *, name: str = "", language: str = "en") -> User:
    """Somebody who works here and signs in with PASSWORD; the role's key is the name."""
    user = User(username=name or str(role), first_name=str(role).title(), last_name="Kaya")
    user.language = language
    user.email = f"{user.username}@ornekgaz.example"
    user.set_password(PASSWORD)
    user.save()
    Membership.objects.create(user=user, role=role, unit=unit)
    return user


def make_customer(
    name: str = "Ayşe Yılmaz",
    *,
    phone: str = "+905321234567",
    email: str = "",
    tckn: str = "",
    address: str = "",
    state: ContactState = ContactState.VERIFIED,
) -> Customer:
    """A person on file with the ways to reach them."""
    customer = Customer(name=name, tckn=tckn, language=Language.TURKISH, created_at=MONDAY)
    customer.clean_name()
    customer.save(force_insert=True)
    given = {ContactKind.PHONE: phone, ContactKind.EMAIL: email}
    points = [
        ContactPoint(customer=customer, kind=kind, value=value, state=state, created_at=MONDAY)
        for kind, value in given.items()
        if value
    ]
    if address:
        points.append(
            ContactPoint(
                customer=customer,
                kind=ContactKind.ADDRESS,
                address=address,
                state=state,
                created_at=MONDAY,
            )
        )
    ContactPoint.objects.bulk_create(points)
    return customer


def make_account(
    customer: Customer | None = None,
    number: str = "",
    *,
    region: str = "merkez",
    address: str = "Meşale Mahallesi, Çınar Sokak 12/4",
    relation: Relation = Relation.HOLDER,
) -> Account:
    """A contract account, held by the customer if one is given."""
    account = Account.objects.create(
        number=number or str(10_442_816 + next(_serial)), address=address, region=region
    )
    if customer:
        Holding.objects.create(customer=customer, account=account, relation=relation)
    return account


def make_case(
    *,
    topic: str = "metering.reading_disputed",
    description: str = "Sayaç yanlış okunmuş, fatura çok yüksek.",
    customer: Customer | None = None,
    account: Account | None = None,
    by: User | None = None,
    at: datetime = MONDAY,
    profile: Published | None = None,
    **more: object,
) -> Case:
    """A case opened by `actions.open_case`; `more` goes into its Submission."""
    speaker = Applicant() if customer else Applicant(name="Mehmet Demir", phone="0533 765 43 21")
    said = {
        "channel": Channel.PHONE,
        "topic": topic,
        "description": description,
        "language": Language.TURKISH,
        "account_number": account.number if account else "",
        "applicant": speaker,
        "customer_id": customer.pk if customer else None,
        "applicant_id": customer.pk if customer else None,
    }
    submission = Submission(**{**said, **more})
    return actions.open_case(submission, by=by, at=at, profile=profile or published())


def make_approval(case: Case, by: User, at: datetime = MONDAY) -> Approval:
    """A decision of somebody that waits, though no limit asks for it."""
    return Approval.objects.create(
        case=case,
        cycle=case.cycle,
        verb=Verb.OUTCOME,
        decision=Decision.JUSTIFIED,
        text="Haklısınız.",
        limit="experts",
        asked_at=at,
        asked_by=by,
    )


def days(number: float) -> timedelta:
    """So many days, for moments after MONDAY."""
    return timedelta(days=number)
