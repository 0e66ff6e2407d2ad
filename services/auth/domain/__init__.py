"""What auth decides, without a clock, a network or a database: identity numbers, challenges, sessions, guardianship, verdicts."""
