from apps.sequences.models.configuration import Sequence, Step
from apps.sequences.models.running import Enrollment, StepRun

__all__ = ["Enrollment", "Sequence", "Step", "StepRun"]
