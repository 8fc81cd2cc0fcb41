"""The journey file: one journey as a JSON document, the same for export, import and the journeys that ship.

Reading is strict about what is there (names of fields, types, lengths) and says every fault with its path; it
lets pass what is still missing, since that becomes a draft. docs/reference/journey-file.md describes it.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from customers.models import USE_CASE_LENGTH
from milestones.documents import DocumentRefused, Fault, Json, Reader
from milestones.message_files import MessageSaid, read_messages, written_message
from milestones.models import Criterion, Milestone
from milestones.models.wording import FIELDS, MAY_BE_EMPTY, MOST_ANSWERS, MOST_DAYS, URGENCY_LENGTH, WAYS
from milestones.outlines import (
    KEY_LENGTH,
    CriterionOutline,
    MetricOutline,
    MilestoneOutline,
    Outline,
    number,
)

FORMAT, VERSION = "bosai-journey", 1
LARGEST = 1_000_000  # bytes
RESERVED = ("new", "import")  # addresses of our own pages
OPERATORS = {"at_least": "gte", "more_than": "gt", "at_most": "lte", "less_than": "lt"}
WORDS = {symbol: word for word, symbol in OPERATORS.items()}
MOST_MILESTONES, MOST_CRITERIA, MOST_METRICS = 30, 20, 200


@dataclass(frozen=True, slots=True)
class VariantOf:
    """What a file says of a variant: its base, the version of that it was made from, and for whom it is."""

    base: str
    version: int | None = None
    segment: str = ""
    use_case: str = ""


@dataclass(frozen=True, slots=True)
class JourneyFile:
    """A file that was read: which journey it is, what it says, and what it writes."""

    slug: str
    outline: Outline
    messages: tuple[MessageSaid, ...] = ()
    variant_of: VariantOf | None = None


def parse(text: bytes) -> Json:
    """The document in these bytes. Raises DocumentRefused with line and column."""
    if len(text) > LARGEST:
        raise _refused(_("The file is larger than 1 MB. A journey file has a few kilobytes."))
    try:
        data = json.loads(text.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise _refused(_("The file is not UTF-8 text (byte %(byte)d).") % {"byte": error.start}) from error
    except json.JSONDecodeError as error:
        where = {"line": error.lineno, "column": error.colno, "message": error.msg}
        raise _refused(_("Not JSON: line %(line)d, column %(column)d: %(message)s.") % where) from error
    except RecursionError as error:
        raise _refused(_("The file is nested too deeply for a journey.")) from error
    except ValueError as error:
        raise _refused(str(error)) from error
    if not isinstance(data, dict):
        raise _refused(_("The file must be one JSON object: { … }."))
    return data


def read(data: Json, *, known_metrics: Collection[str]) -> JourneyFile:
    """What a parsed document says. Raises DocumentRefused with every fault found."""
    reader = Reader()
    top = reader.record("", data, ("format", "version", "journey", "metrics", "milestones", "messages"))
    if top.get("format") != FORMAT:
        reader.fault("format", _("must be “%(format)s”") % {"format": FORMAT})
    elif top.get("version") != VERSION or isinstance(top.get("version"), bool):
        reader.fault("version", _("must be %(version)d, the one this Bosai reads") % {"version": VERSION})
    if reader.faults:
        raise DocumentRefused(reader.faults)
    journey = reader.record("journey", top.get("journey"), ("slug", "name", "purpose", "variant_of"))
    name = reader.text("journey.name", journey.get("name"), most=120, needed=True)
    slug = reader.slug("journey.slug", journey.get("slug")) or slugify(name)[:KEY_LENGTH] or "journey"
    if slug in RESERVED:
        reader.fault("journey.slug", _("“%(slug)s” is the address of another page") % {"slug": slug})
    variant_of = _variant_of(reader, journey.get("variant_of"))
    metrics = _metrics(reader, top.get("metrics"))
    known = {*known_metrics, *(metric.key for metric in metrics)}
    milestones = _milestones(reader, top.get("milestones"), known)
    outline = Outline(
        name=name,
        purpose=reader.text("journey.purpose", journey.get("purpose"), most=2000),
        metrics=metrics,
        milestones=milestones,
    )
    messages = read_messages(reader, "messages", top.get("messages"))
    for place, one in enumerate(milestones):
        path, said = f"milestones[{place}]", top["milestones"][place]
        written = said.get("messages") if isinstance(said, dict) else None
        if written and not one.key:
            reader.fault(f"{path}.messages", _("need the milestone’s key or name"))
        messages += read_messages(reader, f"{path}.messages", written, milestone_key=one.key)
    if reader.faults:
        raise DocumentRefused(reader.faults)
    return JourneyFile(slug, outline, tuple(messages), variant_of)


def write(
    outline: Outline,
    *,
    slug: str,
    messages: Collection[MessageSaid] = (),
    variant_of: VariantOf | None = None,
) -> Json:
    """The document that says this outline. What was typed but is no number is left out."""
    for_all = [written_message(one) for one in messages if not one.milestone_key]
    journey: Json = {"slug": slug, "name": outline.name, "purpose": outline.purpose}
    if variant_of:
        journey["variant_of"] = {
            "journey": variant_of.base,
            "version": variant_of.version,
            "segment": variant_of.segment,
            "use_case": variant_of.use_case,
        }
    return {
        "format": FORMAT,
        "version": VERSION,
        "journey": journey,
        "metrics": [
            {"key": one.key, "name": one.name, "unit": one.unit, "lower_is_better": one.lower_is_better}
            for one in outline.metrics
        ],
        "milestones": [
            _milestone_written(one)
            | _if_any(
                "messages", [written_message(each) for each in messages if each.milestone_key == one.key]
            )
            for one in outline.milestones
        ],
        **_if_any("messages", for_all),
    }


def _if_any(name: str, value: Any) -> Json:
    return {name: value} if value else {}


def _variant_of(reader: Reader, value: Any) -> VariantOf | None:
    if value is None:
        return None
    at = "journey.variant_of"
    said = reader.record(at, value, ("journey", "version", "segment", "use_case"))
    number = reader.whole(f"{at}.version", said.get("version"), most=100_000)
    return VariantOf(
        base=reader.slug(f"{at}.journey", said.get("journey"), needed=True),
        version=int(number) if number else None,
        segment=reader.text(f"{at}.segment", said.get("segment"), most=80),
        use_case=reader.text(f"{at}.use_case", said.get("use_case"), most=USE_CASE_LENGTH),
    )


def _milestone_written(milestone: MilestoneOutline) -> Json:
    return {
        "key": milestone.key,
        "name": milestone.name,
        "meaning": milestone.meaning,
        "stage": milestone.stage or None,
        "target_days": _number(milestone.target_days),
        "celebrate": {"mode": milestone.celebrate, "hold_hours": _number(milestone.hold_hours)},
        "join": milestone.join,
        **({"needed": _number(milestone.needed)} if milestone.join == Milestone.Join.AT_LEAST else {}),
        "criteria": [_criterion_written(one) for one in milestone.criteria],
        **_if_any("coaching", milestone.coaching),
    }


def _criterion_written(criterion: CriterionOutline) -> Json:
    written: Json = {"kind": criterion.kind}
    for name in FIELDS[criterion.kind]:
        typed = getattr(criterion, name)
        if (criterion.kind, name) in MAY_BE_EMPTY and not typed:
            continue
        if name == "operator":
            written[name] = WORDS.get(typed)
        else:
            written[name] = (typed or None) if name in ("metric", "way", "urgency") else _number(typed)
    return written


def _number(typed: str) -> int | float | None:
    value = number(typed)
    return int(value) if value is not None and value.is_integer() and abs(value) < 1e15 else value


def _metrics(reader: Reader, value: Any) -> tuple[MetricOutline, ...]:
    found: dict[str, MetricOutline] = {}
    for path, item in reader.items("metrics", value, most=MOST_METRICS):
        item = reader.record(path, item, ("key", "name", "unit", "lower_is_better"))
        key = reader.slug(f"{path}.key", item.get("key"), needed=True)
        if key in found:
            reader.fault(f"{path}.key", _("“%(key)s” stands here twice") % {"key": key})
        found[key] = MetricOutline(
            key=key,
            name=reader.text(f"{path}.name", item.get("name"), most=120)
            or key.replace("-", " ").capitalize(),
            unit=reader.text(f"{path}.unit", item.get("unit"), most=20),
            lower_is_better=reader.flag(f"{path}.lower_is_better", item.get("lower_is_better")),
        )
    return tuple(found.values())


def _milestones(reader: Reader, value: Any, known: Collection[str]) -> tuple[MilestoneOutline, ...]:
    found: list[MilestoneOutline] = []
    fields = (
        *("key", "name", "meaning", "stage", "target_days", "celebrate", "join", "needed", "criteria"),
        *("coaching", "messages"),
    )
    for path, item in reader.items("milestones", value, most=MOST_MILESTONES):
        item = reader.record(path, item, fields)
        cheer = reader.record(f"{path}.celebrate", item.get("celebrate") or {}, ("mode", "hold_hours"))
        milestone = MilestoneOutline(
            handle=len(found) + 1,
            key=reader.slug(f"{path}.key", item.get("key")),
            name=reader.text(f"{path}.name", item.get("name"), most=120),
            meaning=reader.text(f"{path}.meaning", item.get("meaning"), most=2000),
            stage=reader.choice(f"{path}.stage", item.get("stage"), Milestone.Stage.values),
            target_days=reader.whole(f"{path}.target_days", item.get("target_days"), most=3650),
            celebrate=reader.choice(f"{path}.celebrate.mode", cheer.get("mode"), Milestone.Celebrate.values)
            or "auto",
            hold_hours=reader.whole(f"{path}.celebrate.hold_hours", cheer.get("hold_hours"), most=720)
            or "24",
            join=reader.choice(f"{path}.join", item.get("join"), Milestone.Join.values) or "all",
            needed=reader.whole(f"{path}.needed", item.get("needed"), most=MOST_CRITERIA),
            criteria=_criteria(reader, f"{path}.criteria", item.get("criteria"), known),
            coaching=reader.text(f"{path}.coaching", item.get("coaching"), most=2000),
        )
        if milestone.key and any(one.key == milestone.key for one in found):
            reader.fault(f"{path}.key", _("“%(key)s” stands here twice") % {"key": milestone.key})
        found.append(milestone)
    return Outline(milestones=tuple(found)).with_keys().milestones


def _criteria(reader: Reader, path: str, value: Any, known: Collection[str]) -> tuple[CriterionOutline, ...]:
    found = []
    for at, item in reader.items(path, value, most=MOST_CRITERIA):
        kind = item.get("kind") if isinstance(item, dict) else None
        fields = FIELDS.get(kind, ()) if isinstance(kind, str) else ()
        item = reader.record(at, item, ("kind", *fields))
        kind = reader.choice(f"{at}.kind", item.get("kind"), Criterion.Kind.values, needed=True)
        said = {name: _criterion_field(reader, at, kind, name, item.get(name)) for name in fields}
        if said.get("metric") and said["metric"] not in known:
            words = _("“%(key)s” is neither in “metrics” nor known here") % {"key": said["metric"]}
            reader.fault(f"{at}.metric", words)
        found.append(CriterionOutline(kind=kind, **said))
    return tuple(found)


def _criterion_field(reader: Reader, at: str, kind: str, name: str, value: Any) -> str:
    path = f"{at}.{name}"
    match name:
        case "metric":
            return reader.slug(path, value)
        case "operator":
            return OPERATORS.get(reader.choice(path, value, list(OPERATORS)), "")
        case "way":
            return reader.choice(path, value, [str(way.value) for way in WAYS[kind]])
        case "urgency":
            return reader.text(path, value, most=URGENCY_LENGTH)
        case "days" | "holds_days":
            return reader.whole(path, value, most=MOST_DAYS)
        case "answers":
            return reader.whole(path, value, most=MOST_ANSWERS)
    return reader.number(path, value)


def _refused(message: str) -> DocumentRefused:
    return DocumentRefused([Fault("", message)])


def _once(pairs: list[tuple[str, Any]]) -> Json:
    """A JSON object in which nothing is said twice; Python would keep the last without a word."""
    found: Json = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(_("“%(name)s” is said twice in one object.") % {"name": name[:80]})
        found[name] = value
    return found


def _no_constant(name: str) -> float:
    raise ValueError(_("%(name)s is no number in JSON.") % {"name": name})
