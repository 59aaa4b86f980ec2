"""An order and what follows from it in words and JSON: checks, preparation, chair, certificate."""
