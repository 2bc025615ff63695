#!/usr/bin/env bash
# Rebuilds every example: examples/NAME/PROCESS.ts becomes examples/NAME/pkg/PROCESS.wasm.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
for source in "$here"/examples/*/*.ts; do
    "$here/ashlar-asc" -o "$(dirname "$source")/pkg/$(basename "$source" .ts).wasm" "$source"
done
