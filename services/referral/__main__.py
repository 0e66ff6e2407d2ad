"""``python -m services.referral`` serves; commands for operators stand beside it."""

from services.chassis.command import command_line
from services.referral.app import compose, frame

if __name__ == "__main__":
    command_line(frame, compose)()
