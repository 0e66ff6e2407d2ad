"""`python -m deploy.local.ungrouped COMMAND...`: become a command that leads no process group.

The supervisor makes every process the leader of a group, and a leader cannot open a session of its own, which
Postfix insists on. In its parent's group it can.
"""

import os
import sys

if __name__ == "__main__":
    os.setpgid(0, os.getpgid(os.getppid()))
    os.execvp(sys.argv[1], sys.argv[1:])
