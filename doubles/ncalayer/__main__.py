"""``python -m doubles.ncalayer`` serves the socket."""

import uvicorn

from doubles.ncalayer.app import make_app
from doubles.ncalayer.settings import NcalayerSettings


def main() -> None:
    """Serve until stopped."""
    settings = NcalayerSettings()
    uvicorn.run(
        make_app(settings.nca_url),
        host=settings.host,
        port=settings.port,
        ssl_certfile=settings.ncalayer_certificate,
        ssl_keyfile=settings.ncalayer_key,
        ws="websockets-sansio",
        log_level="warning",
        access_log=False,
    )


if __name__ == "__main__":
    main()
