"""What notify reaches outside itself: the contacts in auth, the mail server, the SMS provider, and the words it uses."""
