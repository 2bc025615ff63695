#!/usr/bin/env bash
# Rebuilds the guests that only tests use.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
sdk="$here/../../sdk"
"$sdk/c/ashlar-cc" --namespace hyperware -o "$here/echo-hyperware.wasm" "$sdk/c/examples/echo/echo.c"
