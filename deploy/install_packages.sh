#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages that a purpose needs, and only those that are missing.
#   deploy/install_packages.sh --build            to build and run puhuid and puhui
#   deploy/install_packages.sh --test             to build and run the tests (with --build)
#   deploy/install_packages.sh --lint             to run deploy/scripts/check.sh, tidy.sh and the clang presets
#   deploy/install_packages.sh --bench            to run deploy/bench.sh
#   deploy/install_packages.sh --browser          to run deploy/scripts/check_report.sh
# Flags add up. With nothing to install it is silent, quick, and needs neither root nor a network.
set -euo pipefail

# The second group is what the CMake configs of RocksDB, gRPC and prometheus-cpp look for; most of it is pulled in by
# their -dev packages, all of it is named so that nothing depends on how those are packaged.
readonly build_packages=(
  g++ cmake ninja-build pkg-config ccache mold
  libgrpc++-dev libgrpc-dev protobuf-compiler protobuf-compiler-grpc libprotobuf-dev librocksdb-dev libabsl-dev
  libssl-dev libicu-dev libcli11-dev libyaml-cpp-dev libpugixml-dev libxapian-dev prometheus-cpp-dev
  libspdlog-dev libfmt-dev libsnappy-dev liblz4-dev libzstd-dev libbz2-dev libgflags-dev zlib1g-dev libc-ares-dev libre2-dev
  libcurl4-openssl-dev libtcmalloc-minimal4 openssl ca-certificates tzdata jq
)
readonly test_packages=(libgtest-dev libgmock-dev python3 python3-cryptography python3-grpcio python3-protobuf)
readonly lint_packages=(
  clang clang-14 clang-format-14 clang-tidy-14 libclang-rt-14-dev npm shellcheck python3 git
)
readonly bench_packages=(libbenchmark-dev postgresql-15 python3 time)
readonly browser_packages=(chromium fonts-noto-cjk python3 jq)

wanted=()
for flag in "$@"; do
  case "$flag" in
    --build) wanted+=("${build_packages[@]}") ;;
    --test) wanted+=("${test_packages[@]}") ;;
    --lint) wanted+=("${lint_packages[@]}") ;;
    --bench) wanted+=("${bench_packages[@]}") ;;
    --browser) wanted+=("${browser_packages[@]}") ;;
    *) echo "install_packages: unknown flag $flag (--build --test --lint --bench --browser)" >&2; exit 2 ;;
  esac
done
if [[ ${#wanted[@]} -eq 0 ]]; then
  echo "install_packages: say what for: --build --test --lint --bench --browser" >&2
  exit 2
fi

# Node.js from elsewhere brings its own npm, and Debian's would conflict with it.
has() {
  [[ "$1" == npm ]] && command -v npm >/dev/null && return 0
  [[ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]
}
missing=()
for package in "${wanted[@]}"; do
  has "$package" || missing+=("$package")
done
if [[ ${#missing[@]} -eq 0 ]]; then
  exit 0
fi

as_root=()
if [[ "$(id -u)" -ne 0 ]]; then
  if ! command -v sudo >/dev/null; then
    echo "install_packages: missing ${missing[*]}; run as root, or install sudo" >&2
    exit 1
  fi
  as_root=(sudo)
fi

apt() {
  ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0 "$@"
}
echo "install_packages: installing ${#missing[@]} packages: ${missing[*]}"
# An outdated index is the usual reason for a failure, an unreachable one need not be: only the install decides.
apt update >/dev/null || echo "install_packages: the package index could not be refreshed, trying the old one" >&2

# A server that is installed for its programs must not start by itself: deploy/bench.sh makes its own clusters.
if printf '%s\n' "${missing[@]}" | grep -qx postgresql-15; then
  apt install -y --no-install-recommends postgresql-common >/dev/null
  if [[ -f /etc/postgresql-common/createcluster.conf ]]; then
    ${as_root[@]+"${as_root[@]}"} sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' \
      /etc/postgresql-common/createcluster.conf
  fi
fi
apt install -y --no-install-recommends "${missing[@]}" >/dev/null
