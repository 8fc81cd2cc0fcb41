"""A child for the supervisor's tests: `web` answers, `steady` has a child of its own, `stubborn` stays."""

import http.server
import os
import signal
import subprocess
import sys
import time

kind = sys.argv[1]
if kind == "web":

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/accounts/login/" else 404)
            self.end_headers()

        def log_message(self, *_):
            pass

    http.server.HTTPServer(("127.0.0.1", int(sys.argv[2])), Page).serve_forever()

if kind == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
sys.stdout.write(f"I am {os.getpid()}\n")
sys.stdout.flush()
while True:
    time.sleep(60)
