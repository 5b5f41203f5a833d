#!/usr/bin/env bash
# What:     the file that ab -g writes for gnuplot has the requests sorted by how long they took. Plotted row by row it is a smooth
#           rising curve for any server.
# Version:  apache2-utils 2.4 (Debian 12).
# Surprise: each row has a start time, and it is called "all measured values"; one expects the order in which they were measured, as
#           other tools' logs have it. Slow first requests, or a pause in the middle, are all at the end of the file.
# Who:      those who look for warm-up, pauses or growth in it: a picture of a server that gets slower and slower.
# Instead:  sort by the column "seconds" (of whole seconds only), or a tool that logs each request.
# Exit:     0 still so, 1 behaves otherwise now, 2 the version is not to be had. Needs python3.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
server=
trap '[[ -z $server ]] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

found=$(dpkg-query -W -f='${Version}' apache2-utils 2>/dev/null || true)
if [[ $found != 2.4.* ]]; then
    apt-get -qq install -y --no-install-recommends apache2-utils >&2 || exit 2
    found=$(dpkg-query -W -f='${Version}' apache2-utils)
fi
echo "version: apache2-utils $found"
[[ $found == 2.4.* ]] || exit 2

# The first five answers take 1.1 s together, the others next to nothing.
cat > serve.py <<'PYTHON'
import http.server, time

class Answer(http.server.BaseHTTPRequestHandler):
    count = 0

    def do_GET(self):
        Answer.count += 1
        time.sleep(0.22 if Answer.count <= 5 else 0)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
print(server.server_port, file=open("port.new", "w"), flush=True)
__import__("os").rename("port.new", "port")
server.serve_forever()
PYTHON
python3 serve.py &
server=$!
while [[ ! -e port ]]; do sleep 0.05; done
ab -q -n 20 -c 1 -g rows.tsv "http://127.0.0.1:$(cat port)/" > ab.txt 2>&1 || { cat ab.txt >&2; exit 1; }

# Columns: starttime, seconds, ctime, dtime, ttime, wait.
awk -F'\t' 'NR > 1 { print $5 }' rows.tsv > total.txt
awk -F'\t' 'NR > 1 { print $2 }' rows.tsv > started.txt
first=$(sort -n started.txt | head -n 1)
echo "expected: five slow requests first, then 15 fast ones; start times that rise"
echo "seen:     ms: $(paste -sd' ' total.txt)"
echo "          started at s: $(awk -v first="$first" '{ print $1 - first }' started.txt | paste -sd' ')"
sort -n -c total.txt 2> /dev/null && ! sort -n -c started.txt 2> /dev/null || { echo "changed"; exit 1; }
