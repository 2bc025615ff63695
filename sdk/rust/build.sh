#!/usr/bin/env bash
# Rebuilds the examples: the library of examples/NAME becomes examples/NAME/pkg/PROCESS.wasm.
#   build.sh            all of them
#   build.sh NAME…      only those
# The first run prepares a compiler for WebAssembly (about 150 MB from Debian, then the standard library is built);
# it stays in $ASHLAR_CACHE/rust.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
. "$here/../common.sh"

TARGET=wasm32-wasip1
rust="$ASHLAR_CACHE/rust"
root="$rust/root"
workspace="$rust/source/rust"

# The adapter turns what Rust's standard library asks of WASI preview 1 into WASI 0.2. Each world has the version
# that its own system's build tool uses.
KINODE_ADAPTER=27.0.0
HYPERWARE_ADAPTER=33.0.0

# Debian's Rust is unpacked rather than installed: its packages conflict with a rustup that may be there.
unpack_debian_rust() {
    local standard_library llvm work
    need_apt gcc libc6-dev lld-19 libcurl4 libgit2-1.5 libsqlite3-0 libssh2-1 libxml2 libz3-4 libedit2 libffi8
    standard_library="$(apt-cache depends libstd-rust-web-dev | sed -n 's/.*Depends: \(libstd-rust-web-[0-9.]*\)$/\1/p')"
    llvm="$(apt-cache depends "$standard_library" | sed -n 's/.*Depends: \(libllvm[0-9]*\)$/\1/p')"
    [ -n "$standard_library" ] && [ -n "$llvm" ] || fail "Debian has no rustc-web; run apt-get update and try again"
    say "fetching rustc-web, cargo-web, $standard_library, $llvm (apt)"
    work="$(mktemp -d)"
    (cd "$work" && apt-get download rustc-web cargo-web rust-web-src libstd-rust-web-dev wasi-libc \
        "$standard_library" "$llvm" > "$rust/apt.log" 2>&1) || fail "apt-get failed; its output is in $rust/apt.log"
    for package in "$work"/*.deb; do
        dpkg-deb --extract "$package" "$root"
    done
    rm -r "$work"
}

# The compiler and cargo need their own libraries, and nothing else may see those.
write_wrappers() {
    local name
    mkdir -p "$rust/bin"
    for name in rustc cargo; do
        printf '#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s "$@"\n' \
            "$root/usr/lib/x86_64-linux-gnu" "$root/usr/bin/$name" > "$rust/bin/$name"
        chmod +x "$rust/bin/$name"
    done
}

# Panics name the source file: no folder of this machine may get into what is built.
remapped_paths() {
    local registry="${CARGO_HOME:-$HOME/.cargo}/registry/src" index
    printf '%s' "--remap-path-prefix=$root/usr/lib/rustlib/src/rust=rust --remap-path-prefix=$root/usr/src=rust"
    for index in "$registry"/*/; do
        printf ' %s' "--remap-path-prefix=${index%/}=crates"
    done
}

# rust_cargo [ARGUMENT…]: flags for the compiler of the target come from $flags.
rust_cargo() {
    RUSTC="$rust/bin/rustc" RUSTFLAGS="$(remapped_paths) ${flags:-}" CARGO_TARGET_WASM32_WASIP1_LINKER=wasm-ld-19 \
        "$rust/bin/cargo" "$@"
}

