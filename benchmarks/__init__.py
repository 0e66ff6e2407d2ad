"""One file a benchmark: it runs its yardstick beside it and prints a ratio, because a figure alone says more of the machine."""
