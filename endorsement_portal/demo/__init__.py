"""Demo: the mail page and one-click sign-in of the embedded installation. Production has neither.

Owns: DemoMail, its mail back end, the sign-in shortcut.
May import: Django and the ground.
Refuses to know: production; the settings that install it are the embedded ones only.
"""
