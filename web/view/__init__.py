"""How the cabinet shows things: pages, words, dates."""
