"""Whose order, and of which drug: E01 and E02. The first thing looked at, and never overridden where it is certain."""

from __future__ import annotations

from collections.abc import Iterator

from posology.verify.findings import Finding, Look

DRUG, UNCODED, STRANGER = "drug", "no code", "another product"


def patient(look: Look) -> Iterator[Finding]:
    """The order is about the patient of this record, by reference, identifier and name."""
    if look.said("subject") is False:
        yield look.found("E01:subject", "subject", "the order names no patient", "Write it again for this patient.")
    if look.said("identifier") is False:
        text = "the order names an identifier that this patient does not have"
        yield look.found("E01:identifier", "identifier", text, "Find out whose order it is.")
    if look.said("name") is False:
        text = "the name on the order is not the patient's"
        yield look.found("E01:name", "name", text, "Compare two identifiers aloud.")


def drug(look: Look) -> Iterator[Finding]:
    """The product is the drug, alone, by its code."""
    products = look.said("drug")
    names = products if isinstance(products, tuple) else ()
    others = [name for name in names if name not in (DRUG, UNCODED)]
    if others == [STRANGER] and DRUG in names:
        text = "a code of a medication that no list here has stands beside the drug's"
        do = "Ask whether it is the same product, and leave the drug's own code alone; else write an order for each."
        yield look.found("E02:unknown-code", "drug", text, do)
    elif UNCODED in names and DRUG in names and not others:
        text = "a part of the medication has no code that says what it is"
        yield look.found("E02:uncoded-part", "drug", text, "Say what the part is, by a code.")
    elif others and DRUG in names:
        text = f"the order names another product beside the drug: {_plain(others)}"
        yield look.found("E02:products", "drug", text, "Write one order for each product.")
    elif others:
        yield look.found("E02:drug", "drug", f"the order is for {_plain(others)}", "Order the right drug by its code.")
    elif UNCODED in names:
        text = "no code says which drug it is; it may be this one"
        yield look.found("E02:uncoded", "drug", text, "Add the code of the drug, or say that it is another.")


def _plain(names: list[str]) -> str:
    return ", ".join(names).replace("_", " ")
