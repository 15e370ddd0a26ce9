"""What changed between two rubrics, and what it does to cases."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from assess.documents.errors import DocumentError, UsageError
from assess.documents.fields import Frozen, PartnershipType
from assess.partnership.models import Partnership
from assess.rubric.models import OVERALL, Rubric
from assess.scoring.assessment import Rated
from assess.scoring.kernel import TOLERANCE
from assess.scoring.score import DEFAULT_DRAWS, DEFAULT_SEED, score

SCHEMA = "assess/rubric-difference@1"
IDENTITY = ("schema", "id", "title", "version", "description", "extends", "weighting")
"""What names a rubric and tells its history; it moves no score."""


class RubricName(Frozen):
    """One of the two rubrics."""

    id: str
    title: str
    version: str
    sha256: str | None


class ShareDifference(Frozen):
    """A share among neighbours that differs; null on the side that does not have it."""

    id: str
    title: str
    node: Annotated[str, Field(description="id of the pillar it stands in, or 'overall'")]
    profile: Annotated[PartnershipType | None, Field(description="null for the rubric's own weights")]
    before: Annotated[float | None, Field(description="share 0-1, before type multipliers")]
    after: float | None


class Change(Frozen):
    """Anything else that differs, by its place in the rubric."""

    at: Annotated[str, Field(description="keys and ids from the top, with points between")]
    kind: Literal["added", "removed", "changed"]
    before: str | None
    after: str | None


class Outcome(Frozen):
    """A case by one of the rubrics."""

    score: float | None
    low: float | None
    high: float | None
    rating: str | None
    rating_low: str | None
    rating_high: str | None
    rank: Annotated[int | None, Field(description="by score among the cases of its type, 1 the highest; ties share")]


class CaseEffect(Frozen):
    """What the change does to one case."""

    id: str
    title: str
    type: PartnershipType
    before: Outcome
    after: Outcome


class Unscored(Frozen):
    """A case that one of the rubrics cannot score, and why."""

    id: str
    title: str
    reason: str


class Difference(Frozen):
    """Two rubrics beside each other."""

    schema_: Annotated[Literal["assess/rubric-difference@1"], Field(alias="schema")] = "assess/rubric-difference@1"
    before: RubricName
    after: RubricName
    unnamed: Annotated[bool, Field(description="whether they differ under one id and version")]
    shares: tuple[ShareDifference, ...]
    changes: tuple[Change, ...]
    cases: tuple[CaseEffect, ...]
    unscored: tuple[Unscored, ...]
    draws: int
    seed: int

    def to_json(self) -> str:
        """Return the difference as JSON text, two-space indented, keys in a fixed order."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"


def difference(
    before: Rubric,
    after: Rubric,
    cases: Sequence[Partnership],
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
) -> Difference:
    """Return what changed from one rubric to another, and each case by both.

    Cases that do not fit one of the rubrics are named with the reason and not scored.
    """
    shares, changes = tuple(share_differences(before, after)), tuple(other_changes(before, after))
    effects, unscored = _effects(before, after, cases, draws, seed)
    same_name = (before.id, before.version) == (after.id, after.version)
    return Difference(
        before=_name(before),
        after=_name(after),
        unnamed=same_name and bool(shares or changes),
        shares=shares,
        changes=changes,
        cases=_ranked(effects),
        unscored=tuple(unscored),
        draws=draws,
        seed=seed,
    )


def _name(rubric: Rubric) -> RubricName:
    digest = rubric.source.sha256 if rubric.source else None
    return RubricName(id=rubric.id, title=rubric.title, version=rubric.version, sha256=digest)


Shares = dict[str, tuple[str, str, float]]
"""By id: the node it stands in, its title, and its share among its neighbours there."""


def declared_shares(rubric: Rubric, kind: PartnershipType | None = None) -> Shares:
    """Return the share of every pillar and criterion among its neighbours, before type multipliers.

    kind: take the weights of pillars from the profile of this type, where there is one.
    """
    profile = rubric.profiles.get(kind) if kind else None
    named = profile.pillars if profile else {}
    shares: Shares = {}
    nodes = [(OVERALL, rubric.pillars, ()), *((p.id, p.pillars, p.criteria) for p in rubric.all_pillars())]
    for node, pillars, criteria in nodes:
        weights = {p.id: (p.title, named.get(p.id, p.weight)) for p in pillars}
        weights |= {c.id: (c.title, c.weight) for c in criteria}
        total = sum(weight for _, weight in weights.values())
        for name, (title, weight) in weights.items():
            shares[name] = (node, title, weight / total if total > 0 else 0.0)
    return shares


