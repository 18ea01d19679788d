#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# The user, the folders and the units of an installed Greffier. Run again, it changes nothing that
# is there. As root.
#
#   sh deploy/setup.sh [ROOT]      ROOT: another tree than this machine's, for images
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=${1:-}
here_group() { grep -q "^$1:" "$root/etc/group"; }
here_user() { grep -q "^$1:" "$root/etc/passwd"; }

here_group greffier || groupadd --system ${root:+--root "$root"} greffier
here_user greffier || useradd --system ${root:+--root "$root"} --gid greffier --no-create-home \
    --home-dir /var/lib/greffier --shell /usr/sbin/nologin greffier
# by number: the names are those of the tree, not of this machine
owner=$(awk -F: '$1 == "greffier" { print $3 ":" $4 }' "$root/etc/passwd")
for folder in /var/lib/greffier /var/lib/greffier/data /var/lib/greffier-keys \
    /var/lib/greffier-witness /var/backups/greffier; do
    mkdir -p "$root$folder"
    chown "$owner" "$root$folder"
    chmod 700 "$root$folder"
done
mkdir -p "$root/etc/greffier"
chmod 700 "$root/etc/greffier"
mkdir -p "$root/etc/systemd/system"
cp "$here"/greffier.service "$here"/greffier-backup.service "$here"/greffier-backup.timer \
    "$here"/greffier-witness.service \
    "$root/etc/systemd/system/"
