"""The rules of telling: what a message is, to whom it goes, what a provider's answer makes of it, when it is tried again."""
