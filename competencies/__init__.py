"""Competencies: the standard, and each member's portfolio measured against it.

Owns: editions and their rules, competencies, the portfolio, the training library, providers' standings, RSC sign-off,
the assessment.
May import: members, the ground.
Refuses to know: cohorts, endorsements, applications. Kinds that need facts from above are evaluated above.
"""