# Debian builds no standard library for this target, so an empty program builds it from Debian's source.
# Its bitcode stays in, or processes could not be optimized across crates when they are linked.
build_standard_library() {
    local probe="$rust/probe" libraries="$root/usr/lib/rustlib/$TARGET/lib"
    mkdir -p "$probe/src" "$libraries/self-contained"
    cp "$root"/usr/lib/wasm32-wasi/{crt1-command.o,crt1-reactor.o,libc.a} "$libraries/self-contained/"
    printf '[package]\nname = "probe"\nversion = "0.0.0"\n[profile.release]\npanic = "abort"\n' > "$probe/Cargo.toml"
    echo 'fn main() {}' > "$probe/src/main.rs"
    say "building the standard library for $TARGET (a minute or two)"
    RUSTC_BOOTSTRAP=1 flags="-C embed-bitcode=yes" rust_cargo build --manifest-path "$probe/Cargo.toml" --release \
        -Zbuild-std=std,panic_abort --target "$TARGET" --target-dir "$probe/target" > "$rust/std.log" 2>&1 \
        || fail "it failed; the output is in $rust/std.log"
    cp "$probe/target/$TARGET/release/deps"/*.rlib "$libraries/"
    rm -r "$probe"
}

# crates.lock is Cargo.lock without the lines that name a registry. Cargo knows which one it uses: the line is taken
# from the lock of a crate that has one dependency.
lock_crates() {
    local project source
    project="$(mktemp -d)"
    mkdir "$project/src"
    touch "$project/src/lib.rs"
    printf '[package]\nname = "one"\nversion = "0.0.0"\n[dependencies]\nwit-bindgen = "=0.36.0"\n' > "$project/Cargo.toml"
    rust_cargo generate-lockfile --quiet --manifest-path "$project/Cargo.toml"
    source="$(grep -m 1 '^source = ' "$project/Cargo.lock")"
    awk -v source="$source" '/^checksum = / { print source } { print }' "$here/crates.lock" > "$workspace/Cargo.lock"
    rm -r "$project"
}

# The examples are built from a copy, since cargo writes beside what it builds.
copy_workspace() {
    rm -rf "$rust/source"
    mkdir -p "$rust/source"
    cp -rp "$SDK/wit" "$rust/source/wit"
    cp -rp "$here" "$workspace"
    lock_crates
}

# A crate added to the workspace, or a version changed, changes what is locked.
keep_lock() {
    grep -v '^source = ' "$workspace/Cargo.lock" > "$rust/crates.lock"
    if ! cmp -s "$rust/crates.lock" "$here/crates.lock"; then
        cp "$rust/crates.lock" "$here/crates.lock"
        say "crates.lock has changed with the crates: commit it"
    fi
}

# Fetched before anything is compiled, since the folder they end up in must be known by then (remapped_paths).
fetch_crates() {
    (cd "$workspace" && rust_cargo fetch) > "$rust/fetch.log" 2>&1 \
        || fail "the crates cannot be fetched; the output is in $rust/fetch.log"
}

need_rust() {
    if [ ! -x "$rust/bin/cargo" ]; then
        rm -rf "$root"
        mkdir -p "$rust"
        unpack_debian_rust
        write_wrappers
    fi
    copy_workspace
    fetch_crates
    if [ ! -e "$rust/ready" ]; then
        build_standard_library
        touch "$rust/ready"
    fi
}

# adapter VERSION: prints the path of the adapter for reactors, which a crate of that version carries.
adapter() {
    local file="$rust/adapter-$1.wasm" project
    if [ ! -e "$file" ]; then
        project="$(mktemp -d)"
        mkdir "$project/src"
        touch "$project/src/lib.rs"
        printf '[package]\nname = "adapter"\nversion = "0.0.0"\n[dependencies]\nwasi-preview1-component-adapter-provider = "=%s"\n' \
            "$1" > "$project/Cargo.toml"
        rust_cargo vendor --quiet --manifest-path "$project/Cargo.toml" "$project/vendor" > /dev/null
        cp "$project/vendor/wasi-preview1-component-adapter-provider/artefacts/wasi_snapshot_preview1.reactor.wasm" "$file"
        rm -r "$project"
    fi
    echo "$file"
}

build_example() {
    local name="$1" example="$here/examples/$1" version="$KINODE_ADAPTER" core component process
    [ -d "$example" ] || fail "there is no example $name: see $here/examples"
    grep -q hyperware "$example/Cargo.toml" && version="$HYPERWARE_ADAPTER"
    say "building $name (the first time takes minutes; output in $rust/build.log)"
    (cd "$workspace" && rust_cargo build --release --target "$TARGET" --target-dir "$rust/target" -p "$name") \
        > "$rust/build.log" 2>&1 || { tail -20 "$rust/build.log" >&2; fail "cargo failed"; }
    core="$rust/target/$TARGET/release/${name//-/_}.wasm"
    process="$(sed -n 's/.*"process_wasm_path": "\/\(.*\)".*/\1/p' "$example/pkg/manifest.json")"
    component="$(mktemp)"
    wasm-tools component new "$core" --adapt "wasi_snapshot_preview1=$(adapter "$version")" -o "$component"
    wasm-tools strip --all "$component" -o "$example/pkg/$process"
    wasm-tools validate "$example/pkg/$process"
    rm "$component"
    say "built rust/examples/$name/pkg/$process ($(stat -c %s "$example/pkg/$process") bytes)"
}

need_wasm_tools
need_rust
[ $# -gt 0 ] || set -- $(ls "$here/examples")
for name in "$@"; do
    build_example "$name"
done
keep_lock
