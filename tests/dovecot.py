"""A real IMAP server for the tests of incoming e-mail: Dovecot, started for the test run.

REQUIRE_DOVECOT=1 turns a missing Dovecot into a failure; otherwise its tests are skipped loudly.
Every test has a mailbox of its own. `Proxy` stands between: it cuts the line or holds it.
"""

import contextlib
import getpass
import grp
import imaplib
import os
import pwd
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

REASON = "no Dovecot on this machine"
PASSWORD = "secret"
PLACES = ("/usr/sbin/dovecot", "/usr/local/sbin/dovecot", "/opt/homebrew/sbin/dovecot")
CONFIG = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
disable_plaintext_auth = no
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
mail_location = maildir:{home}/mail/%u
mail_fsync = never
auth_failure_delay = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""
_numbers = count(1)


def program() -> str | None:
    """Path of a Dovecot on this machine."""
    known = (path for path in PLACES if Path(path).exists())
    return shutil.which("dovecot") or next(known, None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip the tests that need it where it is not."""
    if program() is not None or os.environ.get("REQUIRE_DOVECOT") == "1":
        return
    for item in items:
        if "mail_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.skip(reason=REASON))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say loudly what was not run."""
    if hasattr(config, "workerinput") or program() is not None:
        return
    skipped = terminalreporter.stats.get("skipped", [])
    names = [report.nodeid for report in skipped if REASON in str(report.longrepr)]
    if not names:
        return
    terminalreporter.section("NO DOVECOT: TESTS OF INCOMING E-MAIL WERE NOT RUN", sep="!", red=True)
    terminalreporter.line("Install it (Debian: apt install dovecot-imapd).")
    for name in names:
        terminalreporter.line(f"  not run: {name}")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def sign_for(home: Path, address: str = "127.0.0.1") -> Path:
    """A certificate that vouches for itself, `cert.pem` with `key.pem` beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
    root = x509.BasicConstraints(ca=True, path_length=None)
    signed = made.add_extension(names, critical=False).add_extension(root, critical=True)
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    path = home / "cert.pem"
    path.write_bytes(signed.sign(key, hashes.SHA256()).public_bytes(pem))
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    (home / "key.pem").write_bytes(secret)
    return path


class Server(NamedTuple):
    """Where it listens, and the certificate that it shows."""

    port: int
    tls_port: int
    certificate: Path


@pytest.fixture(scope="session")
def mail_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server; one per worker."""
    path = program()
    if path is None:
        pytest.fail("REQUIRE_DOVECOT=1 and no Dovecot on this machine.")
    # Paths of sockets are short, those of pytest are not.
    home = Path("/tmp") / f"dovecot-{os.getpid()}"
    shutil.rmtree(home, ignore_errors=True)
    (home / "mail").mkdir(parents=True)
    made, log = Server(free_port(), free_port(), sign_for(home)), tmp_path_factory.mktemp("dovecot")
    values = {"home": home, "password": PASSWORD, **made._asdict(), **users()}
    (home / "conf").write_text(CONFIG.format(**values))
    if os.geteuid() == 0:
        shutil.chown(home / "mail", users()["internal"])
    with (log / "out").open("wb") as out:
        server = subprocess.Popen([path, "-F", "-c", home / "conf"], stdout=out, stderr=out)
        try:
            wait_for(made.port, server)
            yield made
        finally:
            server.terminate()
            server.wait(20)
            shutil.rmtree(home, ignore_errors=True)


def users() -> dict[str, Any]:
    """As root the users of the package serve, else whoever runs the tests."""
    name = "dovecot" if os.geteuid() == 0 else getpass.getuser()
    entry = pwd.getpwnam(name)
    login = "dovenull" if os.geteuid() == 0 else name
    group = grp.getgrgid(entry.pw_gid).gr_name
    return {
        "internal": name, "login": login, "group": group,
        "uid": entry.pw_uid, "gid": entry.pw_gid,
    }  # fmt: skip


def wait_for(port: int, server: subprocess.Popen) -> None:
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        assert server.poll() is None, "Dovecot did not start"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    pytest.fail("Dovecot does not answer.")


class Mailbox:
    """A mailbox with its owner's eyes: letters are laid into it as a mail server does."""

    def __init__(self, server: Server) -> None:
        self.server, self.port = server, server.port
        self.user = f"box{os.getpid()}x{next(_numbers)}"
        self.imap = imaplib.IMAP4("127.0.0.1", server.port)
        self.imap.login(self.user, PASSWORD)

    def put(self, *messages: bytes, folder: str = "INBOX", at: str | None = None) -> None:
        for message in messages:
            when = at or imaplib.Time2Internaldate(time.time())
            status, answer = self.imap.append(folder, "", when, message)
            assert status == "OK", answer

    def create(self, folder: str) -> None:
        assert self.imap.create(folder)[0] == "OK"

    def renew(self, folder: str, *messages: bytes) -> None:
        """The folder made anew with these letters: another UIDVALIDITY, the same UIDs."""
        assert self.imap.delete(folder)[0] == "OK"
        time.sleep(1.1)  # Dovecot takes the second for the UIDVALIDITY
        self.create(folder)
        self.put(*messages, folder=folder)

    def unread(self) -> int:
        answer = self.imap.status("INBOX", "(UNSEEN)")[1][0]
        return int(re.search(rb"UNSEEN (\d+)", answer)[1])

    def close(self) -> None:
        self.imap.logout()


@pytest.fixture
def mailbox(mail_server: Server, settings: Any) -> Iterator[Mailbox]:
    """An empty mailbox that the settings name."""
    box = Mailbox(mail_server)
    settings.MAIL_IMAP_HOST, settings.MAIL_IMAP_PORT = "127.0.0.1", mail_server.port
    settings.MAIL_IMAP_USER, settings.MAIL_IMAP_PASSWORD = box.user, PASSWORD
    settings.MAIL_IMAP_SSL = False
    yield box
    box.close()


class Proxy:
    """Between reader and server: cuts or holds the line before the n-th fetch of a whole letter."""

    def __init__(self, port: int, *, at: int, hold: bool = False) -> None:
        self.server_port, self.at, self.hold = port, at, hold
        self.reached, self.go_on, self.fetches = threading.Event(), threading.Event(), 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _address = self.listener.accept()
                far = socket.create_connection(("127.0.0.1", self.server_port))
                threading.Thread(target=self.pump, args=(far, near), daemon=True).start()
                threading.Thread(target=self.ask, args=(near, far), daemon=True).start()

    def ask(self, near: socket.socket, far: socket.socket) -> None:
        with contextlib.suppress(OSError), near, far:
            while asked := near.recv(65536):
                if b"BODY.PEEK[]" in asked:
                    self.fetches += 1
                    if self.fetches == self.at:
                        self.reached.set()
                        if not self.hold:
                            far.shutdown(socket.SHUT_RDWR)
                            near.shutdown(socket.SHUT_RDWR)
                            return
                        self.go_on.wait(60)
                far.sendall(asked)

    def pump(self, far: socket.socket, near: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while answered := far.recv(65536):
                near.sendall(answered)
            near.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.go_on.set()
        self.listener.close()
