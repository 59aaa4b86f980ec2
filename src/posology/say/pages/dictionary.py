"""The data dictionary as pages: every fact with how it is found, every observable with its codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from inspect import getdoc

from posology.facts import BY_NAME
from posology.knowledge import CodeRow, Edition, FactEntry, Observable, Pick, code_rows, editions, load_edition
from posology.knowledge.dictionary import PICKERS
from posology.knowledge.files import toml
from posology.say.pages.markdown import code, page, plain, table
from posology.units import normalise

EXPLAINED = {
    "latest_before": "The latest value up to the moment of the decision.",
    "course": "From the folded course: cycles, doses given, interruptions, level, response.",
    "patient": "From the patient resource: sex, and age on the day.",
    "record": "From the record as a whole: what was set aside, what it says of the patient's death.",
    "derived": "Arithmetic on other facts; one unknown part leaves it unknown.",
    "baseline_before": "The value nearest before the first dose ever; before that dose, the present one.",
    "prior_cycle_before": "The value that Day 1 of the prior cycle was given on.",
    "same_sample": "The value of the same sample as another observable.",
    "same_sample_upper_limit": "The laboratory's upper limit of that same sample.",
    "days_since_any": "As `days_since`, of several observables the newest.",
}
ABSENCE = {
    "missing": "nobody measured it, or nothing usable is there",
    "stale": "too old to reassure; a stale value may still prove a danger",
    "implausible": "outside what can be true; the value is not used",
    "wrong_unit": "no unit, or one that cannot be converted exactly",
    "conflicting": "two different values for one moment",
    "not_asked": "only a person can say it, and nobody has signed",
    "not_applicable": "the question does not arise here",
}
SYSTEMS = {
    "http://loinc.org": "LOINC",
    "http://snomed.info/sct": "SNOMED CT",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RxNorm",
    "http://www.whocc.no/atc": "ATC",
    "http://hl7.org/fhir/sid/ndc": "NDC",
    "http://hl7.org/fhir/sid/icd-10-cm": "ICD-10-CM",
    "http://www.cms.gov/Medicare/Coding/ICD10": "ICD-10-PCS",
    "http://fdasis.nlm.nih.gov": "UNII",
    "urn:posology:codes": "own",
}


def picker(name: str) -> str:
    """What a picker does, in a sentence."""
    return EXPLAINED.get(name) or (getdoc(BY_NAME[name]) or "").split("\n\n")[0] if name in PICKERS else ""


def facts(edition: Edition) -> str:
    """The page of facts."""
    used = _used(edition)
    rows = [
        [f'<a id="{name}"></a>{code(name)}', entry.means, _value(entry), _picked(entry.pick), *_asked(entry, edition, used)]
        for name, entry in edition.facts.items()
    ]
    return page(
        f"Facts ({edition.id.upper()})",
        "What may be asked of a patient at a decision point. Rules speak these names and no others. A fact is a value with"
        " its evidence, or one of seven words for why there is none:",
        table(["Word", "Means"], [[code(word), text] for word, text in ABSENCE.items()]),
        "## Pickers",
        "How a fact is found in a record. Each picker exists once here and once as SQL, and tests prove the two equal.",
        table(["Picker", "Finds"], [[code(name), picker(name)] for name in PICKERS]),
        "## Dictionary",
        "*Fresh for* gives the hours a value counts; the second figure is for a value outside, or without, the laboratory's"
        " limits. A fact that no question uses serves another fact, the dose or the plan, or waits for the reason given.",
        table(["Fact", "Means", "Value", "Picked", "Fresh for", "If absent, ask", "Used by"], rows),
    )


def _used(edition: Edition) -> Mapping[str, list[str]]:
    """Who asks for each fact: the questions of this edition, and those of another that this one would not name."""
    found: dict[str, list[str]] = {}
    for one in [*edition.tables.values(), *edition.criteria.values()]:
        for name in sorted(one.facts):
            found.setdefault(name, []).append(f"[{plain(one.id)}](rules/{one.id}.md)")
    for other in (load_edition(name) for name in editions() if name != edition.id):
        for one in other.tables.values():
            for name in sorted(one.facts - edition.tables[one.id].facts):
                link = f"[{plain(one.id)} ({other.id.upper()})]({other.id}/rules/{one.id}.md)"
                found.setdefault(name, []).append(link)
    return found


def _value(entry: FactEntry) -> str:
    if entry.kind == "number":
        return code(entry.unit or "")
    return "yes or no" if entry.kind == "yes_no" else ", ".join(code(word) for word in entry.words)


def _picked(pick: Pick) -> str:
    options = [f"{plain(key)} {_shown(value)}" for key in Pick.__slots__ if _said(key, value := getattr(pick, key))]
    return "; ".join([f"{code(pick.how)} {', '.join(map(plain, pick.of))}", *options])


def _said(key: str, value: object) -> bool:
    return key not in ("how", "of", "fresh_for") and value is not None and value != () and value != ""


def _shown(value: object) -> str:
    return ", ".join(plain(str(part)) for part in value) if isinstance(value, tuple) else plain(str(value))


def _asked(entry: FactEntry, edition: Edition, used: Mapping[str, list[str]]) -> Iterator[str]:
    fresh = edition.policy.rows.get(f"freshness.{entry.pick.fresh_for}")
    yield f"{fresh['hours']} h / {fresh.get('hours_if_abnormal', fresh['hours'])} h" if fresh else ""
    yield entry.ask
    yield ", ".join(used.get(entry.name, ())) or toml("later.toml")["facts"].get(entry.name, "")


def observables(edition: Edition) -> str:
    """The page of observables."""
    codes: dict[str, list[CodeRow]] = {}
    for row in code_rows():
        codes.setdefault(row.observable, []).append(row)
    rows = [
        [f'<a id="{name}"></a>{code(name)}', item.means, _kind(item), _counts(item), _codes(codes.get(name, []))]
        for name, item in edition.observables.items()
    ]
    meant = [[code(short), code(system)] for system, short in SYSTEMS.items()]
    product = [[SYSTEMS.get(row.system, row.system), code(row.code), row.display, row.confidence] for row in codes["drug"]]
    return page(
        "Observables",
        "What can be read from a record. Resources are matched on code, never on text. A value outside its hard limits is"
        " `implausible`, whatever its code says. Codes marked † are recalled: verify them before use.",
        table(["System", "Address"], meant),
        table(["Observable", "Means", "Value", "Counts", "Codes"], rows),
        "## The drug itself",
        "An administration, request or statement with one of these codes is about the product.",
        table(["System", "Code", "Names", "Confidence"], product),
    )


def _kind(item: Observable) -> str:
    if item.kind == "yes_no":
        return "yes or no"
    if item.kind == "word":
        return ", ".join(code(word) for word in item.words)
    limits = [_range(pair, who) for pair, who in ((item.plausible, ""), (item.adult, " in adults")) if pair]
    return "; ".join([code(item.unit or ""), *limits])


def _range(pair: tuple[object, object], who: str) -> str:
    low, high = pair
    return f"{normalise(low)} to {normalise(high)}{who}"  # type: ignore[arg-type]


def _counts(item: Observable) -> str:
    if item.signed:
        return "only with performer and date"
    return "when a person says so" if item.asked else "when dated"


def _codes(rows: list[CodeRow]) -> str:
    return "; ".join(
        f"{SYSTEMS.get(row.system, row.system)} {code(row.code)}"
        + (f" = {row.value}" if row.value else "")
        + ("" if row.confidence == "C" else " †")
        for row in rows
    )
