#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs clang-tidy 14 with .clang-tidy over our sources, headers included.
#   deploy/scripts/tidy.sh              every source of ledger, issuing, merchant, audit and services
#   deploy/scripts/tidy.sh --since REF  those that changed since REF, or that include a header that did
#   deploy/scripts/tidy.sh FILE…        these
# JOBS: how many at a time (default: processors). TIDY_BUILD: the build directory (default build/tidy).
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly jobs="${JOBS:-$(nproc)}" build="${TIDY_BUILD:-build/tidy}"

all_sources() { git ls-files 'ledger/*.cc' 'issuing/*.cc' 'merchant/*.cc' 'audit/*.cc' 'services/*.cc'; }

# A changed header is checked through the sources that name it.
changed_since() {
  local ref="$1" path
  git diff --name-only --diff-filter=d "$ref" -- ledger issuing merchant audit services | while read -r path; do
    case "$path" in
      *.cc) echo "$path" ;;
      *.h) all_sources | xargs -r grep -lF "#include \"$path\"" || true ;;
    esac
  done | sort -u
}

case "${1:-}" in
  '') mapfile -t files < <(all_sources) ;;
  --since) mapfile -t files < <(changed_since "${2:?--since needs a commit}") ;;
  -*) echo "tidy: unknown option $1" >&2; exit 2 ;;
  *) files=("$@") ;;
esac
if [[ ${#files[@]} -eq 0 ]]; then
  echo "tidy: nothing changed"
  exit 0
fi

# Compile commands without precompiled headers, and the generated protobuf headers that the sources include.
if [[ -n "${TIDY_BUILD:-}" ]]; then
  cmake --preset tidy -B "$build" >/dev/null
else
  cmake --preset tidy >/dev/null
fi
mapfile -t generated < <(ninja -C "$build" -t targets all | sed -n 's/^\([^ ]*\.pb\.h\): .*/\1/p')
if [[ ${#generated[@]} -gt 0 ]]; then
  ninja -C "$build" "${generated[@]}" >/dev/null
fi

# A source without a compile command is listed by no target, and would be checked with made-up flags.
for file in "${files[@]}"; do
  if ! grep -qF "\"$PWD/$file\"" "$build/compile_commands.json"; then
    echo "tidy: $file belongs to no target" >&2
    exit 1
  fi
done

# A clean verdict is kept under the hash of all that it depends on: the source with everything it includes, comments too
# because NOLINT is one, the compile command, the profile and the tool. What did not change is not checked again.
verdicts="${XDG_CACHE_HOME:-$HOME/.cache}/puhui/tidy"
mkdir -p "$verdicts"
find "$verdicts" -type f -mtime +30 -delete
profile="$({ clang-tidy-14 --version; cat .clang-tidy; } | sha256sum)"

# The source as the compiler sees it. One that cannot be preprocessed has no lasting key.
preprocessed() { cd "$build" && eval "$1 -E -C -o -"; }

tidy_one() {
  local command key
  command="$(jq -r --arg file "$PWD/$1" 'map(select(.file == $file))[0].command' "$build/compile_commands.json")"
  key="$({ echo "$profile $command"; preprocessed "$command" || date +%N; } 2>/dev/null | sha256sum)"
  key="${key%% *}"
  if [[ -e "$verdicts/$key" ]]; then return; fi
  clang-tidy-14 --quiet -p "$build" "$1" 2> >(grep -Ev '^[0-9]+ warnings? generated|^Suppressed ' >&2) || return 1
  : >"$verdicts/$key"
}
export build verdicts profile
export -f preprocessed tidy_one

# shellcheck disable=SC2016  # the inner shell expands it
if printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$jobs" bash -c 'tidy_one "$1"' tidy; then
  echo "tidy: ${#files[@]} files, clean"
else
  echo "tidy: findings above" >&2
  exit 1
fi
