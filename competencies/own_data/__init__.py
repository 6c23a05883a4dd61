"""A person's own data as one ZIP: what stands in it (`tables`, `paper`), how it is written (`archive`), how opened.

May import: facts and words of this floor, the ground's writer of sheets and its renderer.
Refuses to know: ratings, staff's notes, applications. They have no path into it.
"""
