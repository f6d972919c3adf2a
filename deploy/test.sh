#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what the tests need, builds, and runs everything with ctest. ctest's closing lines come last.
#   deploy/test.sh [ctest arguments…]     for example: deploy/test.sh -R ledger
# PRESET: the preset to test (default dev). JOBS: how much at a time (default: processors).
set -euo pipefail
cd "$(dirname "$0")/.."

readonly preset="${PRESET:-dev}" jobs="${JOBS:-$(nproc)}"

deploy/install_packages.sh --build --test
cmake --preset "$preset"
cmake --build "build/$preset" -j "$jobs"
ctest --test-dir "build/$preset" -j "$jobs" --output-on-failure --no-tests=error "$@"
