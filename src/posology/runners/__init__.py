"""Databases that run what columns/ wrote. Each is imported only when it is used; none decides anything itself."""
