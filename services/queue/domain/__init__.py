"""The decisions of the waiting list: pure, standard library only.

`application` is one child waiting (`filing` enters and leaves it, `hearing` is what it is told); `stream` is those who
compete for the same places (`invitations` are its turns, `holds` what it hears of choices); `order` gives the number.
"""
