"""`python -m services.vacancy` serves; with a command it does that and ends."""

from services.chassis.command import command_line
from services.vacancy.app import compose, frame, open_office
from services.vacancy.cli import commands

if __name__ == "__main__":
    command_line(frame, compose, commands(open_office))()
