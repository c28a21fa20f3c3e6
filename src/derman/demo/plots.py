"""The shapes that a case's history takes in the demo, and how many cases have each.

The counts add up to the 300 cases of the full demo; a smaller one keeps the proportions and at
least one of each.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from derman.demo.story import Story
from derman.words.kinds import Channel, ClosingReason

Step = Callable[[Story], None]
S = Story


class Matter(StrEnum):
    """What kind of topic a plot is about."""

    ORDINARY = "ordinary"
    EMERGENCY = "emergency"
    AT_ONCE = "at_once"  # the front line knows the answer


class Due(StrEnum):
    """When the resolve time is, seen from the demo's today."""

    LATE = "late"
    TODAY = "today"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Plot:
    """So many cases that came in so many days ago (from, to) and took these steps."""

    name: str
    count: int
    days: tuple[float, float]
    steps: tuple[Step, ...]
    due: Due | None = None
    matter: Matter = Matter.ORDINARY
    channels: frozenset[Channel] = frozenset(Channel)
    again: bool = False  # somebody repeats what they said in another case
    stray: ClosingReason | None = None  # nobody here can act upon it
    at_once: bool = False  # answered while the applicant was on the line


THREE_MONTHS = (92.0, 21.0)
LAST_WEEK = (6.3, 1.4)
LAST_DAYS = (4.5, 0.3)
MONTH = (30.0, 0.1)  # narrowed by `due`
IN_PERSON = frozenset({Channel.PHONE, Channel.BRANCH})
AT_A_DISTANCE = frozenset({Channel.WEB, Channel.EMAIL, Channel.SMS, Channel.SOCIAL})
ALARMING = frozenset({Channel.PHONE, Channel.WEB, Channel.SOCIAL, Channel.VOICE})

ASKED = (S.take, S.refer)
WORKED = (*ASKED, S.start, S.answer)
TOLD = (*WORKED, S.reach, S.conclude)
ALARM = (S.start, S.answer, S.reach, S.conclude)
REFUSED = (*TOLD, S.reopen)
ENDED = (S.rate, S.fall_silent)

