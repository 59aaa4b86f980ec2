"""Whose bundle this is: every resource once, one patient, no second subject. Reads no clinical content."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from posology.fhir.intake import Json
from posology.fhir.refusal import BadBundle, shown
from posology.record import Note

ONE_PATIENT = "send one patient's resources only"


@dataclass(slots=True)
class Contents:
    """The resources of a bundle, each once, and how they are referred to."""

    resources: list[tuple[str, str, Json]] = field(default_factory=list)
    patients: list[tuple[str, Json]] = field(default_factory=list)
    medications: dict[str, Json] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def resolve(self, reference: object) -> str | None:
        """A reference as `Type/id`: a full URL of this bundle by its resource, without server and version."""
        if type(reference) is not str:
            return None
        known = self.urls.get(reference)
        if known is not None:
            return known
        parts = reference.split("/_history/")[0].split("/")
        return "/".join(parts[-2:])

    def find(self, reference: object, inside: Json) -> Json | None:
        """The Medication that a reference means, contained in the resource or elsewhere in the bundle."""
        if type(reference) is str and reference.startswith("#"):
            held = inside.get("contained") or ()
            return next((one for one in held if one.get("id") == reference[1:]), None)
        resolved = self.resolve(reference)
        return self.medications.get(resolved) if resolved else None


def contents(bundle: object) -> Contents:
    """Every resource of the bundle, identical repeats once. Raises `BadBundle`."""
    found = Contents()
    seen: dict[str, Json] = {}
    for place, entry in enumerate(entries(bundle, found)):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        kind = resource.get("resourceType") if isinstance(resource, dict) else None
        if resource is None or type(kind) is not str:
            found.notes.append(Note("no_resource", "an entry holds no resource and is set aside", f"entry {place}"))
            continue
        name, url = resource.get("id"), entry.get("fullUrl")
        key = f"{kind}/{name if type(name) is str and name else last_part(url) or place}"
        known = seen.get(key)
        if known is None:
            seen[key] = resource
            add(found, kind, key if key.isascii() and key.isprintable() else shown(key), resource, url)
        elif known != resource:
            raise BadBundle("the same id stands for different content", shown(key), "keep the current version only")
    return found


def last_part(url: object) -> str | None:
    """What a full URL says of a resource without an id."""
    return (url.rsplit("/", 1)[-1] or None) if type(url) is str else None


def entries(bundle: object, found: Contents) -> list[Any]:
    """The entries of a Bundle, or a refusal that says what was sent instead."""
    if not isinstance(bundle, dict):
        raise BadBundle("this is no FHIR Bundle", "the whole file", 'send {"resourceType": "Bundle", "entry": […]}')
    kind = bundle.get("resourceType")
    if kind != "Bundle":
        what = f"this is a {shown(kind)}, not a Bundle" if type(kind) is str else "this names no resourceType"
        raise BadBundle(what, "the whole file", "wrap the patient's resources in a Bundle of type collection")
    listed = bundle.get("entry")
    if not isinstance(listed, list) or not listed:
        raise BadBundle("the Bundle is empty", "entry", "add the Patient and what is known of them")
    links = bundle.get("link")
    if isinstance(links, list) and any(isinstance(one, dict) and one.get("relation") == "next" for one in links):
        found.notes.append(Note("one_page", "the bundle is one page of several; fetch them all before deciding"))
    return listed


def add(found: Contents, kind: str, ref: str, resource: Json, url: object) -> None:
    if type(url) is str:
        found.urls[url] = ref
    if kind == "Patient":
        found.patients.append((ref, resource))
    elif kind == "Medication":
        found.medications[ref] = resource
    elif kind == "Bundle":
        found.notes.append(Note("nested_bundle", "a bundle inside the bundle is not read; send one bundle", ref))
    found.resources.append((kind, ref, resource))


def the_patient(found: Contents) -> tuple[str, Json]:
    """Reference and resource of the one Patient. Raises `BadBundle` for none or two."""
    if not found.patients:
        raise BadBundle("no Patient in the bundle", "entry", "add the Patient the resources belong to")
    if len(found.patients) > 1:
        both = " and ".join(ref for ref, _ in found.patients[:2])
        raise BadBundle("two patients in one bundle", both, ONE_PATIENT)
    return found.patients[0]


def check_subject(found: Contents, subject: object, ref: str, patient: str, identifiers: object) -> bool:
    """True if the subject is the one patient, False if none is named. Raises `BadBundle` for anybody else."""
    if subject is None:
        return False
    if not isinstance(subject, dict):
        raise BadBundle("a subject that is no reference", ref, ONE_PATIENT)
    reference = subject.get("reference")
    if reference is None:
        identifier = subject.get("identifier")
        if identifier is None:
            return False
        if isinstance(identifiers, list) and any(_same(identifier, one) for one in identifiers):
            return True
    elif found.resolve(reference) == patient and not _elsewhere(found, reference, patient):
        return True
    raise BadBundle("a second subject in one bundle", f"{ref} is not about {patient}", ONE_PATIENT)


def _elsewhere(found: Contents, reference: str, patient: str) -> bool:
    """An absolute reference to another server's patient of the same id."""
    urls = [url for url, ref in found.urls.items() if ref == patient and "://" in url]
    return "://" in reference and bool(urls) and reference.split("/_history/")[0] not in urls


def _same(one: object, other: object) -> bool:
    if not isinstance(one, dict) or not isinstance(other, dict) or one.get("value") is None:
        return False
    return one.get("value") == other.get("value") and one.get("system") == other.get("system")
