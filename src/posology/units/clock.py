"""Seconds, minutes and hours as plain whole numbers."""

from __future__ import annotations

SECONDS_PER_HOUR = 3600
