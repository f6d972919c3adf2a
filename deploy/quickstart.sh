#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One holiday from end to end, through the public API: an enterprise union issues Spring Festival points to everybody on a
# roster, workers spend them at a till, and an auditor proves that not one point was created, lost or spent twice.
#   deploy/quickstart.sh [--keep] [roster.csv]
# Every figure is checked against what the roster says; exits non-zero if one differs. A second run repeats the same calls
# with the same request ids, which changes nothing: it takes seconds and prints the same figures.
# --keep leaves the server running. BIN: where puhuid, puhui and puhui-verify are (default: they are built).
set -euo pipefail
cd "$(dirname "$0")/.."

keep=0
roster=deploy/sample/roster_gb18030.csv
for argument in "$@"; do
  case "$argument" in
    --keep) keep=1 ;;
    -*) echo "usage: deploy/quickstart.sh [--keep] [roster.csv]" >&2; exit 2 ;;
    *) roster="$argument" ;;
  esac
done
if [[ ! -r "$roster" ]]; then
  echo "quickstart: cannot read $roster" >&2
  exit 2
fi

# A place of its own for each roster, so that its figures stand alone.
sha="$(sha256sum "$roster" | cut -c1-12)"
readonly keep roster sha home=".quickstart/$sha"
readonly pki="$home/pki" data="$home/data"
readonly union=unions/fh-1 campaign=campaigns/spring-festival merchant=merchants/m-7
readonly terminal="$merchant/terminals/t-1" fee_basis_points=50 category=5411
wrong=0
server_pid=''

step() { printf '\n\033[1m%s\033[0m\n' "$*"; }
say() { printf '  %s\n' "$*"; }
thousands() { LC_ALL=C sed -E ':a;s/^(-?[0-9]+)([0-9]{3})/\1,\2/;ta' <<<"$1"; }
yuan() { awk -v points="$1" 'BEGIN { printf "¥%.2f", points / 100 }'; }
money() { printf '%s points (%s)' "$(thousands "$1")" "$(yuan "$1")"; }

# expect WHAT WANTED GOT
expect() {
  if [[ "$2" == "$3" ]]; then
    say "✓ $1: $(thousands "$3")"
  else
    say "✗ $1: expected $2, got $3"
    wrong=$((wrong + 1))
  fi
}

# The same name gives the same UUID, for ever: a repeated run is a replay.
request_id() {
  local hash
  hash="$(printf 'puhui quickstart %s' "$*" | sha1sum)"
  printf '%s-%s-5%s-a%s-%s' "${hash:0:8}" "${hash:8:4}" "${hash:13:3}" "${hash:17:3}" "${hash:20:12}"
}

# as IDENTITY COMMAND…: the answer as JSON. whole FIELD reads a number of it; protobuf's JSON writes 64 bits as text and
# leaves zeros out.
as() { "$bin_cli" --profile "$pki/profile.yaml" --json --as "$@"; }
whole() { jq -r "($1) // 0 | tonumber"; }

# refused REASON WHAT COMMAND…: the call must be refused, and for that reason.
refused() {
  local reason="$1" what="$2" said status=0
  shift 2
  said="$(as "$@" 2>&1 >/dev/null)" || status=$?
  if [[ $status -ne 0 && "$said" == *"$reason"* ]]; then
    say "✓ $what: refused, $reason"
  else
    say "✗ $what: expected $reason, got exit $status: $said"
    wrong=$((wrong + 1))
  fi
}

build() {
  step "Packages and programs"
  deploy/install_packages.sh --build
  if [[ -n "${BIN:-}" ]]; then
    bin_server="$BIN/puhuid" bin_cli="$BIN/puhui" bin_verify="$BIN/puhui-verify"
    return
  fi
  if [[ ! -f build/quickstart/build.ninja ]]; then
    cmake --preset release -B build/quickstart -DPUHUI_BUILD_TESTS=OFF -DPUHUI_BUILD_BENCH=OFF >/dev/null
  fi
  cmake --build build/quickstart --target puhuid puhui puhui-verify
  bin_server=build/quickstart/services/server/puhuid
  bin_cli=build/quickstart/services/cli/puhui
  bin_verify=build/quickstart/services/verify/puhui-verify
}

