#!/usr/bin/env bash
# What:     perf stat writes its figures with the decimal sign of the locale, also where a program is to read them: under a
#           German one -j gives "pcnt-running" : 100,00, which is no JSON, and with -x, each such figure takes two columns.
# Version:  linux-perf 6.1 (Debian 12); the locale is made from Debian's locales 2.36.
# Surprise: -j and -x are for programs, and JSON knows the point only. A reader of the columns gets no error: it finds 54
#           for the unit of 0,54 msec and "msec" for the event. The last figure, a metric, is cut at its comma with any
#           separator: 0.524 CPUs are 0.
# Who:      scripts on the desktops and servers of half of Europe; a tool that passes on its own environment.
# Instead:  LC_ALL=C perf stat ...; another separator (-x\;) mends the columns and not the metric.
# Exit:     0 still so, 1 behaves otherwise now, 2 a version is not to be had. Needs python3, and the right to count.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

found=$(dpkg-query -W -f='${Version}' linux-perf 2>/dev/null || true)
if [[ $found != 6.1.* ]]; then
    apt-get -qq install -y --no-install-recommends linux-perf >&2 || exit 2
    found=$(dpkg-query -W -f='${Version}' linux-perf)
fi
echo "version: linux-perf $found"
[[ $found == 6.1.* ]] || exit 2
apt-get -qq -o APT::Sandbox::User=root download locales >&2 || exit 2
dpkg -x locales_*.deb root
mkdir locales
I18NPATH=root/usr/share/i18n localedef -i de_DE -f UTF-8 locales/de_DE.UTF-8

count() { # locale, options: one line for the event task-clock
    LOCPATH=$work/locales LC_ALL=$1 perf stat "${@:2}" -e task-clock true 2>&1 > /dev/null | grep task-clock
}
valid() { if python3 -c 'import json, sys; json.load(sys.stdin)' < "$1" 2> /dev/null; then echo yes; else echo no; fi; }
columns() { awk -F, '{ print NF }' "$1"; }
for locale in C de_DE.UTF-8; do
    count "$locale" -j > "$locale.json"
    count "$locale" -x, > "$locale.csv"
    count "$locale" '-x;' > "$locale.semicolons"
done
echo "expected: the same form in both"
for locale in C de_DE.UTF-8; do
    printf 'seen:     %s: valid JSON %s, columns %s: %s\n' "$locale" "$(valid "$locale.json")" "$(columns "$locale.csv")" \
        "$(cat "$locale.csv")"
    printf '          %s: -x; %s\n' "$locale" "$(cat "$locale.semicolons")"
done
[[ $(valid C.json) == yes && $(valid de_DE.UTF-8.json) == no ]] && (($(columns de_DE.UTF-8.csv) > $(columns C.csv))) \
    && grep -qE ';[0-9]+\.[0-9]+;CPUs' C.semicolons && grep -qE ';[0-9]+;CPUs' de_DE.UTF-8.semicolons || { echo "changed"; exit 1; }
