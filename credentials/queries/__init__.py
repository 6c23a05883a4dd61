from credentials.queries.endorsements import Held, facts_of, held, held_rows, renewal_terms

__all__ = ["Held", "facts_of", "held", "held_rows", "renewal_terms"]
