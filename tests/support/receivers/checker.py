"""Serves an example that defines is_authentic(body, signature, secret).

Run as `python checker.py <module>`; says where it listens on its first line.
"""

from __future__ import annotations

import os
import runpy
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

is_authentic = runpy.run_path(sys.argv[1])["is_authentic"]


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        authentic = is_authentic(body, self.headers.get("X-Webhook-Signature"), os.environ["LOCAI_WEBHOOK_SECRET"])
        self.send_response(200 if authentic else 401)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


server = HTTPServer(("127.0.0.1", 0), Receiver)
sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
sys.stdout.flush()
server.serve_forever()
