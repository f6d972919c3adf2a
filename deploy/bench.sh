#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures what docs/performance.md tells of: every figure beside its peer, taken in turn in one call, median of each.
#   deploy/bench.sh [ID…] [--json FILE]      IDs: M1 M1S M2 M3 M4 M5 M6 M6X M8 M9 I1 R1 S1 S2 O1 F1 P1 B1 (default: all)
# BENCH_DIR: where ledgers and clusters are made, on the disk that counts (default /var/tmp); all is removed at the end.
# Sizes, smaller for a look: ROUNDS=3 RUN_SECONDS=10 WARMUP_SECONDS=3 MEMBERS=100000 MERCHANTS=1000 TERMINALS=125
# DEVICES=2 (of each member) CODE_EVERY=2 (of so many purchases one is by the code of a device, of which each pays once in 30 seconds; 0: none)
# BULK_MEMBERS=1000000 BULK_CAMPAIGNS=5 RESTART_MEMBERS=1000000 RESTART_CAMPAIGNS=9 RESTART_PURCHASES=100000
# ROSTER_PEOPLE=1000000 ROSTER_LOOKUPS=20000 HOLIDAY_PEOPLE=1000000 SALES=1000000 SALES_SECONDS=600 RECONCILED=1000000
# BUNDLE_MEMBERS=100000 BUNDLE_SALES=899000 PROOFS=10000 OFFERS=100000 OFFER_UPDATES=500 AUDIT_RECORDS="1000000 10000000" AUDIT_RECORDS_PER_MEMBER=50 AUDIT_ROUNDS=7
# BIN: a build directory to take the programs from (default: build/release, after building it).
set -euo pipefail
cd "$(dirname "$0")/.."

ids=()
json=''
while [[ $# -gt 0 ]]; do
  case "$1" in
    M1|M1S|M2|M3|M4|M5|M6|M6X|M8|M9|I1|R1|S1|S2|O1|F1|P1|B1) ids+=("$1") ;;
    --json) json="${2:?--json needs a file}"; shift ;;
    *) echo "usage: deploy/bench.sh [M1 M1S M2 M3 M4 M5 M6 M6X M8 M9 I1 R1 S1 S2 O1 F1 P1 B1] [--json FILE]" >&2; exit 2 ;;
  esac
  shift
