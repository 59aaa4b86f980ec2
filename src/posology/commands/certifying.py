"""The certificate of one answer, and its check: derived again from its own facts, offline."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from posology.commands.opened import bundle_of, drawn_from
from posology.commands.ordering import held
from posology.commands.pharmacy import person
from posology.commands.settings import Refused, Settings, Settle, Text, read


def certificate(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.say.ordering import certified as saying

    settings = settle_(arguments)
    made = certified(arguments, settings, person(arguments.by) if arguments.by else None)
    sealed = saying.document(made, settings.edition)
    text = saying.written(sealed) if arguments.json else saying.words(made, sealed, colour)
    return text, made.verdict == "ask"


def certified(arguments: Namespace, settings: Settings, by: str | None, bundle: Any = None) -> Any:
    """The certificate of what the bundle supports. Raises Refused."""
    from posology.fhir.digest import digest
    from posology.verify.certificate import certificate as made

    bundle = bundle_of(arguments) if bundle is None else bundle
    drawn, record, _ = drawn_from(arguments, settings, bundle)
    return made(drawn, record, digest(bundle), by)


def verify(arguments: Namespace, settle_: Settle, colour: bool) -> tuple[str, bool | str]:
    """Written orders against the record, or a certificate against its own facts."""
    if arguments.bundle is not None and arguments.also is not None:
        raise Refused("verify: name the bundle once, as BUNDLE or with --bundle")
    arguments.bundle = arguments.bundle or arguments.also
    if arguments.bundle is None and arguments.beside:
        raise Refused("verify: --with is read with a bundle; name it")
    if arguments.certificate is not None:
        return check(arguments, settle_, colour)
    if arguments.bundle is None:
        raise Refused("verify: name a BUNDLE with the order, or --certificate FILE")
    return held(arguments, settle_, colour)


def check(arguments: Namespace, settle_: Settle, colour: bool) -> tuple[str, bool | str]:
    """`verify --certificate FILE`: identical, or what differs line by line."""
    from posology.say.ordering import certified as saying
    from posology.say.ordering import certified_read as reading
    from posology.verify.certificate import derived_again

    try:
        said = reading.document(read(arguments.certificate))
        settings = _as_then(arguments, said, settle_)
        given = reading.inputs(said, settings.edition)
        assert settings.zone
        derived = saying.document(derived_again(given, settings.edition, settings.zone), settings.edition)
        differ = reading.differences(said, {**derived, "orders": said["orders"]})
    except reading.BadCertificate as error:
        raise Refused(f"{arguments.certificate}: {error}") from None
    except (ValueError, ArithmeticError) as error:  # a table or a formula that the facts do not fit
        raise Refused(f"{arguments.certificate}: facts that cannot be: {error}") from None
    if arguments.bundle is not None:
        fresh = saying.document(certified(arguments, settings, said["by"]), settings.edition)
        differ = list(dict.fromkeys([*differ, *reading.differences(said, fresh)]))
        derived = fresh
    seen = saying.checked(said, derived, differ, ["certificate", *(["bundle"] if arguments.bundle is not None else [])])
    text = saying.written(seen) if arguments.json else saying.check_words(said, seen, colour)
    return text, "stopped" if differ else False


def _as_then(arguments: Namespace, said: dict[str, Any], settle_: Settle) -> Settings:
    """Edition, zone and moment of the certificate; the site's policy is this site's."""
    for name in ("edition", "zone", "at"):
        given = getattr(arguments, name)
        if given not in (None, said[name]):
            raise Refused(f"--{name} {given}: the certificate says {said[name]}; leave the flag out")
    return settle_(Namespace(**{**vars(arguments), **{name: said[name] for name in ("edition", "zone", "at")}}))