# The server of this data directory, whoever started it. A pid is only believed when it runs puhuid.
stop_server() {
  local pid
  pid="${server_pid:-$(cat "$home/puhuid.pid" 2>/dev/null || true)}"
  if [[ -n "$pid" && "$(readlink "/proc/$pid/exe" 2>/dev/null)" == */puhuid* ]]; then
    kill -TERM "$pid" 2>/dev/null || true
    while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
  fi
  rm -f "$home/puhuid.pid"
  server_pid=''
}

start_server() {
  rm -f "$data/puhuid.port"
  cat >"$home/puhuid.yaml" <<CONFIG
data_dir: $PWD/$data
keys_dir: $PWD/$home/keys
listen: 127.0.0.1:0
trust_domain: puhui.dev
search_synonyms: $PWD/deploy/search_synonyms.yaml
tls:
  cert: $PWD/$pki/server.pem
  key: $PWD/$pki/server.key
  client_ca: $PWD/$pki/client-ca.pem
ca:
  cert: $PWD/$pki/terminals-ca.pem
  key: $PWD/$pki/terminals-ca.key
CONFIG
  setsid "$bin_server" --config "$home/puhuid.yaml" >>"$home/puhuid.log" 2>&1 </dev/null &
  server_pid=$!
  echo "$server_pid" >"$home/puhuid.pid"
  local tries=0
  until [[ -s "$data/puhuid.port" ]]; do
    if ! kill -0 "$server_pid" 2>/dev/null || [[ $((tries += 1)) -gt 1200 ]]; then
      tail -n 20 "$home/puhuid.log" >&2
      echo "quickstart: puhuid did not start; its log is $home/puhuid.log" >&2
      exit 1
    fi
    sleep 0.05
  done
  SERVER="127.0.0.1:$(cat "$data/puhuid.port")" deploy/dev_ca.sh "$pki" | sed 's/^/  /'
  say "puhuid is ready on 127.0.0.1:$(cat "$data/puhuid.port"), data in $data"
}

# Reads the roster without the ledger's help: what it must come to. GB18030 unless it is UTF-8.
read_roster() {
  local text="$home/roster.txt"
  iconv -f UTF-8 -t UTF-8 "$roster" >"$text" 2>/dev/null || iconv -f GB18030 -t UTF-8 "$roster" >"$text"
  sed -i -e '1s/^\xef\xbb\xbf//' -e 's/\r$//' -e '/^[[:space:]]*$/d' "$text"
  local separator=,
  case "$(head -n 1 "$text")" in *$'\t'*) separator=$'\t' ;; *';'*) separator=';' ;; esac
  awk -F "$separator" -v ids="$home/ids.txt" '
    NR == 1 {
      for (i = 1; i <= NF; i++) {
        if ($i ~ /^(工号|external_id|employee_id)$/) id = i
        if ($i ~ /^(积分|points)$/) points = i
      }
      if (!id || !points) exit 3
      next
    }
    { rows++; sum += $points; print $id, $points > ids }
    END { if (id && points) printf "%d %d\n", rows, sum }' "$text" ||
    { echo "quickstart: $roster has no column 工号 or 积分" >&2; return 1; }
}

# The end of the holiday and the till's clock are settled by the first run, because a replay must say the same.
settle_dates() {
  if [[ ! -s "$home/expires" ]]; then
    date -d '+1 year' +%F >"$home/expires"
    date --rfc-3339=seconds | tr ' ' T >"$home/till_time"
  fi
  expires="$(cat "$home/expires")"
  till_time="$(cat "$home/till_time")"
}

prepare() {
  step "The union and its budget"
  as operator union create fh-1 --display-name '飞虹机械厂工会' --kind enterprise \
    --request-id "$(request_id union)" >/dev/null
  say "created $union"
  local funding
  funding="$(as finance-maker union fund "$union" --points "$funded" --bank-reference "QS-$sha" \
    --request-id "$(request_id fund)" | jq -r .funding.name)"
  refused SAME_PERSON "the maker confirming his own funding" finance-maker union confirm "$funding" \
    --request-id "$(request_id confirm by maker)"
  as finance-checker union confirm "$funding" --request-id "$(request_id confirm)" >/dev/null
  say "funded by 陈 (maker), confirmed by 孙 (checker): $(money "$funded")"

  step "The roster"
  local import
  import="$(as hr member import "$roster" --union "$union")"
  say "$roster: $(jq -r .encoding <<<"$import"), SHA-256 $(jq -r '.sha256[0:16]' <<<"$import")…"
  expect "people enrolled" "$rows" "$(whole '((.created // 0) + (.unchanged // 0))' <<<"$import")"
  expect "rows refused" 0 "$(whole .refused <<<"$import")"
}

