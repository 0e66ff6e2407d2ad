"""The waiting list: what number is this child, and why; whose turn is it.

Owns: applications with their history, streams with turns, tokens and invitations, decision log, outages, counters, reads.
Hears: vacancy.publication, vacancy.place, vacancy.hold, referral.referral, notify.message, auth.guardianship, itself.
Says: queue.application, queue.stream, queue.appeal, queue.access.
Never: stores a rank, knows a name or an IIN, gives a place, lets anybody else keep the clock of an invitation.
"""
