"""How well repeats are told from other cases, on the made-up pairs of `tests/paraphrases.py`.

    python -m tests.repeat_quality     writes docs/repeats.md and docs/repeats.svg anew

`tests/unit/test_repeat_quality.py` asserts the figures and that the documents hold them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from derman.lib.likeness import likeness, telling
from derman.profile.repeats import Repeats
from tests.paraphrases import PAIRS, SEED, Pair, pairs

DOCS = Path(__file__).parent.parent / "docs"
THRESHOLD = Repeats().likeness
THRESHOLDS = (15, 18, 21, 24, THRESHOLD, 30, 33, 36, 40, 50)
WIDTH, HEIGHT, LEFT, TOP = 560, 340, 56, 24


@dataclass(frozen=True)
class Quality:
    """Of those said to be repeats, how many are; of the repeats, how many were said to be."""

    precision: float
    recall: float


@lru_cache
def scored() -> tuple[tuple[Pair, float], ...]:
    """Every pair with how alike its two texts are, in percent."""
    return tuple(
        (pair, 100 * likeness(telling(pair.earlier), telling(pair.later))) for pair in pairs()
    )


def is_any(_pair: Pair) -> bool:
    return True


def is_held_out(pair: Pair) -> bool:
    return pair.is_held_out


def is_known(pair: Pair) -> bool:
    return not pair.is_held_out


def by_words_alone(pair: Pair) -> bool:
    """The same people, and the topic does not help: the words alone decide."""
    return pair.same_people and not pair.same_topic


def quality(threshold: int, which: Callable[[Pair], bool] = is_any) -> Quality:
    """By the rule of `cases.repeats`: the same people, and the same topic or similar words."""
    said = [
        (pair.same_people and (pair.same_topic or alike >= threshold), pair.is_repeat)
        for pair, alike in scored()
        if which(pair)
    ]
    right = sum(claimed and holds for claimed, holds in said)
    claimed = sum(claimed for claimed, _holds in said)
    repeats = sum(holds for _claimed, holds in said)
    return Quality(right / claimed if claimed else 1.0, right / repeats)


def document() -> str:
    """The page, as it belongs into the docs."""
    whole, unseen = quality(THRESHOLD), quality(THRESHOLD, is_held_out)
    return f"""# Repeats: how well they are noticed

A case is a repeat when the same people (customer, account, address, phone or mailbox) bring the
same matter within the profile's days: the same topic, or similar words under another one
(`cases/repeats.py`, `lib/likeness.py`). How alike words must be is `likeness` in `repeats.toml`;
{THRESHOLD} % is the default.

This page is written by `python -m tests.repeat_quality`. It measures on {PAIRS:,} made-up pairs
(`tests/paraphrases.py`, seed {SEED}): in equal parts the same matter under the same topic, the same
matter under another topic, another matter of the same people, and the same matter of somebody else.
Each is told in other words, with slips of the keyboard, and often without Turkish letters. The
sentences were written before the scorer was tuned, and a third of the matters was held out while
it was.

At {THRESHOLD} %: **precision {_percent(whole.precision)}, recall {_percent(whole.recall)}** over
all pairs; on the matters held out {_percent(unseen.precision)} and {_percent(unseen.recall)}.

| likeness | precision | recall | held out: precision | recall | words alone: precision | recall |
|---|---|---|---|---|---|---|
{chr(10).join(_rows())}

*Words alone* are the pairs of the same people under different topics, where nothing but the text
can tell; there the score is weakest, because it knows spelling and not meaning: “the meter was read
wrong” and “the figure on the bill is not mine” share no word.

![Precision and recall over the threshold](repeats.svg)

## What these figures do not say

Made-up pairs say little about real ones. Real people write longer, mix two matters, and come back
after an answer with words about the answer; real staff choose the same topic more often than half
of the time, which helps, and some customers write every week about something new, which hurts.
Look at the links that staff remove (*Remove the link* on the case page): where many are removed,
raise `likeness` or shorten `days`.

## What follows from one

