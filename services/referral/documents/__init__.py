"""What the referral service draws up: the choice a parent signs, the referral as PDF and XML, the authority's seal.

Nothing here reads a clock, a database or the network (a time-stamp authority is asked by the seal only if one is set).
"""
