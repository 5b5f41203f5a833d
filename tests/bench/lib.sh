# Sourced by the benchmarks here: finds ktrace and the workloads, and compares figures with their bounds. Each script prints
# its figures and PASS or FAIL for each bound, and exits with 1 when one is missed, with 2 when it cannot measure.

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
KTRACE=${KTRACE:-target/ktrace}
WORKLOADS=target/workloads
WORK=$(mktemp -d "${TMPDIR:-/tmp}/ktrace-bench.XXXXXX")
STATUS=0
STARTED=()

finish() {
    for pid in "${STARTED[@]}"; do
        kill -KILL "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$WORK"
}
trap finish EXIT

cannot() {
    echo "$(basename "$0"): $1" >&2
    exit 2
}

need() {
    [[ $(id -u) -eq 0 ]] || cannot "needs root"
    [[ -x $KTRACE ]] || cannot "no $KTRACE: build it with mvn package"
    [[ -x $WORKLOADS/getppid ]] || make -s -C tests/workloads || cannot "the workloads do not compile"
    local tool
    for tool in python3 "$@"; do
        command -v "$tool" >/dev/null || cannot "needs $tool"
    done
}

# The last document of a file of JSON lines, by a Python expression on it: json FILE 'd["lost"]'
json() {
    python3 -c 'import json, sys
d = [json.loads(line) for line in open(sys.argv[1])][-1]
p = d["processes"]
def calls(name):
    return sum(s["calls"] for q in p for s in q["syscalls"] if s["name"] == name)
print(eval(sys.argv[2]))' "$1" "$2"
}

# The middle of numbers, one a line.
median() {
    sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

now_ns() {
    date +%s%N
}

# bound WHAT VALUE OPERATOR LIMIT: prints one line, and remembers a miss.
bound() {
    if awk -v a="$2" -v b="$4" "BEGIN { exit !(a $3 b) }"; then
        printf 'PASS  %s: %s (bound: %s %s)\n' "$1" "$2" "$3" "$4"
    else
        printf 'FAIL  %s: %s (bound: %s %s)\n' "$1" "$2" "$3" "$4"
        STATUS=1
    fi
}

# Waits until a file holds a text, at most 30 s.
await() {
    local i
    for ((i = 0; i < 3000; i++)); do
        grep -q "$2" "$1" 2>/dev/null && return 0
        sleep 0.01
    done
    cannot "no $2 in $1: $(cat "$1")"
}

# Starts a workload in a session of its own, as services are, for the kernel may share out the CPUs by session. Its standard input is open ($3…), its output in $WORK/NAME.out; sets PID. "go NAME" gives it a line.
start() {
    local name=$1
    shift
    mkfifo "$WORK/$name.in"
    setsid "$WORKLOADS/$1" "${@:2}" < "$WORK/$name.in" > "$WORK/$name.out" &
    PID=$!
    STARTED+=("$PID")
    exec {IN}> "$WORK/$name.in"
    await "$WORK/$name.out" '"ready":true'
}

go() {
    echo go >&"$IN"
}

machine() {
    echo "$(nproc) CPUs, Linux $(uname -r), $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo), load $(cut -d' ' -f1 /proc/loadavg)"
}
