"""Who is this, is this signature good, who may act for this child, who looked.

Owns: persons (the vault), accounts, guardianships, challenges, sessions, roles, signatures with sealed evidence, the access log.
Hears: the access topics of all five services, queue.application (number and child).
Says: auth.guardianship, auth.account, auth.access.
Never: lets an IIN or a name out but to the person, the guardians and a referral being made; decides about queue or places.
"""
