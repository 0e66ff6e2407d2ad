"""НУЦ РК for tests: certificates, OCSP, CRL and delta CRL, time stamps, and a desk that issues keys to invented people."""
