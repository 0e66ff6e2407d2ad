"""``python -m services.notify`` serves; commands for operators stand beside it."""

from services.chassis.command import command_line
from services.chassis.service import Frame
from services.notify.app import compose
from services.notify.settings import NotifySettings


def create_frame() -> Frame:
    """The frame of a process: settings come from its environment."""
    return Frame("notify", NotifySettings())


if __name__ == "__main__":
    command_line(create_frame, compose)()
