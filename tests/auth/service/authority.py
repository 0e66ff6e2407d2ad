"""The test authority behind a real HTTP door on this machine, which can be shut."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from doubles.nca.authority import TestAuthority


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class AuthorityServer:
    """OCSP and lists over HTTP. `cut` shuts the OCSP door; `agents` keeps who has asked."""

    def __init__(self, authority: TestAuthority) -> None:
        self.cut = False
        self.agents: list[str] = []
        server = self

        class Doors(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                server.agents.append(self.headers.get("User-Agent", ""))
                request = self.rfile.read(int(self.headers["Content-Length"]))
                self._say(503, b"") if server.cut else self._say(200, authority.ocsp(request))

            def do_GET(self) -> None:
                self._say(200, authority.delta_crl() if "_d_" in self.path else authority.crl())

            def _say(self, status: int, content: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Doors)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
