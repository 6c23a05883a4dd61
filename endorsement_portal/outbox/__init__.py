"""Outbox: every message that leaves the house is a row first.

Owns: OutgoingMessage, in-app copies, preferences, post() and deliver_due().
May import: Django, premailer, the ground.
Refuses to know: why a message is sent; callers give a template, a context and a unique key.
"""
