"""The decisions of a choice and of the referral that follows it: pure, standard library only."""
