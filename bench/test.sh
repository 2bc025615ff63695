#!/usr/bin/env bash
# Takes every figure once, briefly, beside its rival: shows that each can still be taken. Called by "ashlar test --all", with
# JAVA_HOME set and the node built. Ends with the line "N passed, N failed".
set -uo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
passed=0 failed=0

result() { # what, whether
    if $2; then passed=$((passed + 1)); echo "ok: $1"; else failed=$((failed + 1)); echo "FAILED: $1"; fi
}

if "$here/run" --brief; then taken=true; else taken=false; fi
result "every figure can be taken" $taken
# A row of the table that has a rival's number where there is a rival.
if grep -Eq '^\| round trips, 100 pairs +\|([^|]*\|){5} [0-9]' "$here/target/results.md"; then beside=true; else beside=false; fi
result "the rival's figures stand beside" $beside
if ! command -v nats-server > /dev/null || grep -Eq '^\| round trips between two nodes, 100 [^|]*\|([^|]*\|){5} [0-9]' "$here/target/results.md"; then
    beside=true
else
    beside=false
fi
result "those of NATS too, where it is" $beside

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
