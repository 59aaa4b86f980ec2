"""What each command takes on the command line."""

from __future__ import annotations

from argparse import ArgumentParser


def settings(made: ArgumentParser, *, at: bool = True) -> None:
    if at:
        made.add_argument("--at", metavar="T", help="the moment of the decision, ISO 8601 (default: now)")
        made.add_argument("--zone", metavar="Z", help="the clinic's time zone, such as America/New_York")
    made.add_argument("--edition", metavar="us|eu", help="which label")
    made.add_argument("--site", metavar="FILE", help="site file (default: posology.toml in this folder)")


def bundle(made: ArgumentParser) -> None:
    made.add_argument("bundle", metavar="BUNDLE", help="a FHIR R4 bundle; - for standard input")
    settings(made)


def _held(made: ArgumentParser) -> None:
    made.add_argument("--diluted", metavar="T", help="when it was diluted")
    made.add_argument("--held", choices=["room", "refrigerated"], help="how the diluted drug is kept; unknown reads as room")
    made.add_argument("--out-of-fridge", metavar="T", help="when the diluted drug left the refrigerator")


def _beside(made: ArgumentParser) -> None:
    says = "a resource or bundle to read with it: an order, a signature, a reaction; once for each"
    made.add_argument("--with", dest="beside", metavar="FILE", action="append", default=[], help=says)


def answer(made: ArgumentParser) -> None:
    made.add_argument("question", metavar="QUESTION", help="which question, such as liver")
    made.add_argument("--facts", metavar="FILE", required=True, help="JSON object of facts; - for standard input")
    settings(made, at=False)


def explain(made: ArgumentParser) -> None:
    made.add_argument("question", metavar="QUESTION", help="which question, such as liver")
    bundle(made)


def grade(made: ArgumentParser) -> None:
    made.add_argument("bundle", nargs="?", metavar="BUNDLE", help="a FHIR R4 bundle; - for standard input")
    made.add_argument("--facts", metavar="FILE", help="JSON object of facts instead of a bundle; - for standard input")
    versions = ["v3", "v5", "v6", "all"]
    made.add_argument("--version", dest="version_", choices=versions, default="all", help="of CTCAE (default: all)")
    settings(made)


def sources(made: ArgumentParser) -> None:
    made.add_argument("what", nargs="?", choices=["list", "conflicts", "trace", "check", "hash"], default="list")
    made.add_argument("name", nargs="*", metavar="NAME", help="conflicts: K01 or a word; trace: Q06; check, hash: files")


def find(made: ArgumentParser) -> None:
    made.add_argument("words", nargs="+", metavar="WORD", help="a cancer, a treatment, a symptom, a test, a word of a rule")


def label(made: ArgumentParser) -> None:
    made.add_argument("what", nargs="?", choices=["show", "readings", "unverified", "coverage", "diff"], default="show")
    made.add_argument("name", nargs="*", metavar="NAME", help="a question, a fact, policy, criteria, a set of criteria; a")
    settings(made, at=False)


def stories(made: ArgumentParser) -> None:
    made.add_argument("what", nargs="?", choices=["list", "write"], default="list")
    made.add_argument("folder", nargs="?", default="examples", help="where to write the bundles")


def order(made: ArgumentParser) -> None:
    made.add_argument("--fhir", action="store_true", help="print the draft as a FHIR MedicationRequest")
    _beside(made)
    bundle(made)


def print(made: ArgumentParser) -> None:
    documents = ["order", "preparation", "run-sheet", "certificate", "regimen", "pocket"]
    made.add_argument("what", choices=documents, metavar="DOCUMENT", help=", ".join(documents))
    made.add_argument("bundle", nargs="?", metavar="BUNDLE", help="a FHIR R4 bundle, or -; none for the last two")
    made.add_argument("--out", metavar="FILE.pdf", help="where to write it (default: ORDER-DOCUMENT.pdf in this folder)")
    made.add_argument("--paper", choices=["a4", "letter"], default="a4", help="size of the page (default: a4)")
    made.add_argument("--large-print", action="store_true", help="larger letters")
    made.add_argument("--start", metavar="T", help="run sheet: when the infusion is to start")
    made.add_argument("--by", metavar="WHO", help="certificate: who asks, as a reference such as Practitioner/ph1")
    _bench(made)
    settings(made)


def certificate(made: ArgumentParser) -> None:
    made.add_argument("--by", metavar="WHO", help="who asks, as a reference such as Practitioner/ph1")
    _beside(made)
    bundle(made)


def verify(made: ArgumentParser) -> None:
    made.add_argument("bundle", nargs="?", metavar="BUNDLE", help="a FHIR R4 bundle with the order; - for standard input")
    made.add_argument("--certificate", metavar="FILE", help="check a certificate instead: derived again from its own facts")
    made.add_argument("--bundle", dest="also", metavar="BUNDLE", help="with --certificate: derive it from this record too")
    _beside(made)
    settings(made)


def sql(made: ArgumentParser) -> None:
    settings(made, at=False)


