"""Configuration of a private postfix: one listener on loopback, every address delivered to a Maildir, nothing relayed."""

import os
import pwd
from pathlib import Path

from doubles.mailbox.letters import MAILDIR

MAIL_OWNER = "postfix"
MAILBOX_OWNER = "nobody"
NAME = "mail.zholdama.test"

REFUSED_TABLE = """/@refused\\.test$/ 550 5.1.1 no such user here
/@later\\.test$/ 451 4.3.0 try again later
"""
"""Two domains whose recipients are never taken, for tests of failure."""

NEAR = "/proc/self/cwd/.."
"""The mail folder as a worker reaches it: its working directory is the queue. Workers are not root and could not enter
by the whole path where a folder on the way is closed to others; the instance's own folder is."""

MAIN = """compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {near}/data
maillog_file = {home}/postfix.log
maillog_file_prefixes = {home}
mail_owner = {mail_owner}
myhostname = {name}
myorigin = {name}
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = check_recipient_access regexp:{near}/etc/refused, permit_mynetworks, reject
smtpd_peername_lookup = no
disable_dns_lookups = yes
smtputf8_enable = yes
default_transport = error:5.7.1 no mail leaves this server
relay_transport = error:5.7.1 no mail leaves this server
local_transport = error:5.7.1 no mail for people of this machine
virtual_mailbox_domains = static:all
virtual_mailbox_base = {near}/mailboxes
virtual_mailbox_maps = static:{maildir}/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_mailbox_limit = 0
mailbox_size_limit = 0
message_size_limit = 10485760
in_flow_delay = 0
smtpd_client_connection_count_limit = 0
"""

MASTER = """127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def mail_home(run_dir: Path) -> Path:
    """The folder of server and mailboxes: ``<run_dir>/mail``."""
    return run_dir.resolve() / "mail"


def write_config(run_dir: Path, port: int) -> Path:
    """Lay everything down that the server needs; returns the folder for ``postfix -c``. KeyError: postfix not installed."""
    home = mail_home(run_dir)
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    mail_owner, mailbox_owner = pwd.getpwnam(MAIL_OWNER), pwd.getpwnam(MAILBOX_OWNER)
    for title in ("etc", "queue", "data", "mailboxes"):
        (home / title).mkdir(exist_ok=True)
    _give(home / "data", mail_owner)
    _give(home / "mailboxes", mailbox_owner)
    words = {"home": home, "near": NEAR, "name": NAME, "maildir": MAILDIR, "mail_owner": MAIL_OWNER}
    files = {
        "main.cf": MAIN.format(**words, uid=mailbox_owner.pw_uid, gid=mailbox_owner.pw_gid),
        "master.cf": MASTER.format(port=port),
        "refused": REFUSED_TABLE,
    }
    for title, content in files.items():
        (home / "etc" / title).write_text(content, "utf-8")
    return home / "etc"


def _give(folder: Path, owner: pwd.struct_passwd) -> None:
    os.chown(folder, owner.pw_uid, owner.pw_gid)
