"""Condition, AllergyIntolerance and Procedure resources as readings: diagnoses, their refutation, what was done."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from posology.fhir import times, words
from posology.fhir.intake import MALFORMED, Intake, Json, Occasion, rows_of, signed
from posology.fhir.unplaced import matters
from posology.record import Quality

if TYPE_CHECKING:
    from posology.knowledge import CodeRow

UNREADABLE = "unreadable"
DOUBTED = frozenset({"unconfirmed", "provisional", "differential", UNREADABLE})
VERIFIED = DOUBTED | {"confirmed", "refuted", "entered-in-error"}
OVER = frozenset({"inactive", "resolved", "remission"})
CLINICAL = OVER | {"active", "recurrence", "relapse"}
ENDS = frozenset(
    {
        "pregnant",
        "breastfeeding",
        "ascites",
        "hepatomegaly",
        "painful_hepatomegaly",
        "encephalopathy",
        "coagulopathy",
        "active_hepatitis",
        "serious_liver_disease",
    }
)
"""States that an abatement date ends. A diagnosis of leukaemia or a history never ends by it."""

REVIEW, RULED_OUT, SUSPECTED = "vod_review", "ruled_out", "suspected"


def statuses(resource: Json, key: str, known: frozenset[str]) -> set[str]:
    """The known codes of a CodeableConcept that carries a status; `unreadable` where one is there and says none."""
    if key not in resource:
        return set()
    try:
        return {code for _, code in words.spoken_in(resource[key]) if code in known} or {UNREADABLE}
    except MALFORMED:
        return {UNREADABLE}


def verification(intake: Intake, resource: Json, ref: str) -> str | None:
    """Confirmed, refuted, in doubt or entered in error. What contradicts itself or cannot be read must be corrected."""
    found = statuses(resource, "verificationStatus", VERIFIED)
    if UNREADABLE in found or (len(found) > 1 and not found <= DOUBTED):
        intake.note("status_unknown", "its verification status cannot be read or contradicts itself: correct it", ref)
        intake.lose(ref)
        return UNREADABLE
    return min(found, default=None)


def read_condition(intake: Intake, resource: Json, ref: str) -> None:
    """A diagnosis: positive, refuted, or in doubt."""
    rows = [row for row in rows_of(intake.codes, resource["code"]) if says(intake, row)]
    if not rows:
        intake.unread += 1
        if matters(intake, resource) and not rows_of(intake.codes, resource["code"]):
            intake.lose(ref)
        return
    verified = verification(intake, resource, ref)
    if verified == "entered-in-error":
        intake.note("entered_in_error", "set aside: its status is entered-in-error", ref)
        return
    refuted = verified == "refuted"
    at = onset(intake, resource, ref, recorded_first=refuted)
    if at is None:
        return
    by = asserted(intake, resource)
    for row in rows:
        if row.observable == "gilbert":
            text = "a diagnosis on the problem list does not explain one bilirubin; sign the cause of that sample"
            intake.note("gilbert", text, ref)
        else:
            diagnose(intake, row, Occasion(ref, at, by), refuted, verified in DOUBTED)
            if not refuted:
                abate(intake, resource, row, Occasion(ref, at, by))


def asserted(intake: Intake, resource: Json) -> bool:
    """Does a practitioner stand for it, as the one who asserted or recorded it?"""
    return any(signed(intake, resource, resource.get(key)) for key in ("asserter", "recorder"))


def says(intake: Intake, row: CodeRow) -> bool:
    """Does the code alone, without a value, say something as a diagnosis?"""
    if row.observable == "gilbert":
        return True
    observable = intake.observables.get(row.observable)
    return observable is not None and (bool(row.value) or observable.kind == "yes_no")


def diagnose(intake: Intake, row: CodeRow, seen: Occasion, refuted: bool, doubted: bool) -> None:
    """One reading of one diagnosis. A danger needs no signature to count; its absence does."""
    value = words.fixed(row) if row.value else True
    if row.observable == REVIEW and refuted:
        intake.keep(seen, REVIEW, RULED_OUT)
    elif row.observable == REVIEW:
        intake.keep(seen, REVIEW, SUSPECTED if doubted else value)
    elif doubted or (refuted and not isinstance(value, bool)):
        intake.note("in_doubt", f"{row.observable} is not settled by this diagnosis; confirm or refute it", seen.ref)
        intake.keep(seen, row.observable, None, Quality.MISSING)
    else:
        intake.keep(seen, row.observable, not value if refuted else value)


def abate(intake: Intake, resource: Json, row: CodeRow, seen: Occasion) -> None:
    """The end of a state that ends, where the record dates it."""
    if row.observable not in ENDS or row.value == "false":
        return
    clinical = statuses(resource, "clinicalStatus", CLINICAL)
    if not clinical or not clinical <= OVER:
        return
    at = intake.moment(resource.get("abatementDateTime"))
    if at is None or at < seen.at or (intake.received is not None and at > intake.received):
        text = f"{row.observable} is marked as over without a usable end date; it still counts"
        intake.note("no_end", text, seen.ref)
        return
    intake.keep(seen._replace(at=at), row.observable, False)


def onset(intake: Intake, resource: Json, ref: str, *, recorded_first: bool = False) -> datetime | None:
    """When it began, or was recorded, if earlier; a refutation by its record. Without a usable date it counts from birth.

    A month or a year that the other date lies in says nothing beside it.
    """
    period = resource.get("onsetPeriod") or {}
    texts = (resource.get("recordedDate"), resource.get("onsetDateTime") or period.get("start"))
    known = [span[0] for span in map(intake.span, texts) if span is not None]
    vague = [at for at in map(intake.moment, texts) if at is not None]
    known += [at for at in vague if not known or intake.vague.get(at, at) < min(known)]
    if recorded_first or (not known and intake.birth is None):
        return dated(intake, next(iter(known), None), ref)
    if known:
        return dated(intake, min(known), ref)
    intake.note("undated", "it has no usable date and counts from birth; add the date", ref)
    return times.midnight(intake.birth, intake.zone) if intake.birth else None


def dated(intake: Intake, at: datetime | None, ref: str) -> datetime | None:
    """As `Intake.dated`; what is set aside may be a danger."""
    found = intake.dated(at, ref)
    if found is None:
        intake.lose(ref)
    return found


def read_allergy(intake: Intake, resource: Json, ref: str) -> None:
    """An allergy to the drug; in doubt it counts until it is refuted. `No known allergy` is only noted."""
    found = {row.observable for row in rows_of(intake.codes, resource.get("code") or {})}
    if "no_known_allergy" in found:
        intake.note("no_known_allergy", "a list without allergies is no review of this drug; ask for it", ref)
    if "drug" not in found or "hypersensitivity" not in intake.observables:
        return
    verified = verification(intake, resource, ref)
    if verified == "entered-in-error":
        intake.note("entered_in_error", "set aside: its status is entered-in-error", ref)
        return
    if verified in DOUBTED:
        intake.note("in_doubt", "an unconfirmed allergy to the drug counts; confirm or refute it", ref)
    refuted = verified == "refuted"
    at = onset(intake, resource, ref, recorded_first=refuted)
    if at is not None:
        by = asserted(intake, resource)
        intake.keep(Occasion(ref, at, by), "hypersensitivity", not refuted)


def read_procedure(intake: Intake, resource: Json, ref: str) -> None:
    """What was done to the patient and is completed, at its start."""
    rows = [row for row in rows_of(intake.codes, resource["code"]) if row.observable in intake.observables]
    if not rows:
        intake.unread += 1
        return
    status = resource.get("status")
    if status != "completed":
        intake.note("not_completed", "set aside: the procedure is not completed", ref)
        return
    period = resource.get("performedPeriod") or {}
    text = resource.get("performedDateTime") or period.get("start") or period.get("end")
    at = dated(intake, intake.moment(text), ref)
    if at is None:
        return
    by = any(signed(intake, resource, one.get("actor")) for one in resource.get("performer") or ())
    for row in rows:
        if row.value or intake.observables[row.observable].kind == "yes_no":
            intake.keep(Occasion(ref, at, by), row.observable, words.fixed(row) if row.value else True)
