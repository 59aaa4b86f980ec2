"""The knowledge as pages and lists: rules, facts, sources, conflicts, differences of the editions."""
