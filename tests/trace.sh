#!/bin/sh
# droste trace as its users see it: seven formats of one run agree with each other and with what
# `droste run` counts; filters, windows and what cannot be.  trace.sh DROSTE BUILD tests the
# program DROSTE with the monitor, guests and helpers of BUILD; called by tests/check.sh.

droste=$(realpath "$1") build=$(realpath "$2")
json="$build/tests/json_get"
export DROSTE_LIB="$build"
work=$(mktemp -d /tmp/droste-trace-XXXXXX)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
passed=0 failed=0

# ok WHAT: counts the command before it, by its status in $?.
ok() {
	if [ $? = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "trace: $*"
		head -n 5 err | sed 's/^/  err: /'
	fi
}

# trace FORMAT OPTION...: a trace of the guest under two monitors, in a file of the format's name.
guest=$build/guests/preempt.elf
trace() {
	format=$1
	shift
	timeout 120 "$droste" trace --format "$format" --depth 2 --memory 64K "$@" --output "$format" "$guest" 2>err </dev/null
	ok "format $format $*"
}

# field KEY: of every JSON line in which it is, its value.
field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^,\"}]*\).*/\1/p" jsonl; }

# number FILE KEY...: from a document.
number() {
	from=$1
	shift
	"$json" "$@" <"$from"
}

# ---- one run ------------------------------------------------------------------

for format in text jsonl chrome folded flame vcd score; do
	trace $format
done
"$droste" run --depth 2 --memory 64K --json run "$guest" >written 2>err </dev/null
ok 'it does not run'

# Every trap that the run counts is there once, by level and cause.
for level in 0 1 2; do
	for cause in privileged memory svc breakpoint illegal misaligned timer io; do
		kind=reflection
		[ $level = 0 ] && kind=trap
		n=$(grep -c "\"event\":\"$kind\",\"level\":$level,.*\"cause\":\"$cause\"" jsonl)
		counted=$(number run levels $level exits $cause)
		[ "$n" = "$counted" ]
		ok "level $level takes $n traps for $cause, and the run counts $counted"
	done
done
[ "$(wc -l <text)" = "$(wc -l <jsonl)" ]
ok 'text and JSON lines are not as long'
[ "$(tail -n 1 text | awk '{ print $1 }')" = "$(field clock | tail -n 1)" ]
ok 'text and JSON lines do not end at once'

# ---- each format --------------------------------------------------------------

{
	echo '['
	sed '$!s/$/,/' jsonl
	echo ']'
} >lines
last=$(($(wc -l <jsonl) - 1))
trap=$(($(grep -n '"event":"trap"' jsonl | head -n 1 | cut -d: -f1) - 1))
for key in clock steps event level name from caused cause tval pc status base bound timer; do
	number lines "$trap" $key >/dev/null
	ok "a trap has no $key"
done
[ "$(number lines "$last" event)" = end ] && [ "$(number lines "$last" why)" = halted ]
ok 'the last line is not the end'
field clock | sort -nc
ok 'clocks of JSON lines go back'

[ "$(number chrome traceEvents 0 ph)" = M ]
ok 'chrome: no document of trace events'
[ "$(grep -c '"ph":"B"' chrome)" = "$(grep -c '"ph":"E"' chrome)" ]
ok 'chrome: slices that do not end'
[ "$(grep -c '"ph":"s"' chrome)" -gt 5 ] && [ "$(grep -c '"ph":"s"' chrome)" = "$(grep -c '"ph":"f"' chrome)" ]
ok 'chrome: arrows without an end'
[ "$(grep -c '"thread_name"' chrome)" = 3 ]
ok 'chrome: not a track for each level'
# Slices of all tracks together follow each other: one level runs at a time.
sed -n 's/.*"ph":"\([BE]\)".*"ts":\([0-9]*\).*/\1 \2/p' chrome |
	awk '{ if ($1 == ($1 == before) || $2 < at || (NR > 1 && $1 == before)) exit 1; before = $1; at = $2 }'
ok 'chrome: slices overlap'

steps=$(field steps | tail -n 1)
begun=$(awk '{ n += $NF } END { print n }' folded)
[ $((steps - begun)) -le 1 ]
ok "folded: $begun steps of $steps"
grep -q '^level 0 monitor.elf;level 1 monitor.elf;level 2 preempt.elf;[a-z_]* [0-9]*$' folded
ok 'folded: no function of the guest on its hosts'

for picture in flame score; do
	[ "$(head -c 4 $picture)" = '<svg' ] && [ "$(tail -n 1 $picture)" = '</svg>' ] && grep -q 'preempt.elf' $picture
	ok "$picture: no picture"
	for part in g text title rect; do
		opened=$(grep -o "<$part[ >]" $picture | wc -l)
		closed=$(($(grep -o "</$part>" $picture | wc -l) + $(grep -o "<$part [^>]*/>" $picture | wc -l)))
		[ "$opened" = "$closed" ]
		ok "$picture: $opened $part begin, $closed end"
	done
