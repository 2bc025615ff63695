#!/usr/bin/env bash
# Rebuilds the guest that only benchmarks use.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
sdk="$here/../../sdk"

wit="$(mktemp -d)"
trap 'rm -r "$wit"' EXIT
mkdir -p "$wit/deps/kinode"
cp "$here/wit/world.wit" "$wit"
cp "$sdk/wit/kinode/process.wit" "$wit/deps/kinode"
"$sdk/c/ashlar-cc" --wit "$wit" --world worker -o "$here/worker.wasm" "$here/worker.c"
