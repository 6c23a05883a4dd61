"""Credentials: what was awarded, and keeping it alive.

Owns: Endorsement, its dated events, certificates, the registry, public verification.
May import: cohorts, competencies, members, the ground.
Refuses to know: applications; an award names its decision by UUID only.
"""
