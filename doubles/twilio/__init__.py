"""Twilio for tests: takes messages as its REST interface does and shows them as a phone's screen would."""
