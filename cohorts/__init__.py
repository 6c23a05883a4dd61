"""Cohorts: the quarter, its dates, who is enrolled, what they say to one another.

Owns: Cohort, Milestone, Enrolment, discussion threads and posts, reports and moderation.
May import: members, the ground.
Refuses to know: competencies (an intended category is a code), endorsements, applications.
"""
