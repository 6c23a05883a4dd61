from competencies.models.attestation import SignOff, SignOffLine, SignOffRequest
from competencies.models.exports import Export
from competencies.models.library import Course, CourseVersion
from competencies.models.log_import import LogImport, RememberedColumns
from competencies.models.portfolio import Education, Evidence, ProfessionalLicense, Supervision, Training, Work
from competencies.models.providers import Standing
from competencies.models.reference_data import FeeItem, FeeTable, RenewalModel
from competencies.models.roster import Roster, WaitingAttendance
from competencies.models.standards import (
    Area,
    Category,
    CategoryCompetency,
    Competency,
    Edition,
    License,
    Overlay,
    Requirement,
)
from competencies.models.standing_changes import StandingChange

__all__ = [
    "Area",
    "Category",
    "CategoryCompetency",
    "Competency",
    "Course",
    "CourseVersion",
    "Edition",
    "Education",
    "Evidence",
    "Export",
    "FeeItem",
    "FeeTable",
    "License",
    "LogImport",
    "Overlay",
    "ProfessionalLicense",
    "RememberedColumns",
    "RenewalModel",
    "Requirement",
    "Roster",
    "SignOff",
    "SignOffLine",
    "SignOffRequest",
    "Standing",
    "StandingChange",
    "Supervision",
    "Training",
    "WaitingAttendance",
    "Work",
]
