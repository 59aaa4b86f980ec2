"""The one error of reading: the whole bundle is refused, in one line that holds no patient data beyond ids."""


class BadBundle(ValueError):
    """The bundle cannot be read as one patient's record. The message says what, where, and what to do."""

    def __init__(self, what: str, where: str, do: str) -> None:
        super().__init__(f"{what} ({where}): {do}")


def shown(text: object) -> str:
    """An identifier fit for a message: printable ASCII, one line, short; anything else is escaped."""
    if type(text) is not str:
        return "?"
    clean = text.isascii() and text.isprintable()
    return text[:100] if clean else ascii(text[:100])[1:-1]
