"""The decisions about places: pure, standard library only.

`organisation` is a preschool's card; `place` is one place and the hold inside it; `ledger` is what a stream promises and
owes; `candidate` is what a child may choose, as the queue has told it; `winning` and `withdrawal` are the stories of a place
that touch a second document.
"""
