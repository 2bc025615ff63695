#!/usr/bin/env bash
# Does what the README's tour, the tutorials and the page on system processes print, on a home of its own, and compares what comes out with what they say.
# Called by "ashlar test --all", with JAVA_HOME set and the node built. Ends with the line "N passed, N failed".
set -uo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
work="$(mktemp -d)"
export ASHLAR_HOME="$work/home"
passed=0 failed=0

finish() {
    for home in "$ASHLAR_HOME" "$work/anna" "$work/bert"; do
        [ -d "$home" ] && "$root/ashlar" down --home "$home" >&2
    done
    rm -rf "$work"
}
trap finish EXIT

result() { # what, found, expected
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
        echo "ok: $1"
    else
        failed=$((failed + 1))
        echo "FAILED: $1: expected '$3', found '$2'"
    fi
}

# The indented lines of a section: commands, and what they print.
commands() { # file, heading
    awk -v heading="## $2" '$0 == heading { inside = 1; next } /^## / { inside = 0 } inside && /^    / { print substr($0, 5) }' "$1"
}

tour() {
    local line status told
    cd "$root" || return
    while IFS= read -r line; do
        [ "$line" = "./ashlar down" ] && continue # the tutorial goes on with this node
        echo "\$ $line"
        told=$(bash -c "$line" 2>"$work/err" </dev/null)
        status=$?
        cat "$work/err"
        printf '%s\n' "$told"
        result "$line ends with status" "$status" 0
        case "$line" in
            *"m our@echo:"*) result "$line" "$told" hello ;;
            *"m our@counter:"*) result "$line" "$told" $((count += 1)) ;;
            *"m our@ping:"*) result "$line" "$told" "10 came back, 0 lost" ;;
            *"m our@front:"*) result "$line" "$told" "you > front > middle > back" ;;
        esac
    done < <(commands README.md "Five minutes")
}

# Writes each block of a page that has a file's name before it into that file.
project() { # page, folder
    awk -v folder="$2/" '
        match($0, /^`[^`]+`/) { file = substr($0, 2, RLENGTH - 2) }
        /^```/ { if (open) { close(open); open = "" }
                 else { open = folder file; parent = open; sub("/[^/]*$", "", parent); system("mkdir -p \"" parent "\"") }
                 next }
        open { print > open }' "$root/docs/guide/$1"
}

# What the tutorial installs goes to a copy of the local repository (hard links), not to that of whoever tests.
repository() {
    local own="${MAVEN_REPOSITORY:-$HOME/.m2/repository}"
    mkdir -p "$own"
    cp -al "$own" "$work/repository" 2>/dev/null || cp -a "$own" "$work/repository"
    rm -rf "$work/repository/org/ashlar"
}

tutorial() {
    local heard
    cd "$root" || return
    "${mvn[@]}" -f sdk/java install -DskipTests -pl process,maven-plugin -am
    result "the library and the plugin are installed" $? 0
    project tutorial-java.md "$work/hello"
    cd "$work/hello" || return
    "${mvn[@]}" package
    result "the tutorial's project is built" $? 0
    "$root/ashlar" start target/hello --yes
    result "its package is installed" $? 0
    heard=$("$root/ashlar" m our@crowd:hello:example.os 3 -a 30)
    result "the two processes talk" "$heard" "$(commands "$root/docs/guide/tutorial-java.md" "Build, install, talk" | grep '^Hello')"
    "$root/ashlar" m our@crowd:hello:example.os many -a 30 2>"$work/err"
    result "a trap ends the Request with status" $? 1
}

# The system process of the guide, built and deployed as it says.
system_process() {
    local tries
    cd "$root" || return
    "${mvn[@]}" install -DskipTests -pl bundles/api -am
    result "the API is installed" $? 0
    project system-processes.md "$work/greeter"
    cd "$work/greeter" || return
    "${mvn[@]}" package
    result "the system process is built" $? 0
    cp target/greeter-1.0.0.jar "$ASHLAR_HOME/cache/" && mv "$ASHLAR_HOME/cache/greeter-1.0.0.jar" "$ASHLAR_HOME/deploy/"
    result "its bundle is moved in" $? 0
    for ((tries = 0; tries < 30; tries++)); do
        "$root/ashlar" ps | grep -q greeter:example:sys && break
        sleep 1
    done
    result "it answers" "$("$root/ashlar" m our@greeter:example:sys world -a 5)" "Hello, world!"
}

# Runs the lines of the second tutorial that are commands; the others are what the one before must have printed.
two_nodes() {
    local line told="" status command=""
    cd "$root" || return
    while IFS= read -r line; do
        case "$line" in
            ./ashlar\ * | head\ * | kill\ * | until\ * | cmp\ * | rm\ *)
                command="$line"
                echo "\$ $line"
                told=$(timeout 600 bash -c "${line//\/tmp\//$work/}" 2>"$work/err" </dev/null)
                status=$?
                cat "$work/err"
                result "$line ends with status" "$status" 0 ;;
            *) result "$command" "$told" "$line" ;;
        esac
    done < <(for heading in "Two nodes that know each other" "A chat" "A file" "The end"; do
        commands docs/guide/tutorial-two-nodes.md "$heading"
    done)
}

count=0
mvn=(mvn -q -B -ntp "-Dmaven.repo.local=$work/repository")
repository
tour
tutorial
system_process
two_nodes
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
