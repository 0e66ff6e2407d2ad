"""web: the cabinet that a parent opens in a browser.

Owns: nothing but its session cookie. Everything shown is asked of the services with the parent's own token.
Asks: auth (who am I, names, keys), queue (journal, card), vacancy (places, hold), referral (choice, documents).
Says: pages in Kazakh, Russian and English.
Never: decides; keeps a name, an IIN or a signed document; runs a script that is not served from here.
"""
