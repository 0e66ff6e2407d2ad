"""``python -m doubles.twilio`` serves."""

import uvicorn

from doubles.clock import BusinessClock
from doubles.twilio.account import Account
from doubles.twilio.api import make_app
from doubles.twilio.settings import TwilioSettings


def main() -> None:
    """Serve until stopped; messages live as long as the process."""
    settings = TwilioSettings()
    account = Account(BusinessClock(settings.clock_file).now)
    app = make_app(account, settings.twilio_account_sid, settings.twilio_auth_token.get_secret_value())
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
