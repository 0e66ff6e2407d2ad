"""``python -m doubles.nca`` serves; ``python -m doubles.nca prepare`` only lays the material down and ends."""

import sys

import uvicorn

from doubles.nca.api import make_app
from doubles.nca.material import open_authority
from doubles.nca.settings import NcaSettings


def main(arguments: list[str]) -> int:
    """Serve, or prepare; the status tells whether it worked."""
    settings = NcaSettings()
    authority = open_authority(settings)
    if arguments == ["prepare"]:
        return 0
    uvicorn.run(
        make_app(authority),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
