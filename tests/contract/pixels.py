"""PNG pictures of pages as rows of grey values, by the standard library alone: is anything where nothing may be?"""

from __future__ import annotations

import struct
import zlib

WHITE = 255


def grey(png: bytes) -> list[bytes]:
    """The first channel of each pixel, row by row. For pictures of 8 bits a channel that are not interlaced."""
    position, packed, width, channels = 8, b"", 0, 0
    while position < len(png):
        length, kind = struct.unpack(">I4s", png[position : position + 8])
        body = png[position + 8 : position + 8 + length]
        if kind == b"IHDR":
            width, _, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", body)
            assert (depth, interlaced) == (8, 0)
            channels = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
        packed += body if kind == b"IDAT" else b""
        position += length + 12
    return [row[::channels] for row in _rows(zlib.decompress(packed), width * channels, channels)]


def _rows(raw: bytes, size: int, step: int) -> list[bytes]:
    """Undo the filter of each row."""
    rows, above = [], bytes(size)
    for start in range(0, len(raw), size + 1):
        kind, row = raw[start], bytearray(raw[start + 1 : start + 1 + size])
        for at in range(size):
            left, up, corner = (row[at - step], above[at], above[at - step]) if at >= step else (0, above[at], 0)
            row[at] = (row[at] + (0, left, up, (left + up) // 2, _nearest(left, up, corner))[kind]) % 256
        above = bytes(row)
        rows.append(above)
    return rows


def _nearest(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))


def inked_margin(png: bytes, share: float = 0.05) -> bool:
    """Is there ink in the outer `share` of the page at its left or right, or in half of that at its top or bottom?"""
    rows = grey(png)
    side, end = int(len(rows[0]) * share), int(len(rows) * share / 2)
    strips = [row[:side] + row[-side:] for row in rows] + rows[:end] + rows[-end:]
    return any(set(strip) - {WHITE} for strip in strips)
