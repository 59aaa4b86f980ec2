"""FHIR R4 in: one patient's bundle becomes a Record. Decides nothing; reads no file and no clock."""

from posology.fhir.bundle import load_bundle
from posology.fhir.document import MAX_BYTES, parse
from posology.fhir.refusal import BadBundle

__all__ = ["MAX_BYTES", "BadBundle", "load_bundle", "parse"]
