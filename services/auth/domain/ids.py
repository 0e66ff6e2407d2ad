"""Names of the ids auth gives out. All are random or derived UUIDs in text form; none tells who a person is."""

from typing import NewType

PersonId = NewType("PersonId", str)
"""A person: parent, clerk or child. A child is a person too, so a ChildId is a PersonId seen from the queue."""
ChildId = NewType("ChildId", str)
ChallengeId = NewType("ChallengeId", str)
SessionId = NewType("SessionId", str)
SignatureId = NewType("SignatureId", str)
OrganisationId = NewType("OrganisationId", str)
ReadId = NewType("ReadId", str)
JoinRequestId = NewType("JoinRequestId", str)
ConfirmationId = NewType("ConfirmationId", str)
