"""An effect as a look keeps it: numbers, days and keys, for pages and reports of any later time."""

from dataclasses import asdict
from datetime import date
from typing import Any

from derman.quality.effect import Effect, Span
from derman.quality.weeks import Asked, Week
from derman.words.learning import Caution, Verdict


def written(effect: Effect, asked: Asked) -> dict[str, Any]:
    """As JSON; what was asked stands beside what was found."""
    said = asdict(effect)
    said["weeks"] = [
        {
            **week,
            "begins": week["begins"].isoformat(),
            "left_out": [day.isoformat() for day in week["left_out"]],
        }
        for week in said["weeks"]
    ]
    said["peaks"] = [[day.isoformat(), count] for day, count in effect.peaks]
    spoken = {name: getattr(asked, name).isoformat() for name in ("since", "start", "until")}
    return {**said, **spoken, "level": asked.level}


def read(figures: dict[str, Any]) -> Effect:
    """The effect again; looks of earlier versions know nothing of the year before."""
    compared, last_year = figures["compared"], figures.get("last_year")
    return Effect(
        verdict=Verdict(figures["verdict"]),
        before=Span(**figures["before"]),
        after=Span(**figures["after"]),
        ratio=figures["ratio"],
        low=figures["low"],
        high=figures["high"],
        p=figures["p"],
        cautions=tuple(Caution(one) for one in figures["cautions"]),
        weeks=tuple(_week(week) for week in figures["weeks"]),
        per_accounts=figures["per_accounts"],
        compared=(Span(**compared[0]), Span(**compared[1])) if compared else None,
        peaks=tuple((date.fromisoformat(day), count) for day, count in figures.get("peaks", ())),
        last_year=(Span(**last_year[0]), Span(**last_year[1])) if last_year else None,
    )


def _week(said: dict[str, Any]) -> Week:
    left_out = tuple(date.fromisoformat(day) for day in said["left_out"])
    return Week(**{**said, "begins": date.fromisoformat(said["begins"]), "left_out": left_out})
