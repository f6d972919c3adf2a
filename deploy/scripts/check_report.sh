#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Renders the page of `puhui audit report` in a headless browser, in both languages, and looks at what comes of it: the
# figures are the ledger's, one language is shown, nothing is asked of a network, and the console stays empty.
#   deploy/scripts/check_report.sh [page.html]
# Without a page it makes one: the quickstart's ledger, its own auditor, and the trial balance to compare with.
# BIN: where puhuid, puhui and puhui-verify are (default: build/dev). SHOTS: where pictures of the page go (default: nowhere).
set -euo pipefail
cd "$(dirname "$0")/../.."

work="$(mktemp -d)"
readonly work
wrong=0
pid_file=''

# shellcheck disable=SC2317  # The trap calls it.
clean_up() {
  if [[ -n "$pid_file" && -s "$pid_file" ]]; then kill -TERM "$(cat "$pid_file")" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap clean_up EXIT

fail() {
  echo "check_report: $*" >&2
  wrong=$((wrong + 1))
}

# The page of the quickstart's ledger, and what the ledger itself says, a line for each kind of account.
make_page() {
  local bin="$work/bin" home
  # Where the quickstart keeps the ledger of its roster.
  home=".quickstart/$(sha256sum deploy/sample/roster_gb18030.csv | cut -c1-12)"
  pid_file="$home/puhuid.pid"
  mkdir "$bin"
  ln -s "${BIN:-$PWD/build/dev/services/server}/puhuid" "${BIN:-$PWD/build/dev/services/cli}/puhui" \
    "${BIN:-$PWD/build/dev/services/verify}/puhui-verify" "$bin/"
  BIN="$bin" deploy/quickstart.sh --keep >"$work/quickstart.txt" || { tail -n 30 "$work/quickstart.txt" >&2; return 1; }
  # Today and yesterday: the ledger may have been begun before midnight.
  "$bin/puhui" --profile "$home/pki/profile.yaml" --as auditor audit report \
    "$(TZ=Asia/Shanghai date -d yesterday +%F)..$(TZ=Asia/Shanghai date +%F)" --verify --out "$work/report.html"
  "$bin/puhui" --profile "$home/pki/profile.yaml" --as auditor --json audit trial-balance |
    jq -r '.lines | group_by(.kind)[] | "\(.[0].kind | sub("ACCOUNT_KIND_"; "")) \(map((.points // 0) | tonumber) | add)"' \
      >"$work/balances.txt"
}

# browse FRAGMENT LANGUAGE: what the page has become, and a picture of it.
browse() {
  local url="file://$work/report.html#$1" common=(
    --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --hide-scrollbars
    --disable-background-networking --disable-component-update --disable-sync --disable-default-apps
    --host-resolver-rules='MAP * ~NOTFOUND' --user-data-dir="$work/profile-$2" "--window-size=1180,4200"
  )
  timeout 120 chromium "${common[@]}" --enable-logging=stderr --v=0 --log-net-log="$work/net-$2.json" \
    --dump-dom "$url" >"$work/dom-$2.html" 2>"$work/log-$2.txt"
  timeout 120 chromium "${common[@]}" --screenshot="$work/page-$2.png" "$url" >/dev/null 2>&1
  if [[ -n "${SHOTS:-}" ]]; then mkdir -p "$SHOTS" && cp "$work/page-$2.png" "$SHOTS/"; fi
  if grep -q 'CONSOLE' "$work/log-$2.txt"; then fail "$2: the console says: $(grep -m 3 CONSOLE "$work/log-$2.txt")"; fi
  python3 - "$work/net-$2.json" "$work/dom-$2.html" "$work/page-$2.png" <<'PYTHON' || fail "$2: see above"
import json, re, struct, sys

log = json.load(open(sys.argv[1], encoding="utf-8"))
asked = {e["params"]["url"] for e in log["events"] if "url" in (e.get("params") or {})}
# The browser's own, and the page: all others are the page's doing.
outside = sorted(u for u in asked if not u.startswith(("file:", "data:", "chrome", "devtools:", "about:"))
                 and not re.search(r"^https?://([a-z0-9-]+\.)*(google|googleapis|gvt1|gstatic)\.com/", u))
bad = [f"asks for {u}" for u in outside]
dom = open(sys.argv[2], encoding="utf-8").read()
if "<script" in dom or re.search(r"<(link|img|iframe|object)\b", dom):
    bad.append("the page has an element that fetches or runs")
picture = open(sys.argv[3], "rb").read()
if picture[:8] != b"\x89PNG\r\n\x1a\n" or struct.unpack(">II", picture[16:24])[0] < 1000 or len(picture) < 50_000:
    bad.append("the picture is empty")
for line in bad:
    print("check_report:", line, file=sys.stderr)
sys.exit(1 if bad else 0)
PYTHON
}

deploy/install_packages.sh --browser
if [[ $# -gt 0 ]]; then cp "$1" "$work/report.html"; else make_page; fi

python3 -c 'import sys, xml.etree.ElementTree as tree; tree.parse(sys.argv[1])' "$work/report.html" ||
  fail "the page is not well formed"
browse '' zh
browse en en
for language in zh en; do
  grep -q 'data-verdict="holds"' "$work/dom-$language.html" || fail "$language: the books do not hold"
done
if cmp -s "$work/page-zh.png" "$work/page-en.png"; then fail "both languages look alike"; fi
if [[ -f "$work/balances.txt" ]]; then
  while read -r account points; do
    grep -q "data-figure=\"closing $account\" data-value=\"$points\"" "$work/dom-zh.html" ||
      fail "the page does not say that $account is $points"
  done <"$work/balances.txt"
  [[ -s "$work/balances.txt" ]] || fail "there was nothing to compare with"
fi
[[ $wrong -eq 0 ]] && echo "check_report: the page is as it should be, in both languages"
exit $((wrong > 0))
