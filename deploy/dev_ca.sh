#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes a certificate authority and certificates for development: never for production, because its keys lie in a folder.
#   deploy/dev_ca.sh DIR                      the authority, the server, one identity per role, and profile.yaml
#   deploy/dev_ca.sh DIR NAME=/role/scope …   further identities, for example worker=/member/members/01J…
# A second run keeps what is there and still valid. Keys are readable by their owner only.
# SERVER: the address that profile.yaml names (default localhost:8443). TRUST_DOMAIN: default puhui.dev.
set -euo pipefail

if [[ $# -lt 1 || "$1" == -* ]]; then
  echo "usage: deploy/dev_ca.sh DIR [NAME=/role/scope …]" >&2
  exit 2
fi
readonly dir="$1" trust_domain="${TRUST_DOMAIN:-puhui.dev}" server="${SERVER:-localhost:8443}"
shift
readonly ca_days=3650 leaf_days=397 renew_seconds=$((7 * 24 * 3600))

umask 077
mkdir -p "$dir"

# What an openssl command says is of interest only when it fails.
quietly() {
  local said
  said="$("$@" 2>&1)" || { echo "dev_ca: $1 $2 failed: $said" >&2; exit 1; }
}

new_key() {
  quietly openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"
}

# valid NAME ISSUER: NAME.pem exists, belongs to NAME.key, is ISSUER's, and lasts for another week.
valid() {
  local name="$dir/$1" issuer="$dir/$2.pem"
  [[ -s "$name.pem" && -s "$name.key" ]] || return 1
  openssl x509 -in "$name.pem" -noout -checkend "$renew_seconds" >/dev/null 2>&1 || return 1
  [[ "$(openssl x509 -in "$name.pem" -noout -pubkey)" == "$(openssl pkey -in "$name.key" -pubout)" ]] || return 1
  openssl verify -CAfile "$issuer" "$name.pem" >/dev/null 2>&1
}

# authority NAME TITLE: a self-signed CA.
authority() {
  local name="$1" title="$2"
  if valid "$name" "$name"; then return; fi
  new_key "$dir/$name.key"
  quietly openssl req -x509 -new -key "$dir/$name.key" -sha256 -days "$ca_days" -subj "/O=puhui development/CN=$title" \
    -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign" \
    -out "$dir/$name.pem"
  echo "dev_ca: made $name.pem"
}

# leaf NAME USAGE SAN: a certificate of the development CA. The name the ledger believes is the SAN.
leaf() {
  local name="$1" usage="$2" san="$3"
  if valid "$name" ca && openssl x509 -in "$dir/$name.pem" -noout -ext subjectAltName | grep -qE "(^|[ ,])${san%%,*}(,|\$)"; then
    return
  fi
  new_key "$dir/$name.key"
  quietly openssl req -new -key "$dir/$name.key" -subj "/O=puhui development/CN=$name" -out "$dir/$name.csr"
  cat >"$dir/$name.ext" <<EXTENSIONS
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = $usage
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = $san
EXTENSIONS
  quietly openssl x509 -req -in "$dir/$name.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -sha256 \
    -set_serial "0x$(openssl rand -hex 15)" -days "$leaf_days" -extfile "$dir/$name.ext" -out "$dir/$name.pem"
  rm -f "$dir/$name.csr" "$dir/$name.ext"
  echo "dev_ca: made $name.pem"
}

identity() {
  leaf "$1" clientAuth "URI:spiffe://$trust_domain$2"
}

authority ca "puhui development CA"
# The server signs terminals' certificates with a key of its own, so that the CA's key stays away from it.
authority terminals-ca "puhui development terminals CA"
cat "$dir/ca.pem" "$dir/terminals-ca.pem" >"$dir/client-ca.pem"
leaf server serverAuth "DNS:localhost,IP:127.0.0.1,IP:::1"

identity operator /operator
identity union-admin /union-admin/unions/fh-1/people/wang
identity hr /hr/unions/fh-1/people/li
identity finance-maker /finance/unions/fh-1/people/chen
identity finance-checker /finance/unions/fh-1/people/sun
identity approver /approver/unions/fh-1/people/zhao
identity auditor /auditor
identity supervisor /supervisor
identity merchant /merchant/merchants/m-7
identity pos /pos/merchants/m-7
identity mall /mall/merchants/m-7
identity installer /installer/people/gao
identity witness /witness/people/wu

names=(operator union-admin hr finance-maker finance-checker approver auditor supervisor merchant pos mall installer witness)
for argument in "$@"; do
  if [[ ! "$argument" =~ ^[a-z0-9-]+=/[a-zA-Z0-9/-]+$ ]]; then
    echo "dev_ca: $argument is not NAME=/role/scope" >&2
    exit 2
  fi
  identity "${argument%%=*}" "${argument#*=}"
  names+=("${argument%%=*}")
done
# Whatever else has a key here, a terminal that was enrolled or an identity of an earlier run, stays in the profile.
for key in "$dir"/*.key; do
  name="$(basename "$key" .key)"
  case " ca terminals-ca server ${names[*]} " in
    *" $name "*) ;;
    *) if [[ -s "$dir/$name.pem" ]]; then names+=("$name"); fi ;;
  esac
done

{
  echo "# SPDX-License-Identifier: Apache-2.0"
  echo "# Made by deploy/dev_ca.sh. Choose an identity with: puhui --profile profile.yaml --as NAME"
  echo "server: $server"
  echo "ca: ca.pem"
  echo "cert: operator.pem"
  echo "key: operator.key"
  echo "identities:"
  for name in "${names[@]}"; do
    echo "  $name: {cert: $name.pem, key: $name.key}"
  done
} >"$dir/profile.yaml.new"
mv "$dir/profile.yaml.new" "$dir/profile.yaml"
