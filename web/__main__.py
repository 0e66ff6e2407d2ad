"""``python -m web`` serves the cabinet."""

import uvicorn

from services.chassis.telemetry import configure_logs, configure_traces
from web.app import make_app
from web.settings import WebSettings


def main() -> None:
    """Serve until stopped."""
    settings = WebSettings()
    configure_logs("web", settings.log_level)
    configure_traces("web")
    uvicorn.run(
        make_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        proxy_headers=False,
    )


if __name__ == "__main__":
    main()
