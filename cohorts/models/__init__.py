from cohorts.models.cohort import Cohort, Enrolment, Milestone
from cohorts.models.discussion import Post, PostReport, PostRevision, Thread

__all__ = ["Cohort", "Enrolment", "Milestone", "Post", "PostReport", "PostRevision", "Thread"]
