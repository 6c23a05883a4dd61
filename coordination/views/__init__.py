"""Doorkeepers of the staff's pages, one module for each place of the rail."""