issue() {
  step "The campaign"
  local hash etag preview
  as hr campaign create spring-festival --union "$union" --display-name '春节慰问' --occasion spring-festival \
    --expires "$expires" --category "$category" --request-id "$(request_id campaign)" >/dev/null
  hash="$(as hr campaign upload-plan "$campaign" "$roster" --request-id "$(request_id plan)" | jq -r .plan.hash)"
  say "plan ${hash:0:16}…, spendable until the end of $expires at merchants of category $category"
  preview="$(as hr campaign preview "$campaign" | jq -s '[.[] | select(.summary)] | last | .summary')"
  expect "rows of the plan" "$rows" "$(whole .plan.rows <<<"$preview")"
  expect "points of the plan" "$planned" "$(whole .plan.points <<<"$preview")"

  etag="$(as hr campaign submit "$campaign" --plan-hash "$hash" --request-id "$(request_id submit)" | jq -r .campaign.etag)"
  refused PERMISSION_DENIED "the submitter approving" hr campaign approve "$campaign" --plan-hash "$hash" --etag "$etag" \
    --request-id "$(request_id approve by hr)"
  as approver campaign approve "$campaign" --plan-hash "$hash" --etag "$etag" \
    --request-id "$(request_id approve)" >/dev/null
  say "submitted by 李, approved by 赵: exactly this plan"
  "$bin_cli" --profile "$pki/profile.yaml" --as hr campaign issue "$campaign" --watch \
    --request-id "$(request_id issue)" >"$home/issue.txt"
  local progress
  progress="$(as hr campaign get "$campaign" | jq .campaign.progress)"
  expect "people who got their points" "$rows" "$(whole .rows_granted <<<"$progress")"
  expect "rows refused" 0 "$(whole .rows_refused <<<"$progress")"
  expect "points issued" "$planned" "$(whole .points_granted <<<"$progress")"
}

open_shop() {
  step "The merchant and its till"
  as operator merchant register m-7 --display-name '惠民超市' --category "$category" \
    --fee-basis-points "$fee_basis_points" --request-id "$(request_id merchant)" >/dev/null
  as merchant merchant create-store "$merchant" s-1 --display-name '惠民超市厂区店' \
    --request-id "$(request_id store)" >/dev/null
  # The key is made here and never leaves; a repeated run keeps the certificate it got.
  if [[ ! -s "$pki/t-1.pem" ]]; then
    as merchant merchant enroll-terminal "$merchant/stores/s-1" t-1 --out-dir "$pki" \
      --request-id "$(request_id terminal)" >/dev/null
  fi
  SERVER="127.0.0.1:$(cat "$data/puhuid.port")" deploy/dev_ca.sh "$pki" >/dev/null
  say "$merchant, store s-1, terminal t-1 with a certificate of its own; fee ${fee_basis_points} basis points"
}

# till VERB TRACE ARGUMENTS…: one call of the till.
till() {
  local verb="$1" trace="$2"
  shift 2
  as t-1 till "$verb" --terminal "$terminal" --batch 1 --trace "$trace" --local-time "$till_time" \
    --request-id "$(request_id till "$trace")" "$@"
}

card_of() {
  as hr member get --union "$union" --external-id "$1" | jq -r .member.card_number
}

