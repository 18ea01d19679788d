#!/usr/bin/env bash
# What Debian must bring: a compiler for llama.cpp, a browser for the tests,
# Tesseract for scanned pages, antiword for DOC, poppler, a robot's voice for the simple page where
# a device has none, PostgreSQL for tests of it, a verifier
# and a witness of transparency logs by other authors, exiftool for the marks of files,
# a screen reader with all that it needs of a desktop. Needs root; asks for nothing.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
packages=(
    gcc g++ make cmake python3-venv
    chromium fonts-dejavu-core
    tesseract-ocr tesseract-ocr-fra antiword poppler-utils
    espeak-ng
    postgresql
    litetlog sigsum-go
    libimage-exiftool-perl
    orca speech-dispatcher at-spi2-core dbus-daemon xvfb xdotool locales
)
missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if [ "${#missing[@]}" -gt 0 ]; then
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
echo "system packages: ${packages[*]}"
