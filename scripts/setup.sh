#!/usr/bin/env bash
# Makes a fresh Debian machine ready: `scripts/setup.sh run` or `scripts/setup.sh test`.
# Needs Python 3.11, git and make; installs the rest (through apt when root or sudo, else it says exactly what to do).
set -euo pipefail
cd "$(dirname "$0")/.."
purpose=${1:-run}

say() { printf '%s\n' "$*" >&2; }

apt_install() {
  local sudo=""
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo="sudo"; else
      say "Missing system packages: $*"
      say "Install them with:  sudo apt-get update && sudo apt-get install -y $*"
      exit 1
    fi
  fi
  command -v apt-get >/dev/null || { say "Missing system packages (names as in Debian): $*"; exit 1; }
  say "Installing system packages: $*"
  $sudo apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

python=""
for candidate in python3.11 python3; do
  if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'; then
    python=$candidate
    break
  fi
done
[ -n "$python" ] || { say "Python 3.11 is needed and was not found. On Debian 12: sudo apt-get install -y python3"; exit 1; }

missing=()
"$python" -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3-venv)
library() { "$python" -c "import ctypes, sys; ctypes.CDLL('$1')" 2>/dev/null || missing+=("$2"); }
library libpango-1.0.so.0 libpango-1.0-0
library libpangoft2-1.0.so.0 libpangoft2-1.0-0
library libharfbuzz-subset.so.0 libharfbuzz-subset0
library libfontconfig.so.1 libfontconfig1
if [ "$purpose" = test ]; then
  command -v chromium >/dev/null || missing+=(chromium)
  command -v pdftotext >/dev/null || missing+=(poppler-utils)
fi
[ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"

[ -x .venv/bin/python ] || "$python" -m venv .venv
requirements=requirements.txt
[ "$purpose" = test ] && requirements=requirements-dev.txt
stamp=.venv/.installed-$purpose
if [ ! -f "$stamp" ] || ! cmp -s "$requirements" "$stamp"; then
  say "Installing Python packages from $requirements"
  if command -v uv >/dev/null; then uv pip install --quiet --python .venv/bin/python -r "$requirements"
  elif [ -x .venv/bin/uv ]; then .venv/bin/uv pip install --quiet --python .venv/bin/python -r "$requirements"
  else .venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$requirements"; fi
  cp "$requirements" "$stamp"
fi
