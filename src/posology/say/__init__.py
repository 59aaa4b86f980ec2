"""In words, JSON, PDF, iCalendar: one answer, several ways to say it."""
