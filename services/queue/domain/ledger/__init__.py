"""The decision log of a stream and what follows from it: pure, standard library only.

`decisions` are the rows and their replay; `causes` explain a number between two moments, `forecast` looks ahead from the
stream's own past; `merkle` and `days` make the log provable; `anonymity` decides what of it may be shown to everybody.
"""
