"""NCALayer for tests: the local program that holds a person's key store and signs what a page asks for."""