done
if [[ ${#ids[@]} -eq 0 ]]; then ids=(M1 M1S M6X O1 M2 M5 M3 M4 P1 M9 M8 I1 R1 S1 S2 F1 B1 M6); fi
readonly json rounds="${ROUNDS:-3}" run_seconds="${RUN_SECONDS:-10}" warmup_seconds="${WARMUP_SECONDS:-3}"
readonly members="${MEMBERS:-100000}" merchants="${MERCHANTS:-1000}" terminals="${TERMINALS:-125}"
readonly devices="${DEVICES:-2}" code_every="${CODE_EVERY:-2}"
readonly bulk_members="${BULK_MEMBERS:-1000000}" bulk_campaigns="${BULK_CAMPAIGNS:-5}"
readonly restart_members="${RESTART_MEMBERS:-1000000}" restart_campaigns="${RESTART_CAMPAIGNS:-9}"
readonly roster_people="${ROSTER_PEOPLE:-1000000}" roster_lookups="${ROSTER_LOOKUPS:-20000}"
readonly holiday_people="${HOLIDAY_PEOPLE:-1000000}" holiday_seconds="${HOLIDAY_SECONDS:-90}"
readonly sales="${SALES:-1000000}" sales_seconds="${SALES_SECONDS:-600}" reconciled="${RECONCILED:-1000000}"
readonly offers="${OFFERS:-100000}" offer_updates="${OFFER_UPDATES:-500}"
readonly audit_records="${AUDIT_RECORDS:-1000000 10000000}" audit_records_per_member="${AUDIT_RECORDS_PER_MEMBER:-50}"
readonly audit_rounds="${AUDIT_ROUNDS:-7}"
readonly bundle_members="${BUNDLE_MEMBERS:-100000}" bundle_sales="${BUNDLE_SALES:-899000}" proofs="${PROOFS:-10000}"
readonly restart_purchases="${RESTART_PURCHASES:-100000}" connections=8 in_flight=64

say() { echo "bench: $*" >&2; }

deploy/install_packages.sh --build --test --bench
if [[ -z "${BIN:-}" ]]; then
  say "building the release preset"
  cmake --preset release >/dev/null
  cmake --build build/release --target puhuid echo_server load_client sync_probe fill still bulk_issue restart roster holiday statement \
    merchant_day offer_search audit_query proofs puhui puhui-verify >/dev/null
fi
readonly build="${BIN:-build/release}"
readonly puhuid="$build/services/server/puhuid" puhui="$build/services/cli/puhui" verifier="$build/services/verify/puhui-verify" bin="$build/tests/bench"

work="$(mktemp -d "${BENCH_DIR:-/var/tmp}/puhui-bench-XXXXXX")"
readonly work pki="$work/pki" samples="$work/samples"
: >"$samples"
chmod 711 "$work"
# shellcheck source=deploy/bench/peers.sh
source deploy/bench/peers.sh
trap clean_up EXIT
trap 'exit 130' INT TERM

# sample ID SERIES VALUE: one measurement, for the medians at the end.
sample() {
  [[ -n "$3" ]] || { say "$1 $2 was not measured"; exit 1; }
  echo "$1 $2 $3" >>"$samples"
  say "$1 $2 $3"
}

# load MODE PORT FIELD OPTIONS…: runs the load client and prints that field of its report.
load() {
  local mode="$1" port="$2" field="$3"
  shift 3
  "$bin/load_client" --mode "$mode" --port "$port" --certificates "$pki" --accounts "$work/purchases/accounts" \
    --warmup "${load_warmup:-$warmup_seconds}" --seconds "${load_seconds:-$run_seconds}" "$@" | jq -er ".$field"
}
full_load() {
  load "$1" "$2" calls_per_second --connections "$connections" --in-flight "$in_flight" --code-every "$code_every"
}

# One ledger serves M1, M1S, M6X, M2, M5 and O1. It is in use as ledgers are: merchants pay a fee, grants have terms, there are limits,
# and half of the members show the code of a device.
purchases_ready() {
  [[ -z "$purchase_port" ]] || return 0
  say "filling a ledger: $members members, $merchants merchants"
  rm -rf "$work/purchases"
  make_ledger purchases
  "$bin/fill" --config "$work/purchases/puhuid.yaml" --accounts "$work/purchases/accounts" --members "$members" \
    --cards "$members" --merchants "$merchants" --selling "$connections" --terminals "$terminals" \
    --ruled --devices "$devices" --offers 1001 >&2
  start_puhuid purchases
  [[ -n "$echo_pid" ]] || start_echo
}

m1() {
  purchases_ready
  for ((round = 0; round < rounds; round++)); do
    sample M1 purchase "$(full_load purchase "$purchase_port")"
    sample M1 echo "$(full_load echo "$echo_port")"
  done
}

# The same purchases as messages of streams.
m1s() {
  purchases_ready
  for ((round = 0; round < rounds; round++)); do
    sample M1S stream "$(full_load stream "$purchase_port")"
    sample M1S unary "$(full_load purchase "$purchase_port")"
  done
}

# The same purchases, in turn while the indexes of auditors and of offers stand still, which is another program, and while they
# follow: whole when it begins.
m6x() {
  purchases_ready
  local round
  for ((round = 0; round < rounds; round++)); do
    stop_puhuid
    start_puhuid purchases "$bin/still"
    sample M6X still "$(full_load purchase "$purchase_port")"
    stop_puhuid
    start_puhuid purchases
    until operator audit query --page-size 1 >/dev/null 2>&1; do sleep 1; done
    sample M6X following "$(full_load purchase "$purchase_port")"
  done
}

# Orders of e-coupons, sold at once, by eight members: of a thousand offers in turn, and all of one.
o1() {
  purchases_ready
  local names=() i=0 member
  while read -r member; do
    names+=("buyer-$i=/member/$member")
    i=$((i + 1))
  done < <(sed -n 's/^member //p' "$work/purchases/accounts")
  deploy/dev_ca.sh "$pki" "${names[@]}" >/dev/null
  for ((round = 0; round < rounds; round++)); do
    sample O1 order "$(full_load order "$purchase_port")"
    sample O1 hot "$(full_load hot_order "$purchase_port")"
    sample O1 purchase "$(full_load purchase "$purchase_port")"
  done
}

m2() {
  purchases_ready
  say "making a PostgreSQL cluster"
  make_cluster
  for ((round = 0; round < rounds; round++)); do
    sample M2 purchase "$(full_load purchase "$purchase_port")"
    sample M2 postgresql "$(run_pgbench)"
  done
  check_cluster
  remove_cluster
}

m3() {
  say "issuing $bulk_campaigns campaigns to $bulk_members members"
  make_ledger bulk
  local round
  while IFS= read -r round; do
    sample M3 grants "$(jq .grants_per_second <<<"$round")"
    sample M3 journal "$(jq .journal_records_per_second <<<"$round")"
  done < <("$bin/bulk_issue" --config "$work/bulk/puhuid.yaml" --scratch "$work/bulk" --members "$bulk_members" \
    --campaigns "$bulk_campaigns")
  [[ "$(grep -c '^M3 grants' "$samples")" -eq "$bulk_campaigns" ]] || { say "bulk issue failed"; exit 1; }
  rm -rf "$work/bulk"
}

# A holiday as an HR system issues it: people, plan, preview, approval, run, every verdict. Its peer is one statement that
# writes the same grants into PostgreSQL.
m4() {
  stop_puhuid
  say "issuing a holiday to $holiday_people people, over the wire"
  make_ledger holiday
  start_puhuid holiday
  local round step
  round="$("$bin/holiday" full --port "$purchase_port" --certificates "$pki" --people "$holiday_people")"
  say "M4 $round"
  for step in seconds roster plan preview issue verdicts; do sample M4 "$step" "$(jq -e ".$step" <<<"$round")"; done
  sample M4 preview_rows "$(jq -e '.rows / .preview' <<<"$round")"
  stop_puhuid
  rm -rf "$work/holiday"
  say "making a PostgreSQL cluster"
  make_grant_cluster
  sample M4 postgresql "$(run_grants)"
  remove_cluster
}

holiday() { "$bin/holiday" "$1" --port "$purchase_port" --certificates "$pki" "${@:2}"; }

# What tills feel of an issue run, and of the expiry of all it granted: purchases at a quarter of what M1 is capable of,
# without either and amid each. The first rows of both are awaited and some must be left when the measurement ends.
readonly tills=(--connections "$connections" --in-flight 512)
amid() { load_warmup=0 load_seconds=3 load purchase "$purchase_port" p99_us "${tills[@]}" --rate "$1"; }
i1() {
  stop_puhuid
  say "filling a ledger: $holiday_people members"
  make_ledger purchases
  "$bin/fill" --config "$work/purchases/puhuid.yaml" --accounts "$work/purchases/accounts" --members "$holiday_people" \
    --cards "$members" --merchants "$merchants" --selling "$connections" --terminals "$terminals" >&2
  start_puhuid purchases
  local round campaign rate left
  rate="$(load purchase "$purchase_port" calls_per_second --connections "$connections" --in-flight "$in_flight" |
    jq -e '. / 4')"
  say "a quarter of the throughput is $rate calls/s"
  for ((round = 0; round < rounds; round++)); do
    sample I1 alone_p99_us "$(load purchase "$purchase_port" p99_us "${tills[@]}" --rate "$rate")"
    campaign="$(holiday prepare --points 100 --good-for "$holiday_seconds")"
    holiday begin --campaign "$campaign"
    sample I1 amid_p99_us "$(amid "$rate")"
    left="$(holiday stand --campaign "$campaign" | jq -e .rows_left)"
    say "I1 rows of the run left when it was measured: $left"
    [[ "$left" -gt 0 ]] || { say "the run ended before it was measured"; exit 1; }
    until holiday stand --campaign "$campaign" | jq -e '.rows_left == 0 and .expired > 0' >/dev/null; do sleep 0.2; done
    sample I1 sweep_p99_us "$(amid "$rate")"
    left="$(holiday stand --campaign "$campaign" | jq -e .available)"
    say "I1 points left to expire when it was measured: $left"
    [[ "$left" -gt 0 ]] || { say "the sweep ended before it was measured"; exit 1; }
    until holiday stand --campaign "$campaign" | jq -e '.available == 0' >/dev/null; do sleep 1; done
  done
  stop_puhuid
  rm -rf "$work/purchases"
}

m5() {
  purchases_ready
  local alone=(--connections 1 --in-flight 1 --threads 1 --code-every "$code_every") rate
  for ((round = 0; round < rounds; round++)); do
    sample M5 purchase_p50_us "$(load purchase "$purchase_port" p50_us "${alone[@]}")"
    sample M5 echo_p50_us "$(load echo "$echo_port" p50_us "${alone[@]}")"
    sample M5 sync_p50_us "$("$bin/sync_probe" --directory "$work/purchases/data" | jq -er .p50_us)"
  done
  grep -q '^M1 purchase' "$samples" || sample M1 purchase "$(full_load purchase "$purchase_port")"
  rate="$(deploy/bench/report.py --median M1 purchase "$samples" | jq -e '. / 2')"
  say "half of M1's throughput is $rate calls/s"
  for ((round = 0; round < rounds; round++)); do
    sample M5 purchase_p99_us "$(load purchase "$purchase_port" p99_us --connections "$connections" --in-flight 512 \
      --rate "$rate" --code-every "$code_every")"
  done
}

# The real-name base: a roster over the wire, then reads, one after another. Memory is the most the server ever had.
r1() {
  stop_puhuid
  say "importing $roster_people people"
  make_ledger roster
  start_puhuid roster
  local round
  round="$("$bin/roster" --port "$purchase_port" --certificates "$pki" --people "$roster_people" --lookups "$roster_lookups")"
  sample R1 import_seconds "$(jq -e .import_seconds <<<"$round")"
  sample R1 peak_kib "$(awk '/^VmHWM/ {print $2}' "/proc/$puhuid_pid/status")"
  sample R1 lookup_p99_us "$(jq -e .lookup_p99_us <<<"$round")"
  sample R1 first_pages_us "$(jq -e .first_pages_us <<<"$round")"
  sample R1 last_pages_us "$(jq -e .last_pages_us <<<"$round")"
  sample R1 search_p99_us "$(jq -e .search_p99_us <<<"$round")"
  stop_puhuid
  rm -rf "$work/roster"
}

# A business day of one merchant: cut amid purchases when it ends, its statement read to the last line and the digest
# compared; then purchases in turn with nobody reading and with somebody who reads it again and again. The day has to
# last until everything is filled and the purchases were measured for the first time: SALES_SECONDS from the beginning.
statement() { "$bin/statement" "$1" --port "$purchase_port" --certificates "$pki" "${@:2}"; }
paced() { load purchase "$purchase_port" p99_us --connections "$connections" --in-flight 512 --rate "$1"; }
memory_of_puhuid() { awk '/^VmHWM/ {print $2}' "/proc/$puhuid_pid/status"; }
s1() {
  stop_puhuid
  say "filling a business day: $sales purchases at one merchant"
  make_ledger purchases
  local filled name day_end rate before round reading
  filled="$("$bin/fill" --config "$work/purchases/puhuid.yaml" --accounts "$work/purchases/accounts" --members "$members" \
    --cards "$members" --merchants "$merchants" --selling "$connections" --terminals "$terminals" --sales "$sales" \
    --day-ends-in "$sales_seconds")"
  name="$(jq -er .statement <<<"$filled")"
  day_end="$(jq -er .day_end <<<"$filled")"
  start_puhuid purchases
  rate="$(load purchase "$purchase_port" calls_per_second --connections "$connections" --in-flight "$in_flight" |
    jq -e '. / 4')"
  say "a quarter of the throughput is $rate calls/s"
  sample S1 alone_p99_us "$(paced "$rate")"
  before="$(memory_of_puhuid)"
  [[ "$(date +%s)" -lt $((day_end - 1)) ]] || { say "the day ended before it was measured: SALES_SECONDS"; exit 1; }
  statement cut --statement "$name" --day-end "$day_end" >"$work/cut" &
  reading=$!
  until [[ "$(date +%s)" -ge $((day_end - 1)) ]]; do sleep 0.1; done
  sample S1 cut_p99_us "$(load_warmup=0 paced "$rate")"
  wait "$reading"
  say "S1 $(<"$work/cut")"
  jq -e ".lines >= $sales" "$work/cut" >/dev/null || { say "the statement lacks lines"; exit 1; }
  sample S1 seconds "$(jq -e '.cut_seconds + .read_seconds' "$work/cut")"
  for ((round = 0; round < rounds; round++)); do
    sample S1 alone_p99_us "$(paced "$rate")"
    statement read --statement "$name" --seconds "$((run_seconds + warmup_seconds))" >"$work/reads" &
    reading=$!
    sample S1 amid_p99_us "$(paced "$rate")"
    wait "$reading"
  done
  sample S1 grown_kib "$(($(memory_of_puhuid) - before))"
  stop_puhuid
  rm -rf "$work/purchases"
}

# operator COMMAND…: the client, as the operator, at the server that runs.
operator() {
  printf 'server: 127.0.0.1:%s\nserver_name: localhost\nca: %s/ca.pem\ncert: %s/operator.pem\nkey: %s/operator.key\n' \
    "$purchase_port" "$pki" "$pki" "$pki" >"$work/profile.yaml"
  "$puhui" --profile "$work/profile.yaml" --zone UTC "$@"
}

# A merchant's own list of a day against the ledger, as the merchant does it: from the file to the table of differences,
# of which there are three. Its peer is the list itself.
s2() {
  stop_puhuid
  say "filling a day: $reconciled purchases at 20 stores"
  make_ledger day
  local filled begun round said
  local list="$work/day/books.csv"
  filled="$("$bin/merchant_day" --config "$work/day/puhuid.yaml" --books "$list" --purchases "$reconciled")"
  start_puhuid day
  for ((round = 0; round < rounds; round++)); do
    begun="$EPOCHREALTIME"
    said="$(operator reconcile "$list" \
      --merchant "$(jq -er .merchant <<<"$filled")" --day "$(jq -er .day <<<"$filled")")" || [[ $? -eq 8 ]]
    sample S2 seconds "$(jq -n "$EPOCHREALTIME - $begun")"
    grep -q '^3 differ;' <<<"$said" || { say "other differences were found: ${said##*$'\n'}"; exit 1; }
    sample S2 bytes "$(sed -nE 's/.*; ([0-9,]+) bytes went.*/\1/p' <<<"$said" | tr -d ,)"
  done
  sample S2 list_bytes "$(stat -c %s "$list")"
  stop_puhuid
  rm -rf "$work/day"
}

# Offers searched while titles and texts of others change: the index is built at the start, then searched at a steady pace;
# in turn with nobody changing anything and with the changes that the figure names. At the end it is built once more.
search_offers() {
  "$bin/offer_search" search --port "$purchase_port" --certificates "$pki" --offers "$offers" --seconds "$run_seconds" \
    --updates-per-second "$1"
}
f1() {
  stop_puhuid
  say "filling $offers offers"
  make_ledger offers
  "$bin/offer_search" fill --config "$work/offers/puhuid.yaml" --offers "$offers"
  local round i
  start_puhuid offers
  round="$(search_offers 0)"
  sample F1 build_seconds "$(jq -e .index_seconds <<<"$round")"
  for ((i = 0; i < rounds; i++)); do
    sample F1 alone_p99_us "$(search_offers 0 | jq -e .p99_us)"
    round="$(search_offers "$offer_updates")"
    sample F1 amid_p99_us "$(jq -e .p99_us <<<"$round")"
    sample F1 updates "$(jq -e .updates_per_second <<<"$round")"
  done
  stop_puhuid
  rm -rf "$work/offers/data/search"
  start_puhuid offers
  sample F1 build_seconds "$(search_offers 0 | jq -e .index_seconds)"
  stop_puhuid
  rm -rf "$work/offers"
}

# What auditors ask, of journals of both sizes, in which a member has a page of records: that page, a balance and the sums of a day that is past, and
# how long the index takes to be built from nothing. Both are asked in turn, when both are on the disk.
m6() {
  local records round i
  for records in $audit_records; do
    say "building a journal of $records records and its index"
    for ((i = 0; i < rounds; i++)); do
      round="$(audit_query "$records" --build)"
      sample M6 "index_records_per_second_$records" "$(jq -e .index_records_per_second <<<"$round")"
    done
  done
  sync
  for ((i = 0; i < audit_rounds; i++)); do
    for records in $audit_records; do
      round="$(audit_query "$records")"
      sample M6 "page_p99_ms_$records" "$(jq -e .page_ms.p99 <<<"$round")"
      sample M6 "balance_p99_ms_$records" "$(jq -e .balance_ms.p99 <<<"$round")"
      sample M6 "trial_balance_p99_ms_$records" "$(jq -e .trial_balance_ms.p99 <<<"$round")"
      sample M6 "subtree_300_p99_ms_$records" "$(jq -e .subtree_300_ms.p99 <<<"$round")"
      sample M6 "subtree_3000_p99_ms_$records" "$(jq -e .subtree_3000_ms.p99 <<<"$round")"
    done
  done
  rm -rf "$work"/audit-*
}
audit_query() {
  "$bin/audit_query" --directory "$work/audit-$1" --records "$1" --members $(($1 / audit_records_per_member)) "${@:2}"
}

# A ledger of 10 million records: P1, M9 and M8 use it.
history_ready() {
  [[ ! -d "$work/restart" ]] || return 0
  say "filling a ledger: $restart_campaigns campaigns for $restart_members members"
  make_ledger restart
  "$bin/fill" --config "$work/restart/puhuid.yaml" --accounts "$work/restart/accounts" --members "$restart_members" \
    --cards 100000 --campaigns "$restart_campaigns" --points 100000 --merchants "$connections" >&2
}

# Proofs over the wire, one after another, when nothing else goes on: the index of auditors is whole.
p1() {
  stop_puhuid
  history_ready
  start_puhuid restart
  local round i
  until operator audit query --page-size 1 >/dev/null 2>&1; do sleep 1; done
  for ((i = 0; i < rounds; i++)); do
    round="$("$bin/proofs" --port "$purchase_port" --certificates "$pki" --proofs "$proofs")"
    say "P1 $round"
    sample P1 p99_us "$(jq -e .p99_us <<<"$round")"
    sample P1 hashes "$(jq -e .hashes_max <<<"$round")"
  done
  stop_puhuid
}

# Everything about a ledger that is not running: hashes, views, invariants.
m9() {
  stop_puhuid
  history_ready
  local begun i records
  for ((i = 0; i < rounds; i++)); do
    begun="$EPOCHREALTIME"
    records="$("$puhui" --json verify --memory-mib 6144 "$work/restart/data" | jq -er '.records | tonumber')"
    sample M9 records_per_second "$(jq -n "$records / ($EPOCHREALTIME - $begun)")"
  done
}

# A bundle of a ledger of a million purchases, from the call to the file, and checked without the server; memory is the
# most that the server had more than before, and that of the verifier. (The key comes from the ledger: this is no audit.)
b1() {
  stop_puhuid
  say "filling a ledger: $bundle_members members, $bundle_sales purchases"
  make_ledger bundle
  "$bin/fill" --config "$work/bundle/puhuid.yaml" --accounts "$work/bundle/accounts" --members "$bundle_members" \
    --cards "$bundle_members" --merchants "$merchants" --selling "$connections" --terminals "$terminals" \
    --sales "$bundle_sales" --day-ends-in "$sales_seconds" >&2
  start_puhuid bundle
  until operator audit query --page-size 1 >/dev/null 2>&1; do sleep 1; done
  local file="$work/bundle/file" before begun i said
  before="$(memory_of_puhuid)"
  for ((i = 0; i < rounds; i++)); do
    rm -f "$file"
    begun="$EPOCHREALTIME"
    operator audit bundle --out "$file" >&2
    sample B1 export_seconds "$(jq -n "$EPOCHREALTIME - $begun")"
    begun="$EPOCHREALTIME"
    said="$(/usr/bin/time -f %M -o "$work/bundle/peak" "$verifier" --key "$work/bundle/data/checkpoint.vkey" "$file")" ||
      { say "the bundle does not fit: $said"; exit 1; }
    sample B1 verify_seconds "$(jq -n "$EPOCHREALTIME - $begun")"
    sample B1 verifier_kib "$(<"$work/bundle/peak")"
  done
  say "B1 $(head -1 <<<"$said")"
  sample B1 server_kib "$(($(memory_of_puhuid) - before))"
  stop_puhuid
  rm -rf "$work/bundle"
}

m8() {
  stop_puhuid
  history_ready
  local round
  while IFS= read -r round; do
    sample M8 seconds "$(jq .seconds_to_answer <<<"$round")"
  done < <("$bin/restart" --puhuid "$puhuid" --config "$work/restart/puhuid.yaml" --log "$work/restart/log" \
    --certificates "$pki" --accounts "$work/restart/accounts" --purchases "$restart_purchases" --rounds "$rounds")
  [[ "$(grep -c '^M8 seconds' "$samples")" -eq "$rounds" ]] || { say "the restart failed"; exit 1; }
  rm -rf "$work/restart"
}

make_certificates
for id in "${ids[@]}"; do
  "${id,,}"
done
deploy/bench/report.py ${json:+--json "$json"} "$samples" "${ids[@]}"
