#!/bin/sh
# Runs checks that are built, two at a time, and ends with one line 'N passed, N
# failed'.  check.sh BUILD all|sanitize|clang|coverage; called by make.
#
# A check passes if its program exits with 0 and, under sanitizers, nobody left a
# report.  How many single tests it has is read from its last lines; what its
# output says is never enough to pass.

build=$1 what=$2
logs=$build/check

# check NAME SECONDS COMMAND...: puts it in the queue.
check() {
	queued=$((queued + 1))
	echo "$@" >"$(printf '%s/%02d.job' "$logs" $queued)"
}

# Runs one of the queue.  Signals that whoever called us ignores, as in the background, are
# as usual for the tests that send them.  Criterion's children would not fail on a leak: whatever a
# sanitizer says goes to a file, and a file is a failure.
run_job() {
	read -r name seconds command <"$1"
	start=$(date +%s)
	report="log_path=$PWD/$logs/$name.sanitizer:exitcode=99"
	ASAN_OPTIONS=$report UBSAN_OPTIONS=$report:print_stacktrace=1 \
		timeout -k 5 "$seconds" env --default-signal=INT,HUP sh -c "$command" >"$logs/$name.log" 2>&1
	status=$?
	cat "$logs/$name.sanitizer".* >>"$logs/$name.log" 2>/dev/null && status=99
	judge "$name" "$status" $(($(date +%s) - start))
}

# Counts from the output: ours, Criterion's, or one for all.
count() {
	sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p
	        s/.*Tested: [0-9]* | Passing: \([0-9]*\) | Failing: \([0-9]*\) | Crashing: \([0-9]*\).*/\1 \2 \3/p' "$1" |
		awk '{ p += $1; f += $2 + $3 } END { print p + 0, f + 0 }'
}

judge() {
	name=$1 status=$2 seconds=$3
	set -- $(count "$logs/$name.log")
	passed=$1 failed=$2
	[ "$status" = 0 ] && [ "$((passed + failed))" = 0 ] && passed=1
	[ "$status" != 0 ] && [ "$failed" = 0 ] && failed=1
	echo "$passed $failed" >"$logs/$name.count"
	if [ "$failed" = 0 ]; then
		printf 'ok    %-24s %7d passed  %3d s\n' "$name" "$passed" "$seconds"
	else
		{
			printf 'FAIL  %-24s %7d passed, %d failed, exit %d; %s\n' "$name" "$passed" "$failed" "$status" "$logs/$name.log"
			tail -n 40 "$logs/$name.log" | sed 's/^/      /'
		}
	fi
}

if [ "$what" = job ]; then
	run_job "$3"
	exit 0
fi

rm -rf "$logs"
mkdir -p "$logs"
queued=0
guests=$(find guests -maxdepth 2 \( -name '*.c' -o -name '*.S' \) -not -path 'guests/lib/*' -not -path 'guests/forms/*' | sort | xargs)

# The programs of one build, in folder $2.
units() {
	check "units$1" 300 "$2/tests/units"
	check "units-plain$1" 300 PLAIN=1 "$2/tests/units"
	check "session$1" 300 "PG32=$build" "$2/tests/session"
	check "classify$1" 300 "$2/tests/classify"
}
drivers() {
	check "differential$1" 300 "CASES=$3" "$2/tests/differential"
	check "monitor-random$1" 300 "CASES=$(($3 / 5))" MONITOR="$build/monitor.elf" "$2/tests/monitor_random"
	check "assisted-random$1" 300 SIE=1 "CASES=$(($3 / 5))" MONITOR="$build/monitors/assisted.elf" "$2/tests/monitor_random"
	check "guests$1" 600 "$2/tests/guests" "$build/monitor.elf" "$build/guests" "$guests"
}
command_line() {
	check "cli$1" 300 tests/cli.sh "$2/droste" "$build"
	check "gdb$1" 300 tests/gdb.sh "$2/droste" "$build"
	check "debug$1" 300 tests/debug.sh "$2/droste" "$build"
	check "inspect$1" 300 tests/inspect.sh "$2/droste" "$build"
	check "trace$1" 300 tests/trace.sh "$2/droste" "$build"
}

sanitize() {
	drivers -sanitize "$build/sanitize" 300
	units -sanitize "$build/sanitize"
	command_line -sanitize "$build/sanitize"
}
clang() {
	units -clang "$build/clang"
	drivers -clang "$build/clang" 500
}
coverage() {
	units -coverage "$build/coverage"
	drivers -coverage "$build/coverage" 300
	command_line -coverage "$build/coverage"
}

case $what in
all)
	sanitize
	drivers '' "$build" 1500
	units '' "$build"
	command_line '' "$build"
	check judging 600 make -s test-check BUILD="$build"
	check grading 600 make -s test-grade BUILD="$build"
	check tasks 300 make -s test-tasks BUILD="$build"
	clang
	for fuzzer in elf disk disas levels machine profile gdb jvm; do
		check "fuzz-$fuzzer" 120 tests/fuzz/run.sh "$build/fuzz" $fuzzer 4
	done
	check os 300 make -s test-os BUILD="$build"
	check forms 300 make -s test-forms BUILD="$build"
	check witness 120 make -s test-witness BUILD="$build"
	check monitors 300 tests/monitors.sh "$build"
	check labs 300 make -s test-labs BUILD="$build"
	check kill-matrix 120 tests/mutants/current.sh "$build" drift lra-whole-word
	check drawing 60 tests/drawing.sh
	check languages 120 make -s test-po BUILD="$build"
	check documents 120 make -s test-documents BUILD="$build"
	check isa-manual 60 make -s check-isa-manual BUILD="$build"
	check verdicts 120 make -s check-verdicts BUILD="$build"
	;;
*) $what ;;
esac
find "$logs" -name '*.job' | sort | xargs -P "$(nproc)" -I '{}' "$0" "$build" job '{}'
# A job without a count did not even fail properly.
for job in "$logs"/*.job; do
	read -r name _ <"$job"
	[ -f "$logs/$name.count" ] || echo '0 1' >"$logs/$name.count"
done
cat "$logs"/*.count | awk '{ p += $1; f += $2 } END { printf "%d passed, %d failed\n", p, f; exit f > 0 }'
