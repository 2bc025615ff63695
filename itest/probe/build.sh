#!/usr/bin/env bash
# Rebuilds the guests that only tests use.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
sdk="$here/../../sdk"

wit="$(mktemp -d)"
trap 'rm -r "$wit"' EXIT
mkdir -p "$wit/deps/kinode"
cp "$here/wit/world.wit" "$wit"
cp "$sdk/wit/kinode/process.wit" "$wit/deps/kinode"

"$sdk/c/ashlar-cc" -o "$here/probe.wasm" "$here/probe.c" "$here/script.c" -- -Os
"$sdk/c/ashlar-cc" --wit "$wit" --world probe-wasi -o "$here/probe-wasi.wasm" \
    "$here/probe.c" "$here/script.c" "$here/wasi.c" -- -Os
"$sdk/c/ashlar-cc" --namespace hyperware -o "$here/echo-hyperware.wasm" "$sdk/c/examples/echo/echo.c"
