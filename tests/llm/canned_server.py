"""A server on this machine that answers everything in one way and remembers what it was sent."""

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep


@contextmanager
def serve(content: bytes, status: int = 200, pause: float = 0.0, **headers: str):
    """Its address, and the headers of each request, names in small letters; `pause` are seconds before each byte."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            seen.append({name.lower(): value for name, value in self.headers.items()})
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(status)
            for name, value in {"content_length": str(len(content)), **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            try:
                for at in range(0, len(content), 1 if pause else max(1, len(content))):
                    sleep(pause)
                    self.wfile.write(content[at : at + 1] if pause else content)
                    self.wfile.flush()
            except OSError:
                self.close_connection = True

        def log_message(self, *_):
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", seen
        finally:
            server.shutdown()
            thread.join()
