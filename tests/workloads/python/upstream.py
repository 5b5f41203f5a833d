"""An HTTP server that is slow: of each request for .../sleep it sleeps 50 ms, for .../compute it computes 30 ms. One after the other.

    upstream.py PORT
"""
import http.server
import sys
import time


class Slow(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.endswith("/sleep"):
            time.sleep(0.05)
        elif self.path.endswith("/compute"):
            until = time.thread_time() + 0.03
            while time.thread_time() < until:
                pass
        body = b"x" * 1000
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Slow).serve_forever()
