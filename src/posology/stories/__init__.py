"""Seeded, plausible courses told in a few lines of TOML, written as FHIR bundles. Invents patients; decides nothing."""

from posology.stories.chance import random_bundle
from posology.stories.script import BadTale
from posology.stories.tales import Expect, Tale, bundle, names, tale, write
from posology.stories.writing import as_text

__all__ = ["BadTale", "Expect", "Tale", "as_text", "bundle", "names", "random_bundle", "tale", "write"]
