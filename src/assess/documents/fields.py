"""The base model and the field types that every assess document shares."""

import calendar
import re
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

PartnershipType = Literal[
    "bilateral_agreement",
    "multilateral_alliance",
    "defence_cooperation_agreement",
    "strategic_dialogue",
    "coalition",
]
Stage = Literal["idea", "negotiating", "signed", "in_force", "suspended", "ended"]
Confidence = Literal["high", "moderate", "low"]
Basis = Literal["sufficient", "provisional", "insufficient"]
RedLineStatus = Literal["clear", "tripped", "disputed", "unknown"]
RedLineEffect = Literal["block", "cap_overall_conditional", "cap_pillar_49"]

PROPOSED_STAGES: frozenset[str] = frozenset(("idea", "negotiating", "signed"))
"""Stages at which nothing has been performed yet, so that `design` and `proxy` criteria rest on plans or records."""


class Frozen(BaseModel):
    """Base of every model: unknown keys are errors, and nothing changes once it is built."""

    # Built on first use: a run validates whole documents, so the parts need no validators of their own.
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


class Record(Frozen):
    """Base of what people write: an empty entry is an absent one."""

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, data: Any) -> Any:
        if isinstance(data, dict) and None in data.values():
            # An unknown key stays, so that it is still refused.
            known = {info.alias or name for name, info in cls.model_fields.items()}
            return {key: value for key, value in data.items() if value is not None or key not in known}
        return data


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
SLUG, KEY = r"^[a-z0-9][a-z0-9_-]*$", r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
GRADE, VERSION = r"^[A-F][1-6]$", r"^[0-9]+\.[0-9]+\.[0-9]+$"
SHA256 = r"^[0-9a-f]{64}$"
PATTERN_ADVICE = {
    SLUG: "use small letters, digits, - and _, beginning with a letter or digit",
    KEY: "use letters, digits, ., - and _, beginning with a letter or digit",
    GRADE: "write a letter A to F for the source and a digit 1 to 6 for the information, such as B2",
    VERSION: "write three numbers with points, such as 1.0.0",
    SHA256: "write the 64 small hexadecimal digits that sha256sum prints",
}
"""What to write where a text does not match its pattern."""

Slug = Annotated[str, StringConstraints(pattern=SLUG)]
Key = Annotated[str, StringConstraints(pattern=KEY)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Percent = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=100)]
Level = Annotated[int, Field(strict=True, ge=0, le=4)]
Rank5 = Annotated[int, Field(strict=True, ge=1, le=5)]
Months = Annotated[int, Field(strict=True, ge=1, le=1200)]


class Mitigation(Record):
    """Something that would raise the criterion. Cost, feasibility, lead time and owner are those of typical cases."""

    text: Text
    to: Annotated[
        Level | None,
        Field(description="the level it can bring the criterion to; one level above the reading where absent"),
    ] = None
    items: Annotated[
        tuple[Slug, ...], Field(description="checklist items it would meet; only for criteria read by a checklist")
    ] = ()
    cost: Annotated[Literal["low", "moderate", "high"] | None, Field(description="cost band")] = None
    feasibility: Annotated[
        Literal["high", "moderate", "low"] | None, Field(description="how far the parties can do it by themselves")
    ] = None
    months: Annotated[Months | None, Field(description="typical lead time in months")] = None
    owner: Annotated[Text | None, Field(description="who would have to act")] = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.items and self.to is not None:
            raise ValueError("a mitigation raises the criterion to a level or meets items, not both")
        return self


_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z", re.ASCII)


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _check_date(value: str) -> str:
    match = _DATE.match(value)
    if match:
        year, month, day = (int(part) if part else 1 for part in match.groups())
        if year >= 1 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]:
            return value
    raise ValueError("not a date; write 2025, 2025-06 or 2025-06-25")


PartialDate = Annotated[
    str,
    BeforeValidator(_as_text, json_schema_input_type=str | int),
    AfterValidator(_check_date),
]
"""A date as well as it is known: a year, a month or a day, in ISO 8601 form."""


def date_span(date: str) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Return the first and last (year, month, day) that a partial date can mean."""
    match = _DATE.match(date)
    if match is None:
        raise ValueError(f"not a date: {date}")
    year, month, day = (int(part) if part else None for part in match.groups())
    if year is None:
        raise ValueError(f"not a date: {date}")
    first = (year, month or 1, day or 1)
    last_month = month or 12
    last = (year, last_month, day or calendar.monthrange(year, last_month)[1])
    return first, last


def months_between(earlier: str, later: str) -> int:
    """Return whole months from the last day `earlier` can mean to the first day `later` can mean, at least 0.

    Both ends are read in favour of freshness, so that a date known only to the year is not aged by its vagueness.
    """
    _, (year_a, month_a, day_a) = date_span(earlier)
    (year_b, month_b, day_b), _ = date_span(later)
    months = (year_b - year_a) * 12 + (month_b - month_a) - (1 if day_b < day_a else 0)
    return max(0, months)
