# The commands of a source tree: test, bench, soak. Sourced by the script ashlar, whose functions and variables it uses.

report_files() { find "$root" -path '*/target/*-reports/TEST-*.xml' -not -path '*/node_modules/*' "$@"; }

# Adds up what the test runs of Maven reported; prints a line for each module and each failure. Sets passed, failed, skipped.
add_up() {
  local summary
  summary=$(report_files -print0 | sort -z | xargs -0 -r awk -v root="$root/" '
    function number(name) { return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : 0 }
    /<testsuite / {
      module = FILENAME; sub(root, "", module); sub("/target/.*", "", module)
      tests[module] += number("tests"); bad[module] += number("failures") + number("errors"); left[module] += number("skipped")
    }
    /<testcase / { match($0, "name=\"[^\"]*\""); name = substr($0, RSTART + 6, RLENGTH - 7)
                   match($0, "classname=\"[^\"]*\""); class = substr($0, RSTART + 11, RLENGTH - 12) }
    /<(failure|error)[ >]/ { print "FAILED  " class ": " name > "/dev/stderr" }
    /<skipped/ { reason = match($0, "message=\"[^\"]*\"") ? substr($0, RSTART + 9, RLENGTH - 10) : ""
                 sub("^org.opentest4j.TestAbortedException: Assumption failed: ", "", reason)
                 print "skipped " class ": " name ": " reason > "/dev/stderr" }
    END {
      for (m in tests) { printf "  %-28s %5d tests %3d failed %3d skipped\n", m, tests[m], bad[m], left[m] > "/dev/stderr"
                         t += tests[m]; b += bad[m]; l += left[m] }
      print t - b - l, b + 0, l + 0
    }')
  read -r passed failed skipped <<<"$summary"
  passed=${passed:-0} failed=${failed:-0} skipped=${skipped:-0}
}

# Runs a script that sums up with a line "N passed, N failed" (something that it stops may say a word after) and adds that up.
run_tests_of() { # script, arguments
  local log last
  log=$cache/$(tr / - <<<"${1#"$root"/}").log
  say "  ${1#"$root"/} …"
  "$@" >"$log" 2>&1
  local status=$?
  last=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1)
  if [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed ]]; then
    passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
    say "    $last"
  else
    failed=$((failed + 1))
    say "    FAILED with status $status before its end; the end of $log:"
    tail -n 15 "$log" >&2
  fi
}

source_test() {
  local all=false arguments=() word started=$SECONDS passed=0 failed=0 skipped=0 archive maven_failed=false
  for word in "$@"; do
    case $word in
      --all) all=true ;;
      -D*) arguments+=("$word") ;;
      --home | --home=*) fail 2 "tests make homes of their own: leave out --home" ;;
      *) fail 2 "test takes --all and -D…, not \"$word\"" ;;
    esac
  done
  say "building and testing (log: ${cache#"$PWD"/}/build.log) …"
  mkdir -p "$cache"
  if $all && ! command -v restic >/dev/null 2>&1; then
    offer "restic" restic || say "without restic, the tests that put it beside our backups are skipped"
  fi
  if $all && ! [ -x /usr/sbin/sshd ]; then
    offer "OpenSSH's server" openssh-server || say "without sshd, the tests of backups on SSH servers are skipped"
  fi
  if $all && ! command -v rclone >/dev/null 2>&1; then
    offer "rclone" rclone || say "without rclone, the tests of backups on REST and WebDAV servers are skipped"
  fi
  if $all && ! command -v strace >/dev/null 2>&1; then
    offer "strace" strace || say "without strace, the tests that watch a node's system calls are skipped"
  fi
  if $all && ! command -v nft >/dev/null 2>&1; then
    offer "nftables" nftables || say "without nftables, the tests of nodes on machines with cables between them are skipped"
  fi
  report_files -delete
  touch "$cache/building"
  # Most tests wait most of the time. With --all one module fewer runs at a time: more of its tests keep a processor busy.
  if $all; then arguments+=(--threads 2); else arguments+=(--threads 3); fi
  (maven verify --fail-at-end -Dashlar.all="$all" ${arguments[@]+"${arguments[@]}"}) || maven_failed=true
  [ -d "$node/lib" ] && mv "$cache/building" "$cache/built" && client_archive
  if $all; then
    test_toolchains
    test_documents
    test_benchmarks
  fi
  say "what the tests say:"
  local beside_passed=$passed beside_failed=$failed
  add_up
  passed=$((passed + beside_passed)) failed=$((failed + beside_failed))
  say "$((SECONDS - started)) s"
  if $maven_failed && [ "$failed" = 0 ]; then
    say "the build failed beside the tests; see $cache/build.log"
    failed=1
  fi
  [ $((passed + failed)) -gt 0 ] || failed=1 # no test ran: nothing was shown
  printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
  [ "$failed" = 0 ]
}

# What needs compilers for guests; the script installs them.
test_toolchains() { run_tests_of "$root/sdk/test.sh" --rebuild; }

# What is printed for newcomers is done as printed.
test_documents() { JAVA_HOME=$java_home ASHLAR_BUILD=never run_tests_of "$root/docs/test.sh"; }

