from members.models.association import Association, AssociationSettings
from members.models.membership import Membership
from members.models.person import Person
from members.models.staff import StaffRole
from members.models.user import User

__all__ = ["Association", "AssociationSettings", "Membership", "Person", "StaffRole", "User"]
