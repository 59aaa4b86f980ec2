"""Seconds, minutes, hours and days as plain whole numbers."""

from __future__ import annotations

SECONDS_PER_HOUR = 3600
MINUTES_PER_HOUR = 60
HOURS_PER_DAY = 24
