"""`python -m services.queue` serves; with a command it does that and ends."""

from services.chassis.command import command_line
from services.queue.app import business_now, compose, frame, open_office
from services.queue.cli import commands

if __name__ == "__main__":
    command_line(frame, compose, commands(open_office, business_now))()
