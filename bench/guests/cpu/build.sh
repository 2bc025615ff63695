#!/usr/bin/env bash
# Rebuilds cpu.wasm, the work of the figure "cpu".
#   build.sh ZLIB      the sources of zlib 1.3.1 (zlib.net); only their object code goes into cpu.wasm
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
zlib="${1:?usage: build.sh FOLDER-OF-ZLIB}"
work="$(mktemp -d)"
trap 'rm -r "$work"' EXIT
objects=()
for source in "$here"/{cpu,string}.c "$zlib"/{adler32,crc32,deflate,inflate,inftrees,inffast,trees,zutil}.c; do
    objects+=("$work/$(basename "$source" .c).o")
    # as the SDK for C compiles
    clang-19 --target=wasm32-unknown-unknown -mcpu=mvp -mbulk-memory -msign-ext -mmutable-globals -std=c11 -O2 -ffreestanding \
        -Wno-deprecated-non-prototype -DZ_SOLO -I "$here" -I "$zlib" -c "$source" -o "${objects[-1]}"
done
wasm-ld-19 --no-entry --stack-first -z stack-size=65536 --strip-all "${objects[@]}" -o "$here/../cpu.wasm"
