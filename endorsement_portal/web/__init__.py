"""Web: what every page needs: guards, HTMX fragments, components, drafts, error pages, health.

Owns: middleware, decorators, template tags, FormDraft, error views.
May import: Django, libraries, the ground.
Refuses to know: any noun of the credential.
"""
