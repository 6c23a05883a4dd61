"""How often the fuzzed tests try: five hundred times in `make test-deep`, fewer in every run."""

import hypothesis

FUZZ_EXAMPLES = min(500, hypothesis.settings.default.max_examples)
