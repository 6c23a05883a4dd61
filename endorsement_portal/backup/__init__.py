"""The whole site in one folder, and back: every table as JSON lines, every stored file by its hash, one manifest.

    DIR/manifest.json         format, instant, migrations, rows and SHA-256 of each table, size of each file
    DIR/tables/<table>.jsonl  one row each line, by primary key; the same bytes from SQLite and from PostgreSQL
    DIR/files/<sha256>        the stored files; equal ones once

Left out: sign-in sessions and caches. Everyone signs in again. The secret key is not in it either: keep it elsewhere,
for without it private links that are out and texts signed with it are void.
"""
