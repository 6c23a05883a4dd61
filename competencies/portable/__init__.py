"""`endorsement-portfolio/1`: a portfolio as JSON that any installation reads. Its keys are mapped here alone."""

from competencies.portable.faults import PortableFault
from competencies.portable.format import FORMAT, PORTABLE_KEYS, Member
from competencies.portable.reading import from_portable
from competencies.portable.writing import as_portable

__all__ = ["FORMAT", "PORTABLE_KEYS", "Member", "PortableFault", "as_portable", "from_portable"]
