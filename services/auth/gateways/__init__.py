"""The roads to other organisations: the certification authority, the register of families."""

from services.auth.gateways.authority import OCSP_LIMIT, AuthorityRoad
from services.auth.gateways.register import FileRegister, HttpRegister, family_register

__all__ = ["OCSP_LIMIT", "AuthorityRoad", "FileRegister", "HttpRegister", "family_register"]