PLOTS = (
    # Waiting for somebody to look
    Plot("new", 11, (1.4, 0.05), (), Due.AHEAD),
    Plot("new, with an afterthought", 2, (1.8, 0.8), (S.add,), Due.AHEAD),
    Plot("overlooked", 2, MONTH, (), Due.LATE),
    # In the solution group
    Plot("in review", 7, LAST_DAYS, (S.take,), Due.AHEAD),
    Plot("in review, noted", 3, LAST_DAYS, (S.take, S.note), Due.AHEAD),
    Plot("in review, due today", 3, MONTH, (S.take,), Due.TODAY),
    Plot("in review, late", 2, MONTH, (S.take, S.note), Due.LATE),
    Plot("promised for today", 3, LAST_DAYS, (S.take, S.promise_today), Due.AHEAD),
    Plot("sent back", 3, LAST_DAYS, (*ASKED, S.send_back), Due.AHEAD),
    Plot("taken back", 1, LAST_DAYS, (*ASKED, S.take_back), Due.AHEAD),
    Plot("silent, taken up again", 2, (18, 13), (S.take, S.ask, S.wait_in_vain)),
    # With units
    Plot("referred", 9, LAST_DAYS, ASKED, Due.AHEAD),
    Plot("at work", 7, LAST_DAYS, (*ASKED, S.start), Due.AHEAD),
    Plot("at work, asked after", 2, LAST_DAYS, (*ASKED, S.start, S.add, S.reply), Due.AHEAD),
    Plot("referred, due today", 5, MONTH, (*ASKED, S.start), Due.TODAY),
    Plot("referred, late", 6, MONTH, ASKED, Due.LATE),
    Plot("at work, late", 3, MONTH, (*ASKED, S.start, S.note), Due.LATE),
    Plot("promised by the unit for today", 2, LAST_DAYS, (*ASKED, S.promise_today), Due.AHEAD),
    Plot("visit planned", 3, LAST_DAYS, (*ASKED, S.start, S.plan_visit), Due.AHEAD),
    Plot("offer waits", 3, LAST_WEEK, (*WORKED, S.offer_by_link), Due.AHEAD),
    Plot("decision waits", 2, LAST_WEEK, (*WORKED, S.ask_for_approval), Due.AHEAD),
    Plot("two units", 3, LAST_DAYS, (*ASKED, S.refer_second), Due.AHEAD),
    Plot(
        "alarm, crew on its way",
        2,
        (0.9, 0.1),
        (S.start,),
        matter=Matter.EMERGENCY,
        channels=ALARMING,
    ),
    # To call
    Plot("answered", 7, LAST_WEEK, WORKED, Due.AHEAD),
    Plot("answered, not reached", 3, LAST_WEEK, (*WORKED, S.miss), Due.AHEAD),
    Plot("answered, not reached twice", 2, LAST_WEEK, (*WORKED, S.miss, S.miss), Due.AHEAD),
    Plot("answered, due today", 2, MONTH, WORKED, Due.TODAY),
    Plot("answered, late", 3, MONTH, WORKED, Due.LATE),
    Plot(
        "alarm dealt with",
        1,
        (0.9, 0.3),
        (S.start, S.answer),
        matter=Matter.EMERGENCY,
        channels=ALARMING,
    ),
    # The applicant's turn
    Plot("asked", 6, (7.5, 1), (S.take, S.ask), Due.AHEAD),
    Plot("asked while a unit works", 3, (7.5, 1.5), (*ASKED, S.start, S.ask)),
    Plot("refused, in review", 3, (12, 5), (*REFUSED, S.note)),
    Plot("refused, with the unit", 3, (12, 6), (*REFUSED, S.refer)),
    # Concluded within the last days
    Plot("resolved", 14, (6.5, 1.5), (*TOLD, S.rate, S.fall_silent)),
    Plot(
        "resolved after a question",
        3,
        (6.5, 3),
        (S.take, S.ask, S.hear, S.refer, S.answer, S.reach, S.conclude),
    ),
    Plot(
        "resolved by the solution group",
        4,
        (6, 1),
        (S.take, S.answer_at_once),
        channels=AT_A_DISTANCE,
        matter=Matter.AT_ONCE,
    ),
    Plot("alarm concluded", 3, (6, 1), ALARM, matter=Matter.EMERGENCY, channels=ALARMING),
    # Closed
    Plot("closed", 46, THREE_MONTHS, (*TOLD, *ENDED)),
    Plot(
        "closed after a visit",
        4,
        THREE_MONTHS,
        (*ASKED, S.start, S.plan_visit, S.visit, S.answer, S.reach, S.conclude, *ENDED),
    ),
    Plot(
        "offer accepted, closed",
        4,
        THREE_MONTHS,
        (*WORKED, S.offer_by_call, S.accept, S.conclude, *ENDED),
    ),
    Plot(
        "offer refused, another accepted",
        3,
        (92.0, 35),
        (
            *WORKED,
            S.offer_by_call,
            S.refuse,
            S.offer_by_link,
            S.accept,
            S.refer,
            S.answer,
            S.reach,
            S.conclude,
            *ENDED,
        ),
    ),
    Plot(
        "not satisfied, then satisfied",
        4,
        (92.0, 35),
        (*TOLD, S.rate_badly, S.follow_up, S.fall_silent),
    ),
    Plot("not satisfied, to be called", 3, (16, 9), (*TOLD, S.rate_badly)),
    Plot(
        "not satisfied, next cycle",
        2,
        (40.0, 25),
        (*TOLD, S.rate_badly, S.follow_up_in_vain),
    ),
    Plot(
        "closed, noted",
        9,
        THREE_MONTHS,
        (S.take, S.note, S.refer, S.start, S.answer, S.miss, S.reach, S.conclude, *ENDED),
    ),
    Plot(
        "closed after a question",
        7,
        THREE_MONTHS,
        (S.take, S.ask, S.hear, S.refer, S.start, S.answer, S.reach, S.conclude, *ENDED),
    ),
    Plot(
        "closed after silence",
        2,
        (92.0, 36),
        (S.take, S.ask, S.wait_in_vain, S.refer, S.answer, S.conclude, *ENDED),
    ),
    Plot(
        "closed after two units",
        4,
        THREE_MONTHS,
        (*ASKED, S.refer_second, S.start, S.answer, S.answer, S.reach, S.conclude, *ENDED),
    ),
    Plot(
        "closed, never reached",
        3,
        THREE_MONTHS,
        (*WORKED, S.miss, S.miss, S.miss, S.conclude, *ENDED),
    ),
    Plot(
        "answered at once",
        22,
        (92.0, 1),
        (),
        channels=IN_PERSON,
        matter=Matter.AT_ONCE,
        at_once=True,
    ),
    Plot(
        "answered by the solution group",
        5,
        THREE_MONTHS,
        (S.take, S.answer_at_once, S.fall_silent),
        channels=AT_A_DISTANCE,
        matter=Matter.AT_ONCE,
    ),
    Plot(
        "alarm closed",
        13,
        THREE_MONTHS,
        (*ALARM, S.fall_silent),
        matter=Matter.EMERGENCY,
        channels=ALARMING,
    ),
    Plot(
        "refused, then accepted",
        5,
        (92.0, 30),
        (*REFUSED, S.refer, S.start, S.answer, S.reach, S.conclude, *ENDED),
    ),
    Plot(
        "refused twice",
        2,
        (92.0, 30),
        (*REFUSED, S.refer, S.answer, S.reach, S.refuse_again, S.point_elsewhere),
    ),
    Plot("withdrawn", 4, (88.0, 2), (S.take, S.withdraw)),
    Plot(
        "duplicate",
        5,
        (88.0, 2),
        (S.take, S.close_as_duplicate),
        again=True,
        channels=AT_A_DISTANCE,
    ),
    Plot("not ours", 4, (88.0, 2), (S.take, S.close_as_not_ours), stray=ClosingReason.NOT_OURS),
    Plot(
        "invalid",
        3,
        (88.0, 2),
        (S.take, S.close_as_invalid),
        stray=ClosingReason.INVALID,
        channels=AT_A_DISTANCE,
    ),
    Plot("given up", 3, (88.0, 5), (S.take, S.miss, S.miss, S.miss, S.give_up)),
)

FULL = sum(plot.count for plot in PLOTS)


def cast_for(cases: int) -> list[Plot]:
    """Which plots so many cases have, the pickiest first; at least one of each."""
    shares = {plot: max(1, round(plot.count * cases / FULL)) for plot in PLOTS}
    widest = max(PLOTS, key=lambda plot: plot.count)
    shares[widest] = max(1, shares[widest] + cases - sum(shares.values()))
    found = [plot for plot in PLOTS for _ in range(shares[plot])]
    return sorted(found, key=lambda plot: (plot.matter is Matter.ORDINARY, plot.due is None))
