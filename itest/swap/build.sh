#!/usr/bin/env bash
# Rebuilds the guest of the swap tests.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
"$here/../../sdk/c/ashlar-cc" -o "$here/counter.wasm" "$here/counter.c" -- -Os
