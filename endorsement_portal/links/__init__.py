"""Links: private links for people without an account (raters, RSC providers).

Owns: PrivateLink, issue(), resolve(), revoke(). Secrets are kept as hashes only.
May import: Django and the standard library.
Refuses to know: what a link opens; callers give a purpose and an object's UUID.
"""
