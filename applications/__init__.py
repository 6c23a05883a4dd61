"""Applications: the journey. Someone, in a quarter, asks for a category, on the strength of a portfolio.

Owns: Application, references and ratings, submission, packets, review, decision; home, gap report, cohort page.
May import: credentials, competencies, cohorts, members, the ground.
Refuses to know: coordination, the desk above it.
"""
