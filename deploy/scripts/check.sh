#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What can be checked without building: format, layering, protos, scripts, words. Runs every check, then fails if one did.
#   deploy/scripts/check.sh            what cannot run here (a tool is missing) is said and skipped
#   deploy/scripts/check.sh --strict   what cannot run here is a failure; CI calls it so
# BUF_BASELINE: the commit or tag to compare the API with (default: the last tag, if there is one).
set -euo pipefail
cd "$(dirname "$0")/../.."

strict=0
if [[ "${1:-}" == --strict ]]; then strict=1; fi
readonly strict buf_version=1.75.0
readonly buf_home="${XDG_CACHE_HOME:-$HOME/.cache}/puhui/buf-$buf_version"
failed=()

# run NAME COMMAND…: a check, and its verdict in one line.
run() {
  local name="$1" status=0
  shift
  "$@" || status=$?
  case $status in
    0) echo "check: $name ok" ;;
    77) echo "check: $name skipped" ;;
    *) echo "check: $name FAILED"; failed+=("$name") ;;
  esac
}

# missing TOOL: the status of a check that cannot run here.
missing() {
  echo "check: no $1; deploy/install_packages.sh --lint brings it" >&2
  if [[ $strict -eq 1 ]]; then return 1; else return 77; fi
}

format() {
  command -v clang-format-14 >/dev/null || { missing clang-format-14; return; }
  git ls-files -z --cached --others --exclude-standard '*.h' '*.cc' |
    while IFS= read -r -d '' file; do [[ -f "$file" ]] && printf '%s\0' "$file"; done |
    xargs -0 -r clang-format-14 --dry-run -Werror
}

layering() {
  python3 cmake/layering.py && python3 cmake/layering_test.py 2>/dev/null
}

# buf is fetched once into the user's cache, pinned; the build itself never downloads anything.
install_buf() {
  [[ -x "$buf_home/node_modules/.bin/buf" ]] && return
  command -v npm >/dev/null || return 1
  mkdir -p "$buf_home"
  npm install --prefix "$buf_home" --no-audit --no-fund --silent "@bufbuild/buf@$buf_version" >/dev/null 2>&1
}

protos() {
  install_buf || { missing "buf $buf_version (npm package @bufbuild/buf)"; return; }
  local buf="$buf_home/node_modules/.bin/buf"
  (cd proto && "$buf" lint) || return 1
  local baseline="${BUF_BASELINE:-$(git describe --tags --abbrev=0 2>/dev/null || true)}"
  if [[ -z "$baseline" ]]; then
    echo "check: no release yet, so nothing that the protos could break"
    return
  fi
  "$buf" breaking proto --against ".git#ref=$baseline,subdir=proto"
}

scripts() {
  command -v shellcheck >/dev/null || { missing shellcheck; return; }
  git ls-files -z --cached --others --exclude-standard '*.sh' .ci/run | xargs -0 -r shellcheck -x
}

# The words of docs/domain.md are law. Exceptions are a line that says what never to say, and `code`, where others name their own.
words() {
  local never='account holder|(account|wallet|current|points?) balance|\bend[- ]users?\b|\busers?\b|\bcustomers?\b'
  local found=0
  if git ls-files -z --cached --others --exclude-standard README.md CONTRIBUTING.md 'docs/*.md' 'proto/*.proto' |
      xargs -0 -r grep -nEi "$never" | grep -vi 'never say' | sed 's/\x60[^\x60]*\x60/…/g' | grep -Ei "$never"; then
    echo "check: these words have better ones in docs/domain.md" >&2
    found=1
  fi
  if git ls-files -z --cached --others --exclude-standard README.md README.zh-CN.md CONTRIBUTING.md CHANGELOG.md 'docs/*.md' |
      xargs -0 -r grep -nE '\b(TODO|FIXME|XXX|TBD)\b'; then
    echo "check: finish it or leave it out" >&2
    found=1
  fi
  return $found
}

