#!/usr/bin/env bash
# Rebuilds the guests of this module's tests. Needs cargo, for two crates that it only takes files from.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
source "$here/../../../../../sdk/common.sh"
need_apt clang-19 lld-19 wasi-libc libclang-rt-19-dev-wasm32
need_wasm_tools

work="$(mktemp -d)"
trap 'rm -r "$work"' EXIT

# The WIT text of WASI 0.2.12, and the adapter from preview 1 (0.2.2) that Rust's processes use.
mkdir -p "$work/crates/src"
cat > "$work/crates/Cargo.toml" << 'END'
[package]
name = "sources"
version = "0.0.0"
edition = "2021"
[lib]
path = "src/lib.rs"
[dependencies]
wasip2 = "=2.0.1"
wasi-preview1-component-adapter-provider = "=27.0.0"
END
touch "$work/crates/src/lib.rs"
(cd "$work/crates" && cargo vendor --quiet vendor > /dev/null)

mkdir "$work/wit"
cp -r "$work/crates/vendor/wasip2/wit/deps" "$work/wit/deps"
rm "$work/wit/deps/http.wit"
cp "$here/everything.wit" "$work/wit"
wasm-tools component embed --all-features --dummy --world everything "$work/wit" -o "$work/everything.core.wasm"
wasm-tools component new "$work/everything.core.wasm" -o "$work/everything.wasm"

clang-19 --target=wasm32-wasi --sysroot=/ -isystem /usr/include/wasm32-wasi -L/usr/lib/wasm32-wasi -B/usr/lib/wasm32-wasi \
    -Os -Wall -o "$work/posix.core.wasm" "$here/posix.c"
adapters="$work/crates/vendor/wasi-preview1-component-adapter-provider/artefacts"
wasm-tools component new "$work/posix.core.wasm" -o "$work/posix.wasm" \
    --adapt "wasi_snapshot_preview1=$adapters/wasi_snapshot_preview1.command.wasm"

for guest in everything posix; do
    wasm-tools strip --all "$work/$guest.wasm" -o "$here/$guest.wasm"
    wasm-tools validate "$here/$guest.wasm"
done
