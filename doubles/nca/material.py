"""Lays an authority's material down in the folder of the running instance, for those who pin or use it."""

import secrets
from pathlib import Path

from doubles.clock import BusinessClock
from doubles.nca.authority import TestAuthority
from doubles.nca.settings import NcaSettings


def open_authority(settings: NcaSettings) -> TestAuthority:
    """The authority of this instance: made at the first call, read from its folder ever after.

    Writes ``nca/anchors/{root,issuing}.pem`` and ``nca/authority/department.{p12,password}``.
    """
    folder = settings.run_dir / "nca"
    authority = TestAuthority(
        folder, BusinessClock(settings.clock_file).now, settings.base_url, generation=settings.nca_generation
    )
    authority.write_anchors(folder / "anchors")
    _write_department(authority, folder / "authority")
    return authority


def _write_department(authority: TestAuthority, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    store = folder / "department.p12"
    if store.exists():
        return
    password = secrets.token_urlsafe(18)
    for path, content in (
        (folder / "department.password", password.encode()),
        (store, authority.city_department().pkcs12(password, [authority.issuing.cert, authority.root.cert])),
    ):
        path.touch(0o600)
        path.write_bytes(content)
