"""``python -m doubles.ncalayer`` serves the socket, plain and, when it has a port for it, with TLS."""

import asyncio
from typing import Any

import uvicorn

from doubles.clock import real_now
from doubles.ncalayer.app import make_app
from doubles.ncalayer.loopback import Listener, listener
from doubles.ncalayer.settings import NcalayerSettings


def main() -> None:
    """Serve until stopped."""
    asyncio.run(serve(NcalayerSettings()))


async def serve(settings: NcalayerSettings) -> None:
    """Both listeners show the same application, and so the same person at the keyboard."""
    app = make_app(settings.nca_url, settings.ncalayer_handle)
    common: dict[str, Any] = {
        "host": settings.host,
        "ws": "websockets-sansio",
        "log_level": "warning",
        "access_log": False,
    }
    servers = [uvicorn.Server(uvicorn.Config(app, port=settings.port, **common))]
    if settings.ncalayer_wss_port is not None:
        files = _listener(settings)
        secure: dict[str, Any] = {"ssl_certfile": files.certificate, "ssl_keyfile": files.key, "lifespan": "off"}
        servers.append(uvicorn.Server(uvicorn.Config(app, port=settings.ncalayer_wss_port, **common, **secure)))
    await asyncio.gather(*(server.serve() for server in servers))


def _listener(settings: NcalayerSettings) -> Listener:
    if settings.ncalayer_certificate is not None and settings.ncalayer_key is not None:
        return Listener(settings.ncalayer_certificate, settings.ncalayer_key)
    return listener(settings.run_dir / "ncalayer", real_now())


if __name__ == "__main__":
    main()