def share_differences(before: Rubric, after: Rubric) -> Iterator[ShareDifference]:
    """Yield the shares that differ: the rubric's own, then those among pillars that a profile names."""
    yield from _shares(None, declared_shares(before), declared_shares(after))
    for kind in {**before.profiles, **after.profiles}:
        old, new = declared_shares(before, kind), declared_shares(after, kind)
        named = {name for side in (before, after) if kind in side.profiles for name in side.profiles[kind].pillars}
        nodes = {side[name][0] for side in (old, new) for name in named if name in side}
        yield from _shares(kind, *({name: at for name, at in side.items() if at[0] in nodes} for side in (old, new)))


def _shares(profile: PartnershipType | None, before: Shares, after: Shares) -> Iterator[ShareDifference]:
    for name in {**before, **after}:
        was, now = before.get(name), after.get(name)
        if was and now and was[0] == now[0] and abs(was[2] - now[2]) <= TOLERANCE:
            continue
        node, title, _ = now or was or ("", "", 0.0)
        yield ShareDifference(
            id=name,
            title=title,
            node=node,
            profile=profile,
            before=was[2] if was else None,
            after=now[2] if now else None,
        )


def other_changes(before: Rubric, after: Rubric) -> Iterator[Change]:
    """Yield everything but weights that differs: bands, red lines, anchors, measures, profiles, texts."""
    old, new = (_without_weights(rubric.model_dump(mode="json", by_alias=True)) for rubric in (before, after))
    yield from _compared("", old, new)


def _without_weights(data: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in data.items() if key not in IDENTITY}
    kept["pillars"] = [_unweighted(pillar) for pillar in kept["pillars"]]
    kept["profiles"] = {
        kind: {key: value for key, value in profile.items() if key != "pillars"}
        for kind, profile in kept["profiles"].items()
    }
    return kept


def _unweighted(node: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in node.items() if key != "weight"}
    for key in ("pillars", "criteria"):
        if key in kept:
            kept[key] = [_unweighted(child) for child in kept[key]]
    return kept


def _compared(at: str, before: Any, after: Any) -> Iterator[Change]:
    """Yield the differences of two values, as deep as both sides have the same keys or ids."""
    old, new = _by_key(before), _by_key(after)
    if old is None or new is None:
        if before != after:
            yield _change(at, before, after)
        return
    for name in {**old, **new}:
        below = f"{at}.{name}" if at else str(name)
        if name in old and name in new:
            yield from _compared(below, old[name], new[name])
        else:
            yield _change(below, old.get(name), new.get(name))


def _by_key(value: Any) -> dict[Any, Any] | None:
    """Return a mapping, or a list whose entries have ids by those; None for anything else."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and value and all(isinstance(entry, dict) and "id" in entry for entry in value):
        return {entry["id"]: entry for entry in value}
    return {} if value == [] else None


def _change(at: str, before: Any, after: Any) -> Change:
    kind: Literal["added", "removed", "changed"] = "changed"
    if before in (None, [], {}):
        kind = "added"
    elif after in (None, [], {}):
        kind = "removed"
    return Change(at=at, kind=kind, before=_text(before), after=_text(after))


def _text(value: Any) -> str | None:
    """Return a value as short text: a title for an entry with one, bands in words, else JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(entry, dict) and "at_least" in entry for entry in value):
        return ", ".join(f"{entry['label']} from {entry['at_least']:g}" for entry in value)
    if isinstance(value, dict):
        named = next(
            (value[key] for key in ("title", "text", "citation", "says", "statement", "when") if value.get(key)), None
        )
        if isinstance(named, str):
            return named
    return json.dumps(value, ensure_ascii=False)


def _effects(
    before: Rubric, after: Rubric, cases: Sequence[Partnership], draws: int, seed: int
) -> tuple[list[CaseEffect], list[Unscored]]:
    effects, unscored = [], []
    for case in cases:
        try:
            old, new = (score(case, rubric, draws=draws, seed=seed).overall for rubric in (before, after))
        except (DocumentError, UsageError) as error:
            reason = error.problems[0].text if isinstance(error, DocumentError) else str(error)
            unscored.append(Unscored(id=case.id, title=case.title, reason=reason))
            continue
        effects.append(
            CaseEffect(id=case.id, title=case.title, type=case.type, before=_outcome(old), after=_outcome(new))
        )
    return effects, unscored


def _outcome(rated: Rated) -> Outcome:
    return Outcome(rank=None, **{name: getattr(rated, name) for name in Outcome.model_fields if name != "rank"})


def _ranked(effects: Sequence[CaseEffect]) -> tuple[CaseEffect, ...]:
    """Return the effects with the rank of each case by score among those of its type, where there are several."""

    def rank(effect: CaseEffect, side: Literal["before", "after"]) -> Outcome:
        own: Outcome = getattr(effect, side)
        scores = [getattr(other, side).score for other in effects if other.type == effect.type]
        known = [number for number in scores if number is not None]
        if own.score is None or len(known) < 2:
            return own
        return own.model_copy(update={"rank": 1 + sum(number > own.score + TOLERANCE for number in known)})

    return tuple(
        effect.model_copy(update={"before": rank(effect, "before"), "after": rank(effect, "after")})
        for effect in effects
    )
