#!/usr/bin/env bash
# Builds the engine and splices every example into it: examples/NAME/PROCESS.js becomes examples/NAME/pkg/PROCESS.wasm.
#   build.sh [--namespace hyperware ENGINE.wasm]   builds only the engine, for that namespace, to be used with ashlar-js --engine
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
. "$here/../common.sh"
QUICKJS_CRATE=libquickjs-ng-sys
QUICKJS_CRATE_VERSION=0.14.0 # has QuickJS-ng 0.18.0

namespace=kinode engine=
if [ "${1:-}" = --namespace ]; then namespace="$2" engine="$3"; fi

need_apt clang-19 lld-19 wasi-libc libclang-rt-19-dev-wasm32
need_wasm_tools
need_crate_source "$QUICKJS_CRATE" "$QUICKJS_CRATE_VERSION"
quickjs="$CRATE_SOURCE/embed/quickjs"

work="$(mktemp -d)"
trap 'rm -r "$work"' EXIT
flags=(--target=wasm32-wasi -isystem /usr/include/wasm32-wasi -mcpu=mvp -mbulk-memory -msign-ext -mmutable-globals
    -mnontrapping-fptoint -D_GNU_SOURCE -DNDEBUG -funsigned-char
    -I "$quickjs" -I "$SDK/c" -I "$here/engine" -DASHLAR_NAMESPACE="\"$namespace\"")

# For size: optimised for speed, the interpreter's loop outgrows what the JVM compiles as one method.
say "compiling QuickJS"
for file in quickjs libregexp libunicode dtoa; do
    clang-19 "${flags[@]}" -Oz -w -c "$quickjs/$file.c" -o "$work/$file.o"
done
for file in "$here"/engine/*.c "$SDK/c/ashlar.c"; do
    clang-19 "${flags[@]}" -Oz -std=c11 -Wall -Wextra -Wno-unused-parameter -c "$file" -o "$work/$(basename "$file" .c).o"
done
clang-19 --target=wasm32-wasi -nostdlib -L/usr/lib/wasm32-wasi "$work"/*.o -lc \
    "$(clang-19 -print-resource-dir)/lib/wasi/libclang_rt.builtins-wasm32.a" \
    -Wl,--no-entry,--stack-first,-z,stack-size=196608,--strip-all -o "$work/engine.core.wasm"

mkdir -p "$work/wit/deps"
cp "$here/engine/wit/world.wit" "$work/wit"
cp -r "$SDK/wit/kinode" "$SDK/wit/hyperware" "$work/wit/deps"
component "$work/engine.core.wasm" "${engine:-$work/engine.wasm}" "$namespace" "$work/wit" "$namespace"
[ -z "$engine" ] || exit 0

for source in "$here"/examples/*/*.js; do
    out="$(dirname "$source")/pkg/$(basename "$source" .js).wasm"
    "$here/ashlar-js" --engine "$work/engine.wasm" -o "$out" "$source"
    wasm-tools validate "$out"
    say "built ${out#"$SDK/"} ($(stat -c %s "$out") bytes)"
done
