# shellcheck shell=bash disable=SC2154,SC2034
# SPDX-License-Identifier: Apache-2.0
# The servers that deploy/bench.sh measures, and how they end. Sourced by it; uses its variables.

readonly postgres_bin=/usr/lib/postgresql/15/bin cluster="$work/postgresql"
puhuid_pid=''
purchase_port=''
echo_pid=''
echo_port=''

clean_up() {
  local pid
  for pid in $puhuid_pid $echo_pid; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  remove_cluster
  rm -rf "$work"
}

# One identity for each connection: a certificate speaks for one merchant.
make_certificates() {
  local identities=() i
  for ((i = 0; i < connections; i++)); do
    identities+=("m-$i=/merchant/merchants/m-$i")
  done
  identities+=(operator=/operator/people/bench hr=/hr/unions/bench/people/hr
    approver=/approver/unions/bench/people/approver finance-maker=/finance/unions/bench/people/maker
    finance-checker=/finance/unions/bench/people/checker)
  deploy/dev_ca.sh "$pki" "${identities[@]}" >/dev/null
}

# make_ledger NAME: a directory and a configuration; the data directory is empty.
make_ledger() {
  rm -rf "${work:?}/$1"
  mkdir -p "$work/$1/data"
  cat >"$work/$1/puhuid.yaml" <<YAML
data_dir: $work/$1/data
keys_dir: $work/$1/keys
listen: 127.0.0.1:0
trust_domain: puhui.dev
tls: {cert: $pki/server.pem, key: $pki/server.key, client_ca: $pki/client-ca.pem}
ca: {cert: $pki/terminals-ca.pem, key: $pki/terminals-ca.key}
YAML
}

# await_port FILE PID LOG: prints the port when the server has written it.
await_port() {
  local waited
  for ((waited = 0; waited < 600; waited++)); do
    if [[ -s "$1" ]]; then cat "$1"; return; fi
    if ! kill -0 "$2" 2>/dev/null; then break; fi
    sleep 0.1
  done
  say "a server does not listen:"
  tail -5 "$3" >&2
  return 1
}

# start_puhuid NAME [PROGRAM]: the server of that ledger; another program in place of puhuid.
start_puhuid() {
  rm -f "$work/$1/data/puhuid.port"  # Of a start before this one.
  "${2:-$puhuid}" --config "$work/$1/puhuid.yaml" >"$work/$1/calls" 2>"$work/$1/log" &
  puhuid_pid=$!
  purchase_port="$(await_port "$work/$1/data/puhuid.port" "$puhuid_pid" "$work/$1/log")"
}

stop_puhuid() {
  [[ -n "$puhuid_pid" ]] || return 0
  kill "$puhuid_pid"
  wait "$puhuid_pid" || true
  puhuid_pid=''
  purchase_port=''
}

start_echo() {
  "$bin/echo_server" --certificates "$pki" --port-file "$work/echo.port" 2>"$work/echo.log" &
  echo_pid=$!
  echo_port="$(await_port "$work/echo.port" "$echo_pid" "$work/echo.log")"
}

# PostgreSQL refuses to run as root.
as_postgres() {
  if [[ "$(id -u)" -eq 0 ]]; then (cd "$cluster" && runuser -u postgres -- "$@"); else "$@"; fi
}
in_cluster() {
  PGHOST="$cluster" PGUSER="$(stat -c %U "$cluster")" PGDATABASE=postgres "$@"
}

# No TCP, a socket in a directory of its own, durable commits, and otherwise the defaults.
start_cluster() {
  as_postgres "$postgres_bin/pg_ctl" -D "$cluster/data" -w -l "$cluster/log" -o \
    "-c listen_addresses='' -c unix_socket_directories=$cluster -c fsync=on -c synchronous_commit=on" start >/dev/null
}
stop_cluster() {
  as_postgres "$postgres_bin/pg_ctl" -D "$cluster/data" -w -m fast stop >/dev/null
}

make_cluster() {
  mkdir "$cluster"
  if [[ "$(id -u)" -eq 0 ]]; then chown postgres "$cluster"; fi
  as_postgres "$postgres_bin/initdb" -D "$cluster/data" --auth=trust --no-locale -E UTF8 >/dev/null
  start_cluster
  local file
  for file in schema fill; do
    in_cluster psql -q -v ON_ERROR_STOP=1 -v members="$members" -v merchants="$merchants" -f "deploy/bench/$file.sql"
  done
  stop_cluster
}

# A cluster with $holiday_people accounts and a plan of as many rows.
make_grant_cluster() {
  mkdir "$cluster"
  if [[ "$(id -u)" -eq 0 ]]; then chown postgres "$cluster"; fi
  as_postgres "$postgres_bin/initdb" -D "$cluster/data" --auth=trust --no-locale -E UTF8 >/dev/null
  start_cluster
  in_cluster psql -q -v ON_ERROR_STOP=1 -f deploy/bench/schema.sql
  in_cluster psql -q -v ON_ERROR_STOP=1 -v people="$holiday_people" -f deploy/bench/plan.sql
}

# Prints how many seconds it takes.
run_grants() {
  local begun ended
  begun="$(date +%s.%N)"
  in_cluster psql -q -v ON_ERROR_STOP=1 -v people="$holiday_people" -f deploy/bench/grants.sql
  ended="$(date +%s.%N)"
  stop_cluster
  jq -n "$ended - $begun"
}

# Runs only while it is measured, so that its background work does not disturb ours. Prints transfers per second.
run_pgbench() {
  start_cluster
  local pgbench=("$postgres_bin/pgbench" -n -M prepared -c 16 -j 2 -D "members=$members" -D "merchants=$merchants"
    -f deploy/bench/purchase.sql)
  in_cluster "${pgbench[@]}" -T "$warmup_seconds" >/dev/null 2>>"$work/pgbench.log"
  in_cluster "${pgbench[@]}" -T "$run_seconds" 2>>"$work/pgbench.log" | awk '/^tps/ { print $3 }'
  stop_cluster
}

# A peer that loses points would be no peer.
check_cluster() {
  start_cluster
  local balanced
  balanced="$(in_cluster psql -At -v members="$members" -f deploy/bench/balanced.sql)"
  stop_cluster
  if [[ "$balanced" != t ]]; then say "the PostgreSQL ledger does not balance"; return 1; fi
}

remove_cluster() {
  [[ -d "$cluster" ]] || return 0
  if [[ -f "$cluster/data/postmaster.pid" ]]; then stop_cluster || true; fi
  rm -rf "$cluster"
}