# Relative links of the documents lead somewhere, and so do the documents that sources name.
links() {
  local file target found=0
  while IFS= read -r -d '' file; do
    while IFS= read -r target; do
      if [[ ! -e "$(dirname "$file")/$target" ]]; then
        echo "$file: no such file: $target"
        found=1
      fi
    done < <(grep -oE '\]\([^)#: ]+[)#]' "$file" | sed -E 's/^\]\((.*)[)#]$/\1/')
  done < <(git ls-files -z --cached --others --exclude-standard '*.md')
  while IFS=: read -r file target; do
    if [[ ! -e "$target" ]]; then
      echo "$file: no such file: $target"
      found=1
    fi
  done < <(git ls-files -z --cached --others --exclude-standard '*.h' '*.cc' '*.proto' '*.sh' '*.py' |
    xargs -0 grep -HoE '\bdocs/[A-Za-z0-9_/-]+\.md')
  return $found
}

# The month that the timer closes, however late in the next one it runs. `date` is one that stands still, `puhui` only prints.
month_to_close() {
  local real now want got command
  real="$(command -v date)"
  command="$(sed -n 's/^ExecStart=//p' deploy/puhui-close-month.service | sed 's/%%/%/g; s/\$\$/$/g; s|/usr/bin/puhui|echo|')"
  # shellcheck disable=SC2317,SC2329  # The command of the service calls it.
  date() {
    case "$1$2" in
      -d[-+]*) "$REAL_DATE" -d "$NOW $2" "$3" ;;
      -d*) "$REAL_DATE" "$@" ;;
      *) "$REAL_DATE" -d "$NOW" "$@" ;;
    esac
  }
  while read -r now want; do
    got="$(export -f date; NOW="$now" REAL_DATE="$real" bash -c "${command/\/bin\/sh/bash}")"
    [[ "${got##* }" == "$want" ]] || { echo "check: on $now the timer closes ${got##* }, not $want"; return 1; }
  done <<< $'2027-03-03 2027-02\n2027-03-31 2027-02\n2027-05-31 2027-04\n2027-01-29 2026-12\n2028-03-30 2028-02'
}

# Whom the units run as and where what they name lies is told to be made by who installs them.
units() {
  local what found=0
  while read -r what; do
    if ! grep -qE "^useradd .* $what\$" docs/operations.md; then
      echo "docs/operations.md: does not say that the user $what is made"
      found=1
    fi
  done < <(sed -n 's/^User=//p' deploy/*.service)
  while read -r what; do
    if ! grep -qE "install .* $what(/? |/?\$)" docs/operations.md; then
      echo "docs/operations.md: does not say what is installed in $what"
      found=1
    fi
  done < <(grep -ohE '(/etc|/usr)/[A-Za-z0-9./_-]+' deploy/*.service | xargs -n 1 dirname | sort -u)
  return $found
}

# The identities and unions of the commands in README are those that the quickstart leaves, or that a command before makes.
quickstart_names() {
  local name found=0
  while read -r name; do
    if ! grep -qE "^identity $name |enroll-terminal .* $name |\"$name=/" deploy/dev_ca.sh deploy/quickstart.sh; then
      echo "README: the quickstart makes no identity $name"
      found=1
    fi
  done < <(grep -ohE -e '--as [a-z0-9-]+' README.md README.zh-CN.md | cut -d ' ' -f 2 | sort -u)
  while read -r name; do
    if ! grep -qE "$name( |\$)" deploy/quickstart.sh && ! grep -q "union create ${name#unions/} " README.md; then
      echo "README: the quickstart makes no $name"
      found=1
    fi
  done < <(grep -ohE '\bunions/[a-z0-9-]+' README.md README.zh-CN.md | sort -u)
  return $found
}

# Alarms are of metrics that a program of ours has: one that was renamed would never ring again.
alarms() {
  local metric found=0
  while read -r metric; do
    if ! grep -rqE "(\"|n)${metric}( |\")" services --include='*.cc'; then
      echo "deploy/prometheus: no program of ours has the metric $metric"
      found=1
    fi
  done < <(grep -hE '^ *expr:' deploy/prometheus/*.yaml | grep -oE '\bpuhui_[a-z_]+' | sort -u)
  return $found
}

run format format
run layering layering
run protos protos
run scripts scripts
run words words
run links links
run month_to_close month_to_close
run units units
run quickstart_names quickstart_names
run alarms alarms
if [[ ${#failed[@]} -gt 0 ]]; then
  echo "check: failed: ${failed[*]}"
  exit 1
fi
echo "check: clean"
