"""Pure: a log kept in a spreadsheet becomes entries. Table -> columns -> rows and faults -> what is new.

Nothing is guessed silently: what a column means is shown and can be changed, what a value means is read strictly, and
what cannot be read is a fault with its row, its column, its value and the way to mend it.
"""
