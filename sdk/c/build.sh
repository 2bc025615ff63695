#!/usr/bin/env bash
# Rebuilds every example: examples/NAME/PROCESS.c becomes examples/NAME/pkg/PROCESS.wasm.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
for source in "$here"/examples/*/*.c; do
    "$here/ashlar-cc" -o "$(dirname "$source")/pkg/$(basename "$source" .c).wasm" "$source"
done
