"""Spreadsheets (CSV and XLSX): read in the limited child as typed text, written by one writer.

Owns: reading a table out of an uploaded file, the reasons a file is not taken, the writer of every file we give out.
May import: `endorsement_portal.files`, the standard library, openpyxl.
Refuses to know: what a column means. Formulas are never read and never written.
"""