shop() {
  step "At the till"
  local ids cards=() id answer references=() points
  mapfile -t ids < <(awk 'NR <= 3 { print $1 }' "$home/ids.txt")
  for id in "${ids[@]}"; do cards+=("$(card_of "$id")"); done
  local purchases=(12000 3333 20000)
  for i in 0 1 2; do
    points="${purchases[$i]}"
    answer="$(till purchase "$((i + 1))" --card "${cards[$i]}" --points "$points")"
    references+=("$(jq -r .purchase.retrieval_reference <<<"$answer")")
    expect "purchase $((i + 1)) by a worker with card $(jq -r .purchase.masked_card <<<"$answer")" "$points" \
      "$(whole .purchase.points <<<"$answer")"
  done
  answer="$(till refund 4 --reference "${references[0]}" --points 4000)"
  expect "refund of a part of purchase 1" 4000 "$(whole .refund.points <<<"$answer")"
  answer="$(till reverse 5 --original-trace 3 --original-batch 1)"
  expect "purchase 3 undone by the till" true "$(jq -r .original_found <<<"$answer")"
  refused INSUFFICIENT_POINTS "a worker spending more than there is" t-1 till purchase --terminal "$terminal" \
    --batch 1 --trace 6 --local-time "$till_time" --request-id "$(request_id till 6)" --card "${cards[1]}" --points "$((planned + 1))"
  refused REQUEST_ID_REUSED "the same request id for another amount" t-1 till purchase --terminal "$terminal" \
    --batch 1 --trace 1 --local-time "$till_time" --request-id "$(request_id till 1)" --card "${cards[0]}" --points 12001

  spent=$((12000 - 4000 + 3333))
  fees=$(((12000 - 4000) * fee_basis_points / 10000 + 3333 * fee_basis_points / 10000))

  step "What a worker sees"
  local member granted wallet
  member="$(as hr member get --union "$union" --external-id "${ids[0]}" | jq -r .member.name)"
  granted="$(awk 'NR == 1 { print $2 }' "$home/ids.txt")"
  SERVER="127.0.0.1:$(cat "$data/puhuid.port")" deploy/dev_ca.sh "$pki" "worker=/member/$member" | sed 's/^/  /'
  "$bin_cli" --profile "$pki/profile.yaml" --as worker wallet activity "$member" | sed 's/^/  /'
  wallet="$(as worker wallet get "$member")"
  expect "available" $((granted - 12000 + 4000)) "$(whole .wallet.available_points <<<"$wallet")"
  first_member="$member"
  buyer="$(as hr member get --union "$union" --external-id "${ids[1]}" | jq -r .member.name)"
}

# The last purchase of the till had trace number 6; what is handed out is 7.
market() {
  step "An offer, from the merchant to the voucher"
  local offer version found order price=8800
  SERVER="127.0.0.1:$(cat "$data/puhuid.port")" deploy/dev_ca.sh "$pki" "buyer=/member/$buyer" >/dev/null
  offer="$(as merchant offer create "$merchant" --title '端午粽子礼盒' --text '每盒十二只' --price "$price" --stock 5 \
    --fulfilment pick_up --last-day "$expires" --for-union fh-1 --request-id "$(request_id offer)" | jq -r .offer.name)"
  version="$(as merchant offer publish "$offer" --request-id "$(request_id publish)" | whole .offer.version)"
  # The search follows the ledger, by a second at most.
  local tries=0
  until found="$(as buyer offer search "$buyer" 粽子 | jq -re '.offers[0].offer.name')" || [[ $((tries += 1)) -gt 50 ]]; do
    sleep 0.1
  done
  "$bin_cli" --profile "$pki/profile.yaml" --as buyer offer search "$buyer" 粽子 | sed 's/^/  /'
  expect "what a worker finds" "$offer" "$found"
  order="$(as buyer order place "$buyer" --offer "$offer" --offer-version "$version" --quantity 1 --fulfilment pick_up \
    --store "$merchant/stores/s-1" --request-id "$(request_id order)" | jq -r .order.name)"
  as merchant order accept "$order" --request-id "$(request_id accept)" >/dev/null
  expect "one is sold" 1 "$(as buyer offer get "$offer" | whole .offer.stock.sold)"
  # Shown until they are used; a repeated run keeps them.
  if [[ ! -s "$home/voucher" ]]; then as buyer voucher get "$order" | jq -r .voucher.digits >"$home/voucher"; fi
  expect "handed out at the till for the voucher" "$order" "$(as t-1 voucher redeem "$(cat "$home/voucher")" --terminal "$terminal" --batch 1 \
    --trace 7 --local-time "$till_time" --request-id "$(request_id redeem)" | jq -r .order)"
  refused VOUCHER_REDEEMED "the same voucher once more" t-1 voucher redeem "$(cat "$home/voucher")" --terminal "$terminal" --batch 1 \
    --trace 8 --local-time "$till_time" --request-id "$(request_id redeem again)"
  spent=$((spent + price))
  fees=$((fees + price * fee_basis_points / 10000))
}

