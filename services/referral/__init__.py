"""referral: the life of a choice and of the referral that follows it.

Owns:  choices, signed submissions and documents (sealed), referrals and their numbers, guardians and applications as heard.
Hears: vacancy.hold (held, taken), vacancy.organisation, queue.application, auth.guardianship.
Says:  referral.choice (signed, declined, rejected, expired), referral.referral and .bulletin (issued, returned), .access.
Never: judges a signature itself, decides who may have a place, keeps a name or an IIN unsealed.
"""
