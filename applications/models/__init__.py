from applications.models.application import Application, StatusChange
from applications.models.decision import Decision, DecisionTask, ExamResult
from applications.models.message import ChangeRequest, Message
from applications.models.packet import Packet, Submission
from applications.models.reference import Rating, RatingAnswer, RatingItem, Reference
from applications.models.reminder import ReminderStep, ReminderStepState
from applications.models.review import ReviewAssignment, ReviewMark
from applications.models.rule_change import RuleChange, RuleChangeLine
from applications.models.signature import LegalText, Signature

__all__ = [
    "Application",
    "ChangeRequest",
    "Decision",
    "DecisionTask",
    "ExamResult",
    "LegalText",
    "Message",
    "Packet",
    "Rating",
    "RatingAnswer",
    "RatingItem",
    "Reference",
    "ReminderStep",
    "ReminderStepState",
    "ReviewAssignment",
    "ReviewMark",
    "RuleChange",
    "RuleChangeLine",
    "Signature",
    "StatusChange",
    "Submission",
]
