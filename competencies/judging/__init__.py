"""Pure: one module for each noun of the rules that a portfolio answers."""
