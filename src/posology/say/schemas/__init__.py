"""The JSON Schema of every --json, and the check of a document against one."""
