"""Invented people for the demo and for benchmarks: deterministic, in every state of the process."""
