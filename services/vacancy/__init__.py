"""Places: which are free for this child, and may this child have this one.

Owns: organisations, places with the hold inside, ledgers of promises with their publications, candidates, reads.
Hears: auth.guardianship, queue.application, queue.stream, referral.choice, referral.referral.
Says: vacancy.organisation, vacancy.place, vacancy.hold, vacancy.publication, vacancy.access.
Never: gives a place twice, releases a signed one, knows a queue's order, a name or an IIN, keeps the clock of an invitation.
"""
