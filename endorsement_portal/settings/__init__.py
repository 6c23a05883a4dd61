"""Settings by purpose: base, development (the embedded default), test, production."""
