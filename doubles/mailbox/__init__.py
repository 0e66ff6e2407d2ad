"""A real mail server on this machine (postfix) that keeps every letter, and a reader of the mailboxes over HTTP."""