While somebody is on the phone the likeliest cases stand beside the form, *Add to this one* first:
the call goes to that case with all that was typed, and no second one is opened. What somebody else
than its applicant says is kept as an internal note. Whoever registers a new case all the same,
over whatever channel, has it marked by the worker: with the case before it and the reasons, handed
to whoever owns that one (`same_owner`) and raised one level (`one_level_up`).

*Net* first-contact resolution leaves out what was answered at once where its people came again
within `days`: with a case of the same topic, or with one that was noticed as a repeat, also by its
words. A link that staff remove counts no longer; thanks and questions never do.

## Two cases that are one

Merging moves nothing. The merged case is closed as a duplicate, leads to its target and keeps what
was said on it; what arrives under its number later reaches the target. What is open on it ends
with it: clocks, tasks, offers, approvals and unseen escalations; a visit that is planned takes
place. Undoing the merge restores every row to the letter. Where the applicants differ, neither
reads of the other. A merged case is checked for the rules like every closed one, for what was owed
until then.
"""


def chart() -> str:
    """Both curves over the threshold, readable in light and dark."""
    points = [(t, quality(t)) for t in range(10, 61, 2)]
    curves = (
        ("#2563eb", "precision", [(t, one.precision) for t, one in points]),
        ("#d97706", "recall", [(t, one.recall) for t, one in points]),
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            'aria-label="Precision and recall over the threshold of likeness" '
            'font-family="system-ui, sans-serif" font-size="12" fill="#6b7280">',
            *_grid(),
            *(_curve(*curve) for curve in curves),
            f'<line x1="{_x(THRESHOLD):.1f}" x2="{_x(THRESHOLD):.1f}" y1="{TOP}" '
            f'y2="{_y(0.5):.1f}" stroke="#6b7280" stroke-dasharray="4 4"/>',
            f'<text x="{_x(THRESHOLD) + 6:.1f}" y="{_y(0.53):.1f}">default: {THRESHOLD} %</text>',
            "</svg>\n",
        ]
    )


def write() -> None:
    (DOCS / "repeats.md").write_text(document(), encoding="utf-8")
    (DOCS / "repeats.svg").write_text(chart(), encoding="utf-8")


def _rows() -> Iterator[str]:
    for threshold in THRESHOLDS:
        parts = [quality(threshold, which) for which in (is_any, is_held_out, by_words_alone)]
        figures = [_percent(x) for one in parts for x in (one.precision, one.recall)]
        mark = "**" if threshold == THRESHOLD else ""
        yield f"| {mark}{threshold} %{mark} | " + " | ".join(figures) + " |"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _x(threshold: float) -> float:
    return LEFT + (threshold - 10) / 50 * (WIDTH - LEFT - 90)


def _y(share: float) -> float:
    return TOP + (1 - share) / 0.5 * (HEIGHT - TOP - 46)


def _grid() -> Iterable[str]:
    for tenth in range(5, 11):
        y = _y(tenth / 10)
        yield (
            f'<line x1="{LEFT}" x2="{_x(60):.1f}" y1="{y:.1f}" y2="{y:.1f}" stroke="#6b7280" '
            'stroke-opacity="0.25"/>'
        )
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{tenth * 10} %</text>'
    for threshold in range(10, 61, 10):
        x = _x(threshold)
        yield f'<text x="{x:.1f}" y="{HEIGHT - 26}" text-anchor="middle">{threshold} %</text>'
    middle = (_x(10) + _x(60)) / 2
    yield f'<text x="{middle:.1f}" y="{HEIGHT - 8}" text-anchor="middle">likeness needed</text>'


def _curve(colour: str, name: str, points: list[tuple[int, float]]) -> str:
    drawn = [(t, share) for t, share in points if share >= 0.5]
    line = " ".join(f"{_x(t):.1f},{_y(share):.1f}" for t, share in drawn)
    last, share = drawn[-1]
    return (
        f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2.5"/>'
        f'<text x="{_x(last) + 8:.1f}" y="{_y(share) + 4:.1f}" fill="{colour}">{name}</text>'
    )


if __name__ == "__main__":
    write()