# What needs the rival programs; the script installs them.
test_benchmarks() { JAVA_HOME=$java_home ASHLAR_BUILD=never run_tests_of "$root/bench/test.sh"; }

source_bench() {
  [ -x "$root/bench/run" ] || fail 1 "there is nothing in bench/ yet"
  if out_of_date; then build; fi
  JAVA_HOME=$java_home exec "$root/bench/run" "$@"
}

# Kills and fuzzing, in turn, until the time is over. A finding ends it with status 1.
source_soak() {
  local duration=${1:-4h} seconds fuzz=${ASHLAR_FUZZ:-10m} end target targets=() seed=$((RANDOM * 100000 + 2000))
  [ $# -le 1 ] || fail 2 "soak takes one duration, such as 90m"
  [[ $duration =~ ^([0-9]{1,6})([smh])$ ]] || fail 2 "\"$duration\" is no duration; write 90s, 90m or 4h"
  seconds=${BASH_REMATCH[1]}
  case ${BASH_REMATCH[2]} in m) seconds=$((seconds * 60)) ;; h) seconds=$((seconds * 3600)) ;; esac
  build
  end=$((SECONDS + seconds))
  while IFS= read -r target; do targets+=("$target"); done < <(fuzz_targets)
  say "soaking for $duration: 300 kills, 200 kills of backups, two million small files, 5 000 storms over simulated nodes, then ${#targets[@]} fuzz targets for $fuzz each, in turn (results: ${cache#"$PWD"/}/soak.md)"
  while [ $SECONDS -lt $end ]; do
    soak_step "300 kills" -pl itest/durability -am verify -Dit.test=KillIT -Dashlar.kills=300 -Dtest=None \
      -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
    soak_step "200 kills of backups" -pl bundles/backup -am test -Dtest=KillTest -Dashlar.backup.kills=67 \
      -Dsurefire.failIfNoSpecifiedTests=false
    if command -v restic >/dev/null 2>&1; then
      soak_step "2 000 000 small files backed up, restored and checked by restic" -pl bundles/backup-local -am package \
        "-Dtest=ResticTest#manySmallFilesComeBackFromBoth" -Dashlar.all=true -Dashlar.backup.files=2000000 -Dsurefire.failIfNoSpecifiedTests=false
    fi
    soak_step "5 000 storms over simulated nodes, from $seed on" -pl sim -am package -Dtest=StormTest -Dashlar.sim.seeds=5000 \
      "-Dashlar.sim.first=$seed" -Dsurefire.failIfNoSpecifiedTests=false
    seed=$((seed + 5000))
    for target in ${targets[@]+"${targets[@]}"}; do
      [ $SECONDS -lt $end ] || break
      fuzz_target "$target" "$fuzz"
    done
  done
  say "soaked for $duration without a finding"
}

# module Class#method, one a line: the methods that @FuzzTest marks.
fuzz_targets() {
  local file module
  grep -rl --include='*.java' '@FuzzTest' "$root"/bundles/*/src/test "$root"/launcher/src/test 2>/dev/null | sort | while read -r file; do
    module=${file#"$root"/}
    awk -v module="${module%%/src/*}" -v class="$(basename "$file" .java)" '
      /@FuzzTest/ { marked = 1 }
      marked && match($0, "void [A-Za-z0-9_]+\\(") { print module, class "#" substr($0, RSTART + 5, RLENGTH - 6); marked = 0 }' "$file"
  done
}

# A heap that one reasonable input cannot fill: an input that makes a reader take more than it may is a finding.
FUZZ_HEAP=1g

fuzz_target() { # "module Class#method", duration
  local module=${1% *} test=${1#* }
  JAZZER_FUZZ=1 soak_step "$test, fuzzed for $2" -pl "$module" -am package "-Dtest=$test" -Dsurefire.failIfNoSpecifiedTests=false \
    "-Djazzer.max_duration=$2" "-DargLine=-Xmx$FUZZ_HEAP"
}

# A line in the table of results for each step: what Jazzer says of its inputs and of what they covered, too.
soak_step() { # what, then Maven's arguments
  local started=$SECONDS results=$cache/soak.md done_line inputs=- covered=- corpus=-
  say "  $1 …"
  (maven "${@:2}") || fail 1 "found by $1; see $cache/build.log"
  done_line=$(grep -E '^#[0-9]+[[:space:]]+DONE' "$cache/build.log" | tail -n 1)
  if [[ $done_line =~ ^#([0-9]+).*cov:\ ([0-9]+)\ ft:\ ([0-9]+)\ corp:\ ([^ ]+) ]]; then
    inputs=${BASH_REMATCH[1]} covered="${BASH_REMATCH[2]} edges, ${BASH_REMATCH[3]} features" corpus=${BASH_REMATCH[4]}
  fi
  if [ ! -s "$results" ]; then
    printf '| date | what | seconds | inputs | covered | inputs kept |\n|---|---|---|---|---|---|\n' >"$results"
  fi
  printf '| %s | %s | %s | %s | %s | %s |\n' "$(date +%F)" "$1" "$((SECONDS - started))" "$inputs" "$covered" "$corpus" >>"$results"
  say "  $1: nothing found in $((SECONDS - started)) s; inputs $inputs, covered $covered, kept $corpus"
}
