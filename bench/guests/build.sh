#!/usr/bin/env bash
# Rebuilds the guests that only benchmarks use. Of zlib, whose source comes from a crate, only object code goes into compute.wasm.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
. "$here/../../sdk/common.sh"
need_crate_source libz-sys 1.1.20 # zlib 1.3.1
zlib="$CRATE_SOURCE/src/zlib"

wit="$(mktemp -d)"
trap 'rm -r "$wit"' EXIT
mkdir -p "$wit/deps/kinode"
cp "$here/wit/world.wit" "$wit"
cp "$SDK/wit/kinode/process.wit" "$wit/deps/kinode"
"$SDK/c/ashlar-cc" --wit "$wit" --world worker -o "$here/worker.wasm" "$here/worker.c"
"$SDK/c/ashlar-cc" --wit "$wit" --world worker -o "$here/compute.wasm" "$here"/compute/{compute,work}.c \
    "$zlib"/{adler32,crc32,deflate,inflate,inftrees,inffast,trees,zutil}.c -- -w -DZ_SOLO -I "$here/compute" -I "$zlib"
