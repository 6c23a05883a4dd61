"""Audit: what happened, for investigators. Append-only and hash-chained; personal text in an erasable side table.

Owns: AuditEvent, AuditSeal, AuditText, record(), the sealer and the verifier.
May import: Django and the standard library.
Refuses to know: what the events mean. No feature decides by them.
"""
