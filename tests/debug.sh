#!/bin/sh
# droste debug as its users see it: a student's session in script form, JSON, bad input, and a
# terminal with keys.  debug.sh DROSTE BUILD tests the program DROSTE with the
# monitor, guests and helpers of BUILD; called by tests/check.sh.

droste=$(realpath "$1") build=$(realpath "$2")
export DROSTE_LIB="$build" LC_ALL=C.UTF-8
top=$PWD
guests=$build/guests
work=$(mktemp -d /tmp/droste-debug-XXXXXX)
socket=droste-debug-$$
trap 'tmux -L $socket kill-server 2>/dev/null; rm -rf "$work"' EXIT
passed=0 failed=0

ok() {
	if [ $? = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "debug: $*"
		tail -n 12 "$work/out" | cut -c 1-120 | sed 's/^/  out: /'
		sed 's/^/  err: /' "$work/err" | head -n 5
	fi
}

# debug STATUS 'OPTIONS AND IMAGES': with the commands on standard input.
debug() {
	wanted=$1
	# shellcheck disable=SC2086
	"$droste" debug $2 >"$work/out" 2>"$work/err"
	got=$?
	[ "$got" = "$wanted" ]
	ok "'debug $2' exits with $got, not $wanted"
}

# says TEXT...: each is in the output, in this order, not before the line of the one before.
says() {
	last=1
	for text in "$@"; do
		line=$(tail -n "+$last" "$work/out" | grep -n -m 1 -F -- "$text" | cut -d: -f1)
		[ -n "$line" ]
		ok "'$text' is not said, or not there"
		last=$((last + ${line:-1} - 1))
	done
}

# complains TEXT: one line on standard error.
complains() {
	[ "$(wc -l <"$work/err")" = 1 ] && grep -qF -- "$1" "$work/err"
	ok "does not complain of '$1' in one line"
}

# json KEY...: a value of the answers.
json() { "$build/tests/json_get" "$@" <"$work/out"; }

cd "$top" || exit 1 # so that sources are found

# ---- looking, at three levels ------------------------------------------------------

debug 0 "-d 2 $guests/hello.elf" <<'END'
levels
enter
break main
continue
levels
info psw
translate $pc
list
exit
where at 2
reverse-into
info exits at 2
continue
output
END
says '>0 real machine' 'clock 0' 'in _start' '1: break' 'point 1: a breakpoint' 'in main at hello.c:9' 'print("Hello' \
	'0 real machine' '1 monitor' '>    2 hello' 'running' 'virtual  pc' 'real     pc' \
	'level 2 virtual' 'level 2 real' 'level 1 real' 'level 0 real' '=>   9' \
	'a trap: privileged' 'taken by level 0 from level 2 (hello)' 'in trap_entry at entry.S' 'level 2 (hello)' \
	'level 2' '[line 2] Hello from inside.' 'halted with code 0'
[ ! -s "$work/err" ]
ok 'complains of nothing'

# ---- SIE: what the guest has is in the machine, not in its host's table --------------

debug 0 "--profile sie -m $build/monitors/assisted.elf -d 2 $guests/preempt.elf" <<'END'
enter
level 2
clock 20000
step
reverse-step
cause timer
reverse-step
info psw
level 1
info psw
END
says 'level 2 (preempt), supervisor mode, clock 20000,' 'level 2 (preempt), supervisor mode, clock 20001,' \
	'level 2 (preempt), supervisor mode, clock 20000,' 'taken by level 2' 'level 2 (preempt), supervisor mode, clock 2' \
	'level 2 (preempt), user mode, clock 2' 'virtual  pc 0x0' 'status 7 (user, interrupts enabled, timer runs)' 'timer 0' \
	'level 1 (assisted), user mode' 'status 7 (user'
"$droste" debug --profile sie -m "$build/monitors/assisted.elf" -ex 'enter' -ex 'set $status = 2' --batch "$guests/preempt.elf" \
	>"$work/out" 2>"$work/err"
complains 'runs this one by SIE, where only pc can be set'

# ---- the trap of a guest through both monitors ---------------------------------------

debug 0 "-d 2 $guests/hello.elf" <<'END'
enter
exit 2
reflection
reverse-reflection
goto #100
info clock
END
says 'from level 2 (hello)' 'steps of the real machine: 100'

# ---- against the bare machine ----------------------------------------------------------

debug 0 "--batch -d 2 -ex compare $guests/sort.elf"
says 'equivalence  holds' 'control      holds' 'efficiency   holds' 'inspection   holds'
debug 0 "--batch -m $build/mutants/drift.elf -ex compare -ex where -ex reverse-step $guests/timer.elf"
says 'equivalence  FAILS      clock not as on the bare machine' '<--' 'the session is there now' 'in trap_entry at entry.S'
debug 125 "--batch -ex compare $guests/hello.elf"
complains 'runs no monitor'

# ---- beside the bare machine, live -------------------------------------------------------

cat >"$work/twin.droste" <<'END'
enter
compare on
info points
step 100
info twin
continue
reverse-into
info twin
reverse-continue
continue
compare off
info twin
END
"$droste" debug --batch -ex 'compare on' "$guests/hello.elf" >"$work/out" 2>"$work/err"
complains 'level 0 is the bare machine'
debug 0 "--batch -m $build/mutants/drift.elf -x $work/twin.droste $guests/timer.elf"
says '1: compare at level 1' 'are in step' 'all registers are the same' '1: compare at level 1' 'clock    100          100' \
	'point 1: level 1 (timer) and its bare twin part at step' 'storage at 0x00000070' 'since step' 'clock    35437        35436        <--' \
	'@70      0x00008a6d   0x00008a6c   <--' 'in back' 'are in step' 'this is the beginning' 'bare twin part at step' 'no level is compared'
debug 0 "-m $build/mutants/drift.elf $guests/timer.elf" <<'END'
enter
compare on
continue
step
info twin
END
says 'point 1: level 1 (timer) and its bare twin part at step' '<--' 'in back' 'bare twin part at step' 'goes there, where both can be seen'
debug 0 "-m $build/mutants/misaligned-tval-pc.elf $guests/calm-traps.elf" <<'END'
enter
compare on
continue
END
says 'part at step' 'the trap cells' 'all registers are the same' 'tval     0x00000100   0x00000002   <--'
debug 0 "--batch -m $build/mutants/bound-not-clamped.elf -x $work/twin.droste $guests/hostile-bound.elf"
says 'its bare twin part at step' 'lw t0,0(t1)' 'all registers are the same'
debug 0 "--batch -d 2 -x $work/twin.droste $guests/disk.elf"
says 'level 2 (disk) and its bare twin are in step' 'halted with code 0' 'have ended alike' 'no level is compared'

# ---- resource control ------------------------------------------------------------------

cat >"$work/control.droste" <<'END'
catch control
continue
info properties
continue
reverse-continue
reverse-continue
delete
violation
violation 2
reverse-violation
info points
END
debug 0 "--batch -m $build/mutants/bound-not-clamped.elf -x $work/control.droste $guests/timer.elf"
says '1: catch control' 'point 1: resource control is violated: base 0x' 'level 1 (timer), supervisor mode, clock 0,' \
	'resource control: violated 1 time, first at step' 'point 1: resource control' 'point 1: resource control' 'clock 0,' \
	'this is the beginning' 'resource control is violated' 'clock 0,' 'resource control is violated' 'no points'
debug 0 "--batch -m $build/mutants/dma-end-unchecked.elf -ex violation $guests/hostile-dma.elf"
says 'resource control is violated: a transfer at' 'in sio at entry.S'
printf 'catch control\ncontinue\ninfo properties\n' >"$work/control.droste"
debug 0 "--batch -d 2 -x $work/control.droste $guests/hostile-dma.elf $guests/clock.elf"
says 'halted with code 0' 'traps of the real machine: 1 reset' 'resource control: kept'

# ---- points at levels that are not there yet ----------------------------------------------

debug 0 "-d 2 $guests/hello.elf" <<'END'
break main at 2
watch @0x14 at 1
break _start at 2
continue
continue
continue
reverse-continue
END
says 'point 3' 'clock 0' 'point 1' 'clock 18' 'point 2' 'is 0x00000001' 'point 1' 'clock 18'

# ---- an anchor that lies -------------------------------------------------------------------

cat >"$work/liar.c" <<'END'
#include "droste.h"
int main(void)
{
	volatile unsigned *anchor = (volatile unsigned *)0xF0;
	for (int i = 0; i < 5; i++)
		anchor[i] = i == 0 ? 0x314D4D56 : 0xFFFFFFFF;
	print("liar\n");
	return 0;
}
END
"$droste" cc -O1 -fno-delete-null-pointer-checks "$work/liar.c" -o "$work/liar.elf"
printf 'enter\nexit 1\nlevels\ncontinue\n' >"$work/liar.droste"
debug 0 "--batch -d 1 -x $work/liar.droste $work/liar.elf"
says '1 liar' 'its anchor lies: its entries are too short' 'halted with code 0'

# ---- guests that never trap, and those side by side, are entered ---------------------------

debug 0 "--batch -d 3 -ex enter $guests/hostile-loop.elf"
says 'level 3 (hostile-loop), supervisor mode, clock 0,'
printf 'enter\nlevels\nenter 2\nlevels\n' >"$work/two.droste"
debug 0 "--batch -x $work/two.droste $guests/sort.elf $guests/timer.elf"
says 'level 1 (sort)' '>  1 sort' '  2 timer' 'level 2 (timer), supervisor mode, clock 0' '>  2 timer'

# ---- forwards, then backwards, is where it was ------------------------------------------

for motion in step next into; do
	debug 0 "-d 2 $guests/sort.elf" <<END
enter
step 1000
info registers at 2
$motion 57
reverse-$motion 57
info registers at 2
END
	grep '^x' "$work/out" >"$work/registers"
	[ "$(wc -l <"$work/registers")" = 16 ] && [ "$(head -n 8 "$work/registers")" = "$(tail -n 8 "$work/registers")" ]
	ok "$motion 57 and back changes registers"
done

# ---- by source line ------------------------------------------------------------------------

debug 0 "-d 1 $guests/sieve.elf" <<'END'
break main at 1
continue
line
line 3
reverse-line
END
says 'in main at sieve.c:12' 'at sieve.c:' 'sieve.c:'
[ "$(grep -c 'in main at sieve.c:' "$work/out")" = 4 ]
ok 'line leaves main'

# ---- back out of a function, from the end, and from where nothing was called --------------------

printf 'continue\nreverse-finish\ngoto #2\nreverse-finish\n' >"$work/back.droste"
for depth in 0 1; do
	debug 0 "--batch -d $depth -x $work/back.droste $guests/hello.elf"
	says 'halted with code 0' 'this is the beginning'
	! grep -q interrupted "$work/out"
	ok 'going back is not interrupted'
done

# ---- no motion takes more than --limit allows ---------------------------------------------------

printf 'continue\nstep 100000\nreverse-into 10\nreverse-step 500000\nenter\nreverse-step 3\n' >"$work/limit.droste"
debug 0 "--batch --limit 390000 -d 1 --memory 1M -x $work/limit.droste $guests/sort.elf"
says 'the limit of steps is reached' 'step 390001' 'step 490001' 'step 489991' \
	'the limit of steps is reached' 'step 99991'

# ---- points ------------------------------------------------------------------------------

debug 0 "-d 1 $guests/sieve.elf" <<'END'
enter
catch privileged at 0 if $tval != 0
continue
info points
disable 1
tbreak main at 1
reverse-continue
watch @0x40, 4
delete 1
delete
info points
END
says '1: catch privileged at level 0 if $tval != 0' 'point 1: privileged' '1 hits' '2: break' 'which was for once' '3: watch'
grep -q 'no points' "$work/out"
ok 'delete leaves points'

# ---- input, marks, changes, files ------------------------------------------------------------

cat >"$work/echo.droste" <<END
# as a student would
continue
mark asked
type hello, machine
continue
output
save $work/saved
goto asked
set \$a0 = 0x55
print \$a0
END
debug 0 "--batch -x $work/echo.droste -d 1 $guests/echo.elf"
says 'waits for input' 'asked is step' 'bytes for line 1' 'you said: hello, machine' '0x55 = 85'
"$droste" debug --batch -ex enter -ex "load $work/saved" -ex 'output 1' -ex 'info marks' -d 1 "$guests/echo.elf" >"$work/out" 2>"$work/err"
ok 'load fails'
says 'you said: hello, machine' asked
debug 0 "--batch -ex c -ex eof -ex c $guests/echo.elf"
cp "$guests/hello.elf" "$work/hello.elf"

# ---- files are written whole or not at all ------------------------------------------------------

cp "$work/saved" "$work/kept"
(
	trap '' XFSZ
	ulimit -f 0
	exec "$droste" debug --batch -ex "type not to be saved" -ex "save $work/kept" "$guests/echo.elf"
) 2>&1 >/dev/null | cat >"$work/err"
complains 'nothing was changed'
cmp -s "$work/saved" "$work/kept" && [ "$(find "$work" -name 'kept*' | wc -l)" = 1 ]
ok 'a save that failed left something, or nothing'
"$droste" debug --batch -ex 'save /dev/full' "$guests/hello.elf" >"$work/out" 2>"$work/err"
[ $? = 125 ]
ok 'a full disk is no failure'
complains 'No space left'

# ---- output without end ----------------------------------------------------------------------------

cat >"$work/babble.c" <<'END'
#include "droste.h"
static char line[50001];
int main(void)
{
	for (int i = 0; i < 50000; i++)
		line[i] = i % 100 == 99 ? '\n' : 'x';
	for (int i = 0; i < 150; i++)
		print(line);
	print("the end\n");
	return 0;
}
END
"$droste" cc "$work/babble.c" -o "$work/babble.elf"
printf 'continue\ninfo devices\nreverse-step\noutput\n' >"$work/babble.droste"
"$droste" debug --batch -x "$work/babble.droste" "$work/babble.elf" 2>"$work/err" | grep -v '^.line 0. x*$' >"$work/out"
says ' bytes before are not kept]' '[line 0] the end' 'halted with code 0' '7500008 bytes written' ' bytes before are not kept]'
[ ! -s "$work/err" ]
ok 'too much output is a failure'

# ---- a PSW set by hand: the same from there on, at every depth ------------------------------------------

cat >"$work/set.droste" <<'END'
enter
step 50
set $status = 6
set $timer = 25
step 10
print $timer
set $status = 2
step 10
print $timer
set $status = 7
step
print $timer
set $bound = 0x8000
set $base = 0x140
set $pc = 0x200
info psw
continue
info clock
x/7xw @0
reverse-step 3
info psw
END
for depth in 0 1 2; do
	debug 0 "--batch -d $depth -x $work/set.droste $guests/sort.elf"
	sed '/^real /d; /^steps /d; s/, step [0-9]*//; s/level [0-9] ([a-z ]*)/level/; s/line [0-9]/line/; s/^PSW    /virtual/
	     s/of level [0-9]/of level/; s/, not running now//' "$work/out" >"$work/set.$depth"
done
says '0xf = 15' '0xf = 15' '0xe = 14' 'virtual  pc 0x00000200  status 7 (user' 'trap: memory at pc' 'clock of level 2: '
diff "$work/set.0" "$work/set.1" >"$work/out" && diff "$work/set.0" "$work/set.2" >"$work/out"
ok 'a PSW set by hand tells depths apart'

# ---- JSON -----------------------------------------------------------------------------------------

"$droste" debug --json --batch -ex enter -ex 'break main' -ex continue -ex 'info registers' -ex levels -d 1 "$guests/hello.elf" \
	>"$work/out" 2>"$work/err"
ok '--json fails'
[ "$(json 2 why)" = point ] && [ "$(json 2 line)" = 9 ] && [ "$(json 2 level)" = 1 ] && [ "$(json 2 point)" = 1 ]
ok 'JSON of a breakpoint'
[ "$(json 3 registers zero)" = 0 ] && [ "$(json 4 levels 1 name)" = hello ]
ok 'JSON of registers and levels'

# ---- the walk in docs/debugging.md is what happens, but for numbers -----------------------------------

sed -n '/^```console/,/^```$/p' docs/debugging.md | grep -v '^```' >"$work/walk"
numberless() { sed 's/0x[0-9a-f]*/N/g; s/[0-9][0-9.]*/N/g; s/ \+/ /g' "$1"; }
sed -n 's/^([0-9]* [a-z ]*) //p' "$work/walk" | "$droste" debug -d 2 "$guests/hello.elf" >"$work/out" 2>"$work/err"
ok 'the walk fails'
numberless "$work/out" >"$work/is"
grep -v '^([0-9]* [a-z ]*) ' "$work/walk" | numberless - >"$work/written"
diff "$work/written" "$work/is" >"$work/out"
ok 'docs/debugging.md does not show what happens'

# ---- the habits of gdb ---------------------------------------------------------------------------------

debug 0 "-d 1 $guests/hello.elf" <<'END'
enter
break *0x148
continue
ni
delete
rni 3
# where the level begins to run, and no further
where
exit 1
# the trap's handling ends by LPSW
finish
where at 1
END
says '1: break 0x00000148' 'point 1' 'clock 3' 'clock 0' 'trap_entry' 'level 0 (real machine), user mode' 'in print'
"$droste" debug --batch -ex 'info locals' "$guests/hello.elf" 2>"$work/out" >"$work/err"
says "gdb has it, for every level, by 'droste gdb'"
"$droste" debug --batch -ex info "$guests/hello.elf" 2>"$work/out" >"$work/err"
says 'there are info registers, info psw'

# ---- bad input ----------------------------------------------------------------------------------------

for wrong in nonsense 'info' 'break nowhere' 'print 1 +' 'print (1' 'print 1 / 0' 'level 7' 'x/9q 0' 'x @0xfffffff0' 'delete 9' \
	'goto' 'type/99 x' 'catch fire' 'watch' 'set' 'set $pq = 1' 'mark 1' 'load nothing' 'source nothing' 'until' 'output 40' \
	'help nonsense' 'ignore' 'list 0xfffffff0' 'break 30' 'until *0x141' 'bt' 'info nonsense' \
	'set $status = 9' 'set $base = 2' 'set $pc = 1' 'set $clock = 5'; do
	"$droste" debug --batch -ex "$wrong" "$guests/hello.elf" >"$work/out" 2>"$work/err"
	[ $? = 125 ] && [ "$(wc -l <"$work/err")" = 1 ]
	ok "'$wrong' is not refused in one line: $(head -n 3 "$work/err")"
done
printf 'print 1\nbreak nowhere\nprint 2\n' >"$work/bad.droste"
"$droste" debug --batch -x "$work/bad.droste" "$guests/hello.elf" >"$work/out" 2>"$work/err"
grep -q "bad.droste:2: 'break nowhere' failed" "$work/err" || grep -q "bad.droste:2: 'break nowhere' failed" "$work/out"
ok 'a script that fails does not say where'
debug 125 "--nonsense x" </dev/null
complains 'no option'
debug 125 "" </dev/null
complains 'no image'
debug 125 "/nonexistent" </dev/null
complains 'cannot open'
debug 125 "--batch -x $work $guests/hello.elf"
complains 'Is a directory'
head -c 3000 /dev/urandom | tr -d '\000' >"$work/noise"
"$droste" debug "$guests/hello.elf" <"$work/noise" >"$work/out" 2>"$work/err"
[ $? -le 125 ]
ok 'noise as commands'
cmp -s "$guests/hello.elf" "$work/hello.elf"
ok 'the image was changed'

# ---- help, and the manual page ------------------------------------------------------------------------------

"$droste" debug --json --batch -ex help "$guests/hello.elf" >"$work/out"
i=0
while name=$(json 0 commands $i 2>/dev/null); do
	"$droste" debug --batch -ex "help $name" "$guests/hello.elf" | grep -q Example:
	ok "no help for $name"
	grep -q "$(printf '%s' "$name" | sed 's/^reverse-.*/reverse-/')" "$top/docs/man/droste-debug.1"
	ok "$name is not in droste-debug(1)"
	i=$((i + 1))
done
[ "$i" -gt 50 ]
ok "only $i commands"

# ---- Ctrl-C where nobody is at a terminal ----------------------------------------------------------------------

printf '.globl _start\n_start: j .\n' >"$work/loop.s"
"${CROSS:-riscv64-unknown-elf-}gcc" -march=rv32im -mabi=ilp32 -nostdlib -static -Wl,-Ttext=0x1000 "$work/loop.s" -o "$work/loop.elf"
timeout --foreground --preserve-status -s INT 2 "$droste" debug --batch -d 1 -ex enter -ex continue "$work/loop.elf" >"$work/out" 2>"$work/err"
[ $? = 130 ]
ok 'SIGINT does not end it'
says 'level 1 (loop)' interrupted
debug 0 "--batch --limit 30000000 -ex continue $work/loop.elf"
says 'the limit of steps is reached'
"$droste" debug --batch -d 1 -ex 'compare 1000' "$work/loop.elf" >"$work/out" 2>"$work/err"
ok 'compare fails'
says 'equivalence  holds' 'has not ended by then'

# ---- what others wrote, made plain ------------------------------------------------------------------------

escape=$(printf '\033')
cat >"$work/evil.c" <<END
#include <stdio.h>
void other(void);
int main(void) { other(); return 0; } /* $escape[5m */
#line 7 "e$escape[2J.c"
void other(void) { puts("\033[31mred \302\2332J \2332J caf\303\251"); }
END
"$droste" cc -g -O0 -o "$work/evil.elf" "$work/evil.c" &&
	"${CROSS:-riscv64-unknown-elf-}objcopy" --redefine-sym "other=m$escape]0;n$(printf '%0300d' 0)" "$work/evil.elf"
ok 'no guest with such names'
other=$("${CROSS:-riscv64-unknown-elf-}nm" "$work/evil.elf" | grep -a ']0;n' | cut -c1-8)
"$droste" debug --batch -ex 'until main' -ex list -ex "until *0x$other" -ex symbols -ex continue "$work/evil.elf" >"$work/out" 2>"$work/err"
says '/* \x1b[5m */' 'in m?]0;n000' 'at e?[2J.c:7' '\x1b[31mred \xc2\x9b2J \x9b2J café'
! cat "$work/out" "$work/err" | sed 's/é//g' | LC_ALL=C tr -d '\n\t\040-\176' | grep -q .
ok 'control characters of a name, a source or a guest reach the terminal'
"$droste" trace -f folded --every 1 "$work/evil.elf" >"$work/out" 2>"$work/err"
says ';m?]0:n000'

# ---- a terminal ----------------------------------------------------------------------------------------------

keys() { tmux -L "$socket" send-keys -t 0 "$@"; }

# sees TEXT: within a minute.
sees() {
	for _ in $(seq 600); do
		tmux -L "$socket" capture-pane -p -t 0 >"$work/out"
		grep -qF -- "$1" "$work/out" && break
		sleep 0.1
	done
	grep -qF -- "$1" "$work/out"
	ok "'$1' is not seen"
}

: >"$work/err"
tmux -L "$socket" -f /dev/null new-session -d -x 100 -y 40 "XDG_STATE_HOME=$work/state $droste debug -d 1 $work/loop.elf; sleep 60"
sees '(0 real machine)'
keys 'ent' Tab Enter
sees '(1 loop)'
keys 'print $pc' Enter
sees '0x1000'
keys 'reg' C-c
keys 'continue' Enter
sees 'million steps; Ctrl-C stops'
keys C-c
sees 'interrupted'
keys 'step 2' Enter
sees 'clock'
keys Enter
keys 'quit' Enter
for _ in $(seq 50); do [ -s "$work/state/droste/history" ] && break; sleep 0.1; done
grep -q '^step 2$' "$work/state/droste/history"
ok 'no history is kept'

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