done

# Values of wires that were declared, at times that go on; of the levels one runs.
awk '/^\$var/ { known[$4] = 1; bits[$4] = $3 }
	/^#/ { if (n > 0 && on != 1) bad = 1; time = substr($0, 2) + 0; if (time < last) bad = 1; last = time; n++ }
	/^[01]/ { id = substr($0, 2); if (!known[id]) bad = 1; if (id ~ /^r/) { on += substr($0, 1, 1) - wire[id]; wire[id] = substr($0, 1, 1) } }
	/^b/ { if (!known[$2] || length($1) != bits[$2] + 1) bad = 1 }
	END { exit bad || n < 20 }' vcd
ok 'vcd: not a run of values'

# ---- filters and windows ------------------------------------------------------

trace jsonl --cause svc
[ "$(field cause | sort -u)" = svc ] && [ "$(field event | sort -u | xargs)" = 'end reflection trap' ]
ok 'a cause asked for is not all there is'
trace jsonl --level 1
[ "$(grep -vc '"level":1,\|"caused":1,\|"event":"end"' jsonl)" = 0 ] && [ "$(wc -l <jsonl)" -gt 10 ]
ok 'a level asked for is not all there is'
pc=$(field pc | sed -n 20p)
trace jsonl --address "$((pc))"
[ "$(sed '$d' jsonl | grep -vc "\"pc\":\"$pc\"")" = 0 ] && [ "$(wc -l <jsonl)" -gt 1 ]
ok 'an address asked for is not all there is'
trace jsonl --from guest
first=$(field clock | head -n 1)
[ "$(sed -n 1p jsonl | grep -c '"from":2')" = 1 ]
ok 'the first that happens after the guest has begun is not its own'
trace jsonl --from "$first" --to "$((first + 2000))"
[ "$(field clock | head -n 1)" = "$first" ] && [ "$(field clock | tail -n 1)" = "$((first + 2000))" ]
ok 'a window has other edges'
# Wherever it is cut, what runs then is what the first event after it says has run.
trace jsonl --from guest --limit 3000000
cp jsonl whole
for length in 100 500 1000 1500 2500 4000; do
	trace jsonl --from "$((first + length / 3))" --to "$((first + length))"
	runs=$(sed -n 's/.*"clock":\([0-9]*\).*"event":"\(trap\|entry\)".*"from":\([0-9]*\).*/\1 \3/p' whole | awk -v to="$((first + length))" '$1 > to { print $2; exit }')
	[ -n "$runs" ] && [ "$(field level | tail -n 1)" = "$runs" ]
	ok "a window of $length ends with another level than $runs"
	trace chrome --from "$((first + length / 3))" --to "$((first + length))"
	sed -n 's/.*"ph":"\([BE]\)".*"tid":\([0-9]*\),"ts":\([0-9]*\).*/\1 \2 \3/p' chrome |
		awk -v from="$((first + length / 3))" '{ if (NR == 1 && $3 != from) exit 1; if (($1 == "B") != (NR % 2) || ($1 == "E" && $2 != track) || (NR > 1 && $1 == "B" && $3 != at)) exit 1; track = $2; at = $3 }'
	ok "chrome: the slices of a window of $length are not all of it"
done
trace jsonl --limit 5000
[ "$(field steps | tail -n 1)" = 5000 ] && grep -q '"why":"cut here"' jsonl
ok 'a limit is not kept'
cp jsonl again
trace jsonl --limit 5000
cmp -s jsonl again
ok 'the same run has another trace'

# ---- what cannot be -----------------------------------------------------------

# refuses WORD OPTION...
refuses() {
	word=$1
	shift
	"$droste" trace "$@" "$guest" >out 2>err </dev/null
	[ $? = 125 ] && [ ! -s out ] && [ "$(wc -l <err)" = 1 ] && grep -q "^droste: .*$word" err
	ok "'$*' does not say '$word' in one line"
}
refuses 'there are text jsonl' --format xml
refuses 'there are reset privileged' --cause nothing
refuses address --address 5-4
refuses level --level 64
refuses from --from 9 --to 8
refuses every --every 0
refuses /nowhere --output /nowhere/x
[ ! -w /dev/full ] || refuses 'No space' --output /dev/full

# Whole or not at all.
cat >loop.s <<'END'
.globl _start
_start: j _start
END
${CROSS:-riscv64-unknown-elf-}gcc -march=rv32im -mabi=ilp32 -nostdlib -static -Wl,-Ttext=0x1000 loop.s -o loop.elf
# In the foreground: else timeout signals it twice, and the second ends droste at once.
timeout --foreground --preserve-status -s TERM 1 "$droste" trace --depth 1 --memory 64K --output cut loop.elf >out 2>err
[ $? = 143 ] && [ "$(ls cut* 2>/dev/null)" = '' ]
ok 'an interrupted trace leaves something behind'

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
