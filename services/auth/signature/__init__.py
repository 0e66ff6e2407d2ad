"""The judgement of a national electronic signature: strict XML shape, pinned chain, revocation, and the verdict over all.

This is the one part of auth that is neither pure domain nor plumbing: it needs cryptographic libraries, and it needs no
database and no clock. The road to the certification authority is handed in (`domain.revocation.RevocationSource`).
"""
