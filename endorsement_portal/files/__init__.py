"""Files: private storage, intake and download.

Owns: StoredFile, intake (type by content, limits, cleaning in a limited child), downloads, the sweep.
May import: Django, pikepdf, Pillow, the ground.
Refuses to know: whose file it is; owners point at it and their views ask the rules.
"""
