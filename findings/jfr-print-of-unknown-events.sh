#!/usr/bin/env bash
# What:     jfr print --events with a name that does not exist prints nothing and ends with status 0.
# Version:  JDK 17 (Debian 12, openjdk-17-jdk-headless 17.0); 25 does the same.
# Surprise: names in a file are known, and a misspelt option is an error. The answer is the same as for an event that did not occur:
#           "no socket reads". With --json it is a valid document without events.
# Who:      scripts that check recordings for events, in particular when an event was renamed or belongs to another JDK.
# Instead:  look for the name in jfr metadata first.
# Exit:     0 still so, 1 behaves otherwise now, 2 the version is not to be had.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

found=$(dpkg-query -W -f='${Version}' openjdk-17-jdk-headless 2>/dev/null || true)
if [[ $found != 17.0* ]]; then
    apt-get -qq install -y --no-install-recommends openjdk-17-jdk-headless >&2 || exit 2
    found=$(dpkg-query -W -f='${Version}' openjdk-17-jdk-headless)
fi
echo "version: openjdk-17-jdk-headless $found"
[[ $found == 17.0* ]] || exit 2
java=$(echo /usr/lib/jvm/java-17-openjdk-*/bin)

"$java/java" -XX:StartFlightRecording:filename=run.jfr -Xlog:disable -version > start.txt 2>&1 || { cat start.txt >&2; exit 1; }
status=0
"$java/jfr" print --events jdk.JVMInformation run.jfr > known.txt 2>&1
"$java/jfr" print --events jdk.JVMInfromation run.jfr > misspelt.txt 2>&1 || status=$?
wrong=0
"$java/jfr" print --evnets jdk.JVMInformation run.jfr > option.txt 2>&1 || wrong=$?
echo "expected: an error for --events jdk.JVMInfromation"
echo "seen:     jdk.JVMInformation: $(grep -c startTime known.txt) event(s); jdk.JVMInfromation: status $status," \
    "$(tr -d '\n' < misspelt.txt | wc -c) bytes; --evnets: status $wrong"
[[ $(grep -c startTime known.txt) == 1 && $status == 0 && $(tr -d '\n' < misspelt.txt | wc -c) == 0 && $wrong != 0 ]] \
    || { echo "changed"; exit 1; }