# The day of a first run is running, and is cut by itself when it is over: what stands until then is shown. A run on a
# later day finds it cut.
settle() {
  step "What the merchant is owed"
  local days last
  "$bin_cli" --profile "$pki/profile.yaml" --as merchant settlement list "$merchant" | sed 's/^/  /'
  days="$(as merchant settlement list "$merchant")"
  last="$(jq -r '.statements[-1].name' <<<"$days")"
  expect "payable for all that was bought, less refunds and fees" $((spent - fees)) \
    "$(whole '.statements[-1].figures.payable_after_points' <<<"$days")"
  if [[ "$(jq -r '.statements[-1].state' <<<"$days")" == STATEMENT_STATE_OPEN ]]; then
    refused BUSINESS_DAY_NOT_OVER "finance cutting a day that is running" finance-checker settlement cut "$last" \
      --request-id "$(request_id cut "$last")"
  else
    "$bin_cli" --profile "$pki/profile.yaml" --as merchant settlement statement "$last" --summary | sed 's/^/  /'
  fi
}

audit() {
  step "The auditor"
  local books kind
  "$bin_cli" --profile "$pki/profile.yaml" --as auditor audit trial-balance | sed 's/^/  /'
  books="$(as auditor audit trial-balance)"
  points_of() { whole "[.lines[] | select(.kind == \"ACCOUNT_KIND_$1\") | (.points // 0) | tonumber] | add" <<<"$books"; }
  expect "funding" $((-funded)) "$(points_of FUNDING)"
  expect "budget" $((funded - planned)) "$(points_of BUDGET)"
  expect "campaign" 0 "$(points_of CAMPAIGN)"
  expect "wallet" $((planned - spent)) "$(points_of WALLET)"
  expect "payable" $((spent - fees)) "$(points_of PAYABLE)"
  expect "fee" "$fees" "$(points_of FEE)"
  for kind in HELD PAYOUT EXPIRED AID; do
    if [[ "$(points_of "$kind")" != 0 ]]; then expect "${kind,,}" 0 "$(points_of "$kind")"; fi
  done
  expect "sum of every account" 0 "$(whole .sum <<<"$books")"
  expect "balanced for every origin" true "$(jq -r '.balanced // false' <<<"$books")"

  step "What became of the campaign"
  local report
  "$bin_cli" --profile "$pki/profile.yaml" --as auditor campaign report "$campaign" | sed 's/^/  /'
  report="$(as auditor campaign report "$campaign" | jq .report.figures)"
  expect "granted" "$planned" "$(whole .granted_points <<<"$report")"
  expect "spent, less what came back" "$spent" \
    "$(jq -r '((.spent_points // 0) | tonumber) - ((.refunded_points // 0) | tonumber)' <<<"$report")"
  expect "workers who have spent" 3 "$(whole .grants_spent <<<"$report")"

  step "A bundle for who has nothing of ours but the public key"
  "$bin_cli" --profile "$pki/profile.yaml" --as auditor audit bundle --out "$home/holiday.phb" | sed 's/^/  /'
  stop_server
  if "$bin_verify" --key "$data/checkpoint.vkey" "$home/holiday.phb" | sed 's/^/  /'; then
    say "✓ checked by puhui-verify"
  else
    say "✗ puhui-verify found something"
    wrong=$((wrong + 1))
  fi

  step "Proof: every record hashed again, every view built again and compared"
  if "$bin_cli" verify "$data" | sed 's/^/  /'; then
    say "✓ verified offline"
  else
    say "✗ puhui verify found something"
    wrong=$((wrong + 1))
  fi
}

trap 'status=$?; if [[ $status -ne 0 ]]; then stop_server; fi' EXIT
umask 077
mkdir -p "$home"
build
stop_server
step "The server"
deploy/dev_ca.sh "$pki" | sed 's/^/  /'
start_server
figures="$(read_roster)"
read -r rows planned <<<"$figures"
funded=$((planned + 10000000))
readonly rows planned funded
settle_dates
prepare
issue
open_shop
shop
market
settle
audit

if [[ $keep -eq 1 && $wrong -eq 0 ]]; then
  start_server
  step "The server stays. Try:"
  say "$bin_cli --profile $pki/profile.yaml --as worker wallet get $first_member"
  say "$bin_cli --profile $pki/profile.yaml --as auditor audit records"
  say "$bin_cli --profile $pki/profile.yaml --as operator verify --online"
  say "(stop it with: kill \$(cat $home/puhuid.pid))"
fi

echo
if [[ $wrong -ne 0 ]]; then
  echo "THE BOOKS ARE NOT AS EXPECTED: $wrong figures differ."
  exit 1
fi
echo "The books balance: $(money "$planned") issued to $(thousands "$rows") people, $(money "$spent") spent, not one point created, lost or spent twice."
