# Sourced by the server scripts: start DIR | load DIR | stop DIR, and more that one of them can do with DIR.
# Every instance is private: its own directory, which must not exist before start and is gone after stop; a port of its
# own on 127.0.0.1; nothing installed is configured or started. All steps are bounded in time.

# A port that nobody listens on just now.
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

need() {
    for program; do
        command -v "$program" >/dev/null || { echo "$0: $program is not installed" >&2; exit 3; }
    done
}

# wait_for SECONDS COMMAND...: until it succeeds
wait_for() {
    local tries=$(($1 * 20)); shift
    until "$@" >/dev/null 2>&1; do
        [ $((tries -= 1)) -gt 0 ] || { echo "$0: not ready in time: $*" >&2; return 1; }
        sleep 0.05
    done
}

# stop_pid PID: TERM, and KILL if that does not help within 5 s
stop_pid() {
    [ -n "$1" ] && kill "$1" 2>/dev/null || return 0
    local tries=100
    while kill -0 "$1" 2>/dev/null; do
        [ $((tries -= 1)) -gt 0 ] || { kill -KILL "$1" 2>/dev/null; return 0; }
        sleep 0.05
    done
}

# A start that fails half-way leaves nothing running.
undo_on_failure() {
    trap 'status=$?; [ $status -eq 0 ] || "$0" stop "$dir"; exit $status' EXIT
}

usage() {
    echo "usage: $0 start DIR | load DIR [REQUESTS] | stop DIR${1:+ | $1}" >&2
    exit 2
}

[ $# -ge 2 ] || usage
action=$1
dir=$2
case $dir in /*) ;; *) dir=$PWD/$dir ;; esac
