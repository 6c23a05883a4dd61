"""Members: people with standing. Persons, associations (AIMHs), memberships, staff roles.

Owns: User, Person, Association, AssociationSettings, Membership, StaffRole; who a person is and where they belong.
May import: the ground.
Refuses to know: portfolios, cohorts, endorsements, applications.
"""
