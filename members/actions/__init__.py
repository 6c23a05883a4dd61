"""What members, coordinators and operators do about people, memberships and roles."""
