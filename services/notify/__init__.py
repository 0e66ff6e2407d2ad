"""
Owns: messages with their deliveries by person and channel (never an address), guardianships as heard, reads.
Hears: queue.stream, queue.application, queue.appeal, referral.referral (issued, returned), auth.guardianship, auth.account.
Says: notify.message (handed_over, failed), notify.access (record_read).
Never: stores or logs an address or a code, names a child, an IIN or a diagnosis in a message, decides about a place.
"""
