from credentials.models.endorsement import Certificate, Endorsement, EndorsementEvent

__all__ = ["Certificate", "Endorsement", "EndorsementEvent"]
