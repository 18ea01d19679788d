#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Installs Greffier from this folder, without any network.
#
#   sh install.sh [PREFIX]        default: /opt/greffier; $PYTHON: which python3
#
#   PREFIX/versions/…   one folder a version; an earlier one stays, to go back to
#   PREFIX/current      a link to the one in use, moved at the very end
#   PREFIX/models       model files, shared by all versions
#   PREFIX/bin/greffier the command
set -eu

here=$(cd "$(dirname "$0")" && pwd)
prefix=${1:-/opt/greffier}
python=${PYTHON:-python3}

say() { # French, English
    case ${LC_ALL:-${LANG:-fr}} in en*) echo "greffier: $2" ;; *) echo "greffier : $1" ;; esac
}
stop() {
    say "$1" "$2" >&2
    exit 1
}

cd "$here"
[ -z "$(find . ! -type d ! -type f)" ] ||
    stop "cette archive contient autre chose que des fichiers (un lien ?) : rien n'est installé." \
        "this archive holds other things than files (a link?): nothing is installed."
sha256sum --check --strict --quiet MANIFEST.sha256 >&2 ||
    stop "cette archive a été modifiée ou abîmée : rien n'est installé." \
        "this archive was changed or damaged: nothing is installed."
listed=$(cut -c67- MANIFEST.sha256 | LC_ALL=C sort)
found=$(find . -type f ! -path ./MANIFEST.sha256 | cut -c3- | LC_ALL=C sort)
[ "$listed" = "$found" ] ||
    stop "un fichier s'est ajouté à cette archive : rien n'est installé." \
        "a file was added to this archive: nothing is installed."

"$python" - bundle.json <<'PYTHON' ||
import json, platform, sys
wanted = json.load(open(sys.argv[1], encoding="utf-8"))
here = {
    "python": "%d.%d" % sys.version_info[:2],
    "system": "%s-%s" % (sys.platform, platform.machine()),
}
sys.exit(any(wanted[name] != here[name] for name in here))
PYTHON
    stop "il faut la version de Python et le système que dit bundle.json (voir PYTHON=…)." \
        "the Python version and the system that bundle.json names are needed (see PYTHON=…)."

if command -v dpkg-query >/dev/null; then
    missing=$(grep -v '^#' system-packages.txt | while read -r package; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
            printf ' %s' "$package"
    done)
    [ -z "$missing" ] ||
        say "paquets Debian absents :$missing (sans eux : pas de scans, ou pas de DOC)." \
            "missing Debian packages:$missing (without them: no scans, or no DOC)."
fi

version=$(sha256sum <MANIFEST.sha256 | cut -c1-12)
target=$prefix/versions/$version
umask 022
mkdir -p "$prefix/versions" "$prefix/bin" "$prefix/models"
if [ ! -e "$target/complete" ]; then
    rm -rf "$target"
    "$python" -m venv "$target" ||
        stop "l'environnement Python ne se crée pas : installez python3-venv." \
            "the Python environment cannot be made: install python3-venv."
    PIP_CONFIG_FILE=/dev/null "$target/bin/python" -m pip install --quiet --no-index \
        --disable-pip-version-check --no-cache-dir --no-deps --require-hashes \
        --find-links wheels --requirement requirements.txt
    "$target/bin/greffier" --help >/dev/null
    touch "$target/complete"
fi
for model in models/*; do
    [ -e "$model" ] || continue
    name=$(basename "$model")
    cmp -s "$model" "$prefix/models/$name" && continue
    cp "$model" "$prefix/models/.$name.part"
    mv "$prefix/models/.$name.part" "$prefix/models/$name"
done

cat >"$prefix/bin/greffier.part" <<COMMAND
#!/bin/sh
export GREFFIER_MODELS="\${GREFFIER_MODELS:-$prefix/models}"
exec "$prefix/current/bin/greffier" "\$@"
COMMAND
chmod 755 "$prefix/bin/greffier.part"
mv "$prefix/bin/greffier.part" "$prefix/bin/greffier"
ln -sfn "versions/$version" "$prefix/current.part"
mv -T "$prefix/current.part" "$prefix/current"
say "installé : $prefix/bin/greffier. Ensuite : $prefix/bin/greffier doctor" \
    "installed: $prefix/bin/greffier. Next: $prefix/bin/greffier doctor"
