"""``python -m doubles.mailbox`` serves the reader."""

import uvicorn

from doubles.mailbox.api import make_app
from doubles.mailbox.config import mail_home
from doubles.settings import DoubleSettings


def main() -> None:
    """Serve until stopped."""
    settings = DoubleSettings()
    app = make_app(mail_home(settings.run_dir) / "mailboxes")
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
