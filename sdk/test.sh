#!/usr/bin/env bash
# Runs the examples of all SDKs on a node of its own, and a tour of each SDK's functions.
# Ends with the line "N passed, N failed". With --rebuild, builds every guest first, those of the other tests too, and expects the
# committed bytes where the compiler is the one in the file toolchains; where it is another, what it made is run instead.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
ashlar="$SDK/../ashlar"
home="$(mktemp -d)"
passed=0 failed=0

result() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
        say "ok: $1"
    else
        failed=$((failed + 1))
        say "FAILED: $1: expected '$3', found '$2'"
    fi
}

ask() { "$ashlar" m "our@$1" "$2" -a 30 --home "$home" 2>&1 || true; }

# A package that does not start shows in the result of asking it.
start() { "$ashlar" start "$1" --yes --home "$home" >&2 || true; }

# tour LANGUAGE: installs the tour as a package of its own and asks it to go.
tour() {
    cp -r "$SDK/$1/test" "$home/tour-$1"
    case "$1" in
        assemblyscript) "$SDK/assemblyscript/ashlar-asc" -o "$home/tour-$1/pkg/tour.wasm" "$SDK/$1/test/tour.ts" ;;
        javascript) "$SDK/javascript/ashlar-js" -o "$home/tour-$1/pkg/tour.wasm" "$SDK/$1/test/tour.js" ;;
    esac
    start "$home/tour-$1"
    result "tour of $1" "$(ask "tour:tour-$1:ashlar.os" tour)" ok
}

sums() { find "$1" -name '*.wasm' -not -path '*/target/*' -exec sha256sum {} + | sort; }

# compiler LANGUAGE: which one this machine has. That of AssemblyScript is fixed by its version.
compiler() {
    case "$1" in
        c | javascript) dpkg-query -W -f '${Version}' clang-19 ;;
        assemblyscript) sed -n 's/^ASSEMBLYSCRIPT_VERSION=//p' "$SDK/assemblyscript/ashlar-asc" ;;
        rust) "$ASHLAR_CACHE/rust/bin/rustc" --version ;;
    esac
}

# rebuild LANGUAGE FOLDER SCRIPT
rebuild() {
    local before recorded found
    before="$(sums "$2")"
    say "rebuilding ${2#"$SDK/"}"
    "$3" || true # what it did not make differs, or does not run
    recorded="$(sed -n "s/^$1: //p" "$SDK/toolchains")" found="$(compiler "$1")"
    if [ "$recorded" = "$found" ]; then
        result "rebuilt bytes of ${2#"$SDK/"}" "$(sums "$2")" "$before"
    else
        say "${2#"$SDK/"} was made with $recorded and here with $found: its bytes are not compared"
    fi
}

if [ "${1:-}" = --rebuild ]; then
    for language in c assemblyscript javascript rust; do
        rebuild "$language" "$SDK/$language" "$SDK/$language/build.sh"
    done
    rebuild c "$SDK/../itest/probe" "$SDK/../itest/probe/build.sh"
    rebuild c "$SDK/../itest/swap" "$SDK/../itest/swap/build.sh"
    rebuild c "$SDK/../bench/guests" "$SDK/../bench/guests/build.sh"
fi

say "building the examples in Java, on their own as somebody else's would be (Maven)"
mvn -q -f "$SDK/java" package -DskipTests >&2

"$ashlar" up --detach --name test.os --home "$home" >&2
trap '"$ashlar" down --home "$home" >&2; rm -r "$home"' EXIT

for language in c assemblyscript javascript rust; do
    start "$SDK/$language/examples/echo"
    result "echo in $language" "$(ask "echo:echo-$language:ashlar.os" 'héllo')" 'héllo'
done
start "$SDK/c/examples/middleware"
result "middleware" "$(ask front:middleware-c:ashlar.os hi)" 'hi > front > middle > back'
start "$SDK/assemblyscript/examples/ping-pong"
result "ping-pong" "$(ask ping:ping-pong-assemblyscript:ashlar.os 10)" '10 came back, 0 lost'
start "$SDK/rust/examples/echo-hyperware"
result "echo in rust for hyperware" "$(ask echo:echo-hyperware-rust:ashlar.os 'héllo')" 'héllo'
start "$SDK/rust/examples/counter"
ask counter:counter-rust:ashlar.os increment > /dev/null
"$ashlar" kill counter:counter-rust:ashlar.os --home "$home" >&2
start "$SDK/rust/examples/counter"
result "counter keeps its count" "$(ask counter:counter-rust:ashlar.os increment)" 2
start "$SDK/java/examples/echo/target/echo-java"
result "echo in java" "$(ask echo:echo-java:ashlar.os 'héllo')" 'héllo'
start "$SDK/java/examples/ping-pong/target/ping-pong-java.zip"
result "ping-pong in java" "$(ask ping:ping-pong-java:ashlar.os 1000)" '1000 of 1000 pings came back'
start "$SDK/java/examples/parent/target/parent-java"
result "parent in java" "$(ask parent:parent-java:ashlar.os '3 4 5')" 50
tour assemblyscript
tour javascript
start "$SDK/java/tour/target/tour-java"
result "tour of java" "$(ask tour:tour-java:ashlar.os tour)" ok

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
