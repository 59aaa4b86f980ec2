"""Research view: how much drug the body sees under a published population model. Imported by no decision."""

from posology.exposure.course import CycleExposure, Infusion, exposed
from posology.exposure.model import Covariates, Model, Person, SolverMissing, model, models, person
from posology.exposure.preview import Preview, preview
from posology.exposure.scenario import Scenario, infusions

__all__ = [
    "Covariates",
    "CycleExposure",
    "Infusion",
    "Model",
    "Person",
    "Preview",
    "Scenario",
    "SolverMissing",
    "exposed",
    "infusions",
    "model",
    "models",
    "person",
    "preview",
]
