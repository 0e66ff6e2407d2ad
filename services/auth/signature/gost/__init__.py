"""The national algorithm family GOST 34.310-2015 with 512-bit keys and the hash GOST 34.11-2015 (Streebog).

It is the Russian GOST R 34.10-2012 on the curve id-tc26-gost-3410-12-512-paramSetA (RFC 7836) under the object ids of
Kazakhstan; only the signature's octets stand the other way round. Off unless the operator turns it on: see docs/gost.md.
"""
