"""Shapes of what coordinators type."""
