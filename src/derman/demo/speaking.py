"""Who turns to the demo organisation, about what, and how: one planned `Submission`."""

from dataclasses import dataclass
from random import Random

from derman.cases.submissions import Applicant, Submission
from derman.demo.customers import Names, People, Person, Place, Tie
from derman.demo.texts import Entry, Texts
from derman.people.models import CustomerKind
from derman.profile.schema import Profile, Topic
from derman.words.kinds import Channel, Language, Relation, ReplyChannel

# What staff take down, with the customer's file open; the other channels bring what people typed.
TAKEN_DOWN = frozenset(Channel) - {Channel.WEB, Channel.APP, Channel.EMAIL, Channel.SMS}
FREQUENT = 40  # so many customers turn to us again and again
STRANGER = 0.3  # the share of those in an emergency who are not our customers
SECRET = 0.7  # the share of those who may ask for secrecy and do
WITHOUT_ACCOUNT = 0.25  # the share of written cases that name no account
REPLY_BY = {
    Channel.PHONE: (ReplyChannel.PHONE, ReplyChannel.SMS),
    Channel.BRANCH: (ReplyChannel.SMS, ReplyChannel.PHONE),
    Channel.LETTER: (ReplyChannel.LETTER,),
    Channel.FAX: (ReplyChannel.PHONE,),
    Channel.EMAIL: (ReplyChannel.EMAIL,),
    Channel.REGULATOR: (ReplyChannel.LETTER,),
}
ELSE = (ReplyChannel.SMS, ReplyChannel.SMS, ReplyChannel.EMAIL, ReplyChannel.PHONE)


@dataclass(frozen=True)
class Crowd:
    """Everybody who may speak, and what there is to say."""

    texts: Texts
    profile: Profile
    people: People

    def says(self, entry: Entry, channel: Channel, index: int, random: Random) -> Submission:
        """What one of them says."""
        topic = self.profile.leaves()[entry.topic]
        secret = topic.secret_reporter and random.random() < SECRET
        if secret or (topic.emergency and random.random() < STRANGER):
            return self._stranger(entry, channel, index, secret, random)
        tie = self._tie(entry, random)
        speaker = tie.person if tie else self._customer(entry.language, random)
        holder = tie.holder if tie else speaker
        place = holder.places[0] if tie else random.choice(holder.places)
        picked = channel in TAKEN_DOWN
        named = picked or random.random() >= WITHOUT_ACCOUNT
        relation = tie.relation if tie else Relation.HOLDER
        return Submission(
            channel=channel,
            topic=entry.topic,
            kind=entry.kind,
            description=entry.text,
            proposal=entry.proposal,
            language=entry.language,
            reply_channel=self._reply_channel(channel, speaker, random),
            account_number=place.number if named else "",
            region=place.region,
            place=place.address if self._has_place(topic) else "",
            applicant=_applicant(speaker, relation),
            applicant_id=speaker.id if picked else None,
            customer_id=holder.id if picked else None,
        )

    def _stranger(
        self, entry: Entry, channel: Channel, index: int, secret: bool, random: Random
    ) -> Submission:
        """Somebody who holds nothing with us, or would rather not say so."""
        regions = {
            key: region.label[Language.TURKISH]
            for key, region in self.profile.organisation.regions.items()
        }
        names = Names(self.texts.people, regions, random)
        place: Place = names.place(0)
        said = Applicant(name=names.person(entry.language), phone=names.phone(700_000 + index))
        return Submission(
            channel=channel,
            topic=entry.topic,
            kind=entry.kind,
            description=entry.text,
            proposal=entry.proposal,
            language=entry.language,
            reply_channel=ReplyChannel.PHONE if channel == Channel.PHONE else ReplyChannel.SMS,
            region=place.region,
            place=place.address,
            applicant=said,
            secret_reporter=secret,
        )

    def _customer(self, language: Language, random: Random) -> Person:
        fit = [p for p in self.people.persons if p.language == language and _speaks(p)]
        if random.random() < 0.25:
            fit = fit[:FREQUENT]
        return random.choice(fit)

    def _tie(self, entry: Entry, random: Random) -> Tie | None:
        """Now and then somebody speaks about another's account."""
        if entry.language is not Language.TURKISH or random.random() > 0.13:
            return None
        ties = [t for t in self.people.ties if t.person.language is Language.TURKISH]
        return random.choice(ties) if ties else None

    def _has_place(self, topic: Topic) -> bool:
        """Whether crews go there."""
        return topic.emergency or topic.secret_reporter or bool(topic.by_region)

    def _reply_channel(self, channel: Channel, speaker: Person, random: Random) -> ReplyChannel:
        wish = random.choice(REPLY_BY.get(channel, ELSE))
        if wish == ReplyChannel.EMAIL and not speaker.email:
            return ReplyChannel.SMS
        if wish in (ReplyChannel.SMS, ReplyChannel.PHONE) and not speaker.phone:
            return ReplyChannel.EMAIL
        return wish


def _speaks(person: Person) -> bool:
    """An organisation speaks through its representative."""
    return person.kind == CustomerKind.PERSON


def _applicant(person: Person, relation: Relation) -> Applicant:
    return Applicant(
        name=person.name,
        phone=person.phone,
        email=person.email,
        tckn=person.tax_or_identity,
        relation=relation,
    )
