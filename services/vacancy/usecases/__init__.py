"""What vacancy can be asked: entering places, publishing them, showing and choosing them, hearing how a choice ended."""
