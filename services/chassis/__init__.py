"""Plumbing without a business word. A line belongs here only if a sixth service about something else needs it unchanged."""
