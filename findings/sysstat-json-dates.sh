#!/usr/bin/env bash
# What:     the JSON of mpstat and iostat has the date in the form of the locale: 11/29/26 in the C locale, 29.11.2026 in a
#           German one. sadf, of the same package, writes 2026-11-29.
# Version:  sysstat 12.6.1-1 (Debian 12); the locale is made from Debian's locales 2.36.
# Surprise: the numbers in the same JSON keep their decimal point in every locale. 01/02/26 is another day depending on where
#           the job ran, and the file does not say which form it is.
# Who:      those who collect such files from several machines and sort them by date.
# Instead:  S_TIME_FORMAT=ISO in the environment.
# Exit:     0 still so, 1 behaves otherwise now, 2 a version is not to be had. Needs python3.
set -euo pipefail
export LC_ALL=C
unset S_TIME_FORMAT
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

apt-get -qq -o APT::Sandbox::User=root download sysstat=12.6.1-1 libsensors5 locales >&2 || exit 2
for package in *.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(dirname "$(find "$work/root" -name 'libsensors.so.5')")
export LD_LIBRARY_PATH
echo "version: sysstat 12.6.1-1"
mkdir locales
I18NPATH=root/usr/share/i18n localedef -i de_DE -f UTF-8 locales/de_DE.UTF-8

form() { # the dates of a JSON document, their digits made 9
    python3 -c '
import json, re, sys
print(re.sub("[0-9]", "9", json.load(sys.stdin)["sysstat"]["hosts"][0][sys.argv[1]]))' "$1"
}
for tool in mpstat iostat; do
    for locale in C de_DE.UTF-8; do
        echo "$tool $locale: $(LOCPATH=$work/locales LC_ALL=$locale root/usr/bin/$tool -o JSON 1 1 | form date)"
    done
    echo "$tool ISO: $(S_TIME_FORMAT=ISO root/usr/bin/$tool -o JSON 1 1 | form date)"
done > seen.txt
echo "expected: 9999-99-99 (with digits) from all"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
mpstat C: 99/99/99
mpstat de_DE.UTF-8: 99.99.9999
mpstat ISO: 9999-99-99
iostat C: 99/99/99
iostat de_DE.UTF-8: 99.99.9999
iostat ISO: 9999-99-99
SEEN
