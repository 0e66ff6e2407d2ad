"""Other organisations, imitated as processes of their own: nca, ncalayer, twilio, mailbox.

None of them imports a service: what a service may know of another organisation it learns over that organisation's
protocol. ``doubles/README.md`` says what each imitates and what it does not.
"""