def clocks(made: ArgumentParser) -> None:
    made.add_argument("--reconstituted", metavar="T", required=True, help="when the first vial was reconstituted")
    _held(made)
    made.add_argument("--start", metavar="T", help="when the infusion began")
    made.add_argument("--end", metavar="T", help="when it ended")
    made.add_argument("--minutes", metavar="N", help="length of the infusion, if not the label's")
    made.add_argument("--diluent", metavar="WORDS", help="what it was diluted in, to check")
    made.add_argument("--stopped", metavar="T", help="a stopped infusion: when it was stopped")
    made.add_argument("--resume", metavar="T", help="when it might go on")
    for name in ("dose-mg", "volume-ml", "rate-ml-h"):
        made.add_argument(f"--{name}", metavar="N", help="of the stopped infusion")
    made.add_argument("--zone", metavar="Z", help="the clinic's time zone, such as America/New_York")
    settings(made, at=False)


def hood(made: ArgumentParser) -> None:
    _bench(made)
    bundle(made)


def _bench(made: ArgumentParser) -> None:
    _beside(made)
    made.add_argument("--fill", choices=["exact", "overfilled"], help="how the bag is filled (default: exact final volume)")
    made.add_argument("--overfill", metavar="ML", help="what the maker put into the bag beyond its nominal volume")
    made.add_argument("--final", metavar="ML", help="syringe path: the final volume that the pharmacist confirmed")
    made.add_argument("--syringe", metavar="ML", help="size of the syringe in hand (default: the smallest that fits)")
    made.add_argument("--graduation", metavar="ML", help="distance of its marks, if not the usual one")
    made.add_argument("--diluent", metavar="WORDS", help="what it is diluted in, to check")
    made.add_argument("--reconstituted", metavar="T", help="when the first vial was reconstituted")
    _held(made)
    made.add_argument("--lot", metavar="L", action="append", help="lot of a vial; once for each vial, with --expires")
    made.add_argument("--expires", metavar="D", action="append", help="its last day, such as 2027-06-30 or 2027-06")


def checks(made: ArgumentParser) -> None:
    steps = ["order-review", "before-compounding", "finished-product", "at-the-chair"]
    made.add_argument("--sign", choices=steps, metavar="STEP", help=f"print the signature of one: {', '.join(steps)}")
    made.add_argument("--by", metavar="PRACTITIONER", help="who signs, as a reference such as Practitioner/ph1")
    made.add_argument("--outcome", choices=["passed", "failed", "interrupted"], help="how it ended")
    made.add_argument("--seen", metavar="ITEM=VALUE", nargs="+", action="extend", help="what was seen, such as dose=1.36")
    hood(made)


def chair(made: ArgumentParser) -> None:
    made.add_argument("--start", metavar="T", help="when the infusion starts or started")
    made.add_argument("--reaction", metavar="GRADE", choices=list("12345"), help="a reaction to it, CTCAE grade")
    made.add_argument("--stopped", metavar="T", help="when the infusion was stopped for it")
    made.add_argument("--volume", metavar="ML", help="what the pump says ran in (default: by rate and time)")
    made.add_argument("--by", metavar="PRACTITIONER", help="who grades it, as a reference such as Practitioner/rn1")
    made.add_argument("--fhir", action="store_true", help="print the reaction as FHIR resources to add to the record")
    hood(made)


def storage(made: ArgumentParser) -> None:
    made.add_argument("--lowest", metavar="C", help="lowest temperature of the vial in °C")
    made.add_argument("--highest", metavar="C", help="highest temperature of the vial in °C")
    made.add_argument("--frozen", action="store_true", help="it was seen frozen")
    settings(made, at=False)


def advice(made: ArgumentParser) -> None:
    made.add_argument("--section", metavar="NAME", help="one section only, such as transplant or handover")
    bundle(made)


def figures(made: ArgumentParser) -> None:
    made.add_argument("term", nargs="*", metavar="TERM", help="one of them, such as vod (default: all)")


def demo(made: ArgumentParser) -> None:
    made.add_argument("story", nargs="*", metavar="STORY", help="which stories (default: three of them)")


def exposure(made: ArgumentParser) -> None:
    made.add_argument("--bsa", required=True, metavar="M2", help="body surface area in m²")
    made.add_argument("--model", choices=["garrett_2019", "wu_2024"], default="garrett_2019", help="published model")
    made.add_argument("--blasts", metavar="PERCENT", help="blasts in blood (default: the model's reference)")
    made.add_argument("--lean", metavar="KG", help="lean body mass, which wu_2024 needs")
    made.add_argument("--age", metavar="YEARS", help="age, which wu_2024 needs")
    made.add_argument("--cycles", type=int, metavar="N", help="how many cycles (default: all the label knows)")
    made.add_argument("--remission", action="store_true", help="later cycles as in CR or CRi")
    made.add_argument("--level", choices=["full", "reduced_25", "two_doses"], default="full", help="dose level throughout")
    made.add_argument("--late", action="append", default=[], metavar="C.D=DAYS", help="a dose given later, such as 1.2=7")
    made.add_argument("--omit", action="append", default=[], metavar="C.D", help="a dose left out, such as 1.3")
    settings(made, at=False)
