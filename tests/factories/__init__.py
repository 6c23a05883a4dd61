"""Invented but plausible rows, one module for each app."""
