"""What a person may set for the story."""

from deploy.local.settings import LocalSettings


class DemoSettings(LocalSettings):
    """Environment of ``python -m demo`` (prefix ZHOLDAMA_): PORT_BASE and INSTANCE as for every instance."""

    instance: str = "demo"
    """The story has an instance of its own, begun anew each time."""
