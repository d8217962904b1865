#!/bin/sh
# droste gdb as its users see it: packets over --stdio, then stock gdb-multiarch on three
# levels at once, forwards and backwards.  gdb.sh DROSTE BUILD tests the program DROSTE with
# the monitor and guests of BUILD; called by tests/check.sh.

droste=$(realpath "$1") build=$(realpath "$2")
export DROSTE_LIB="$build"
work=$(mktemp -d /tmp/droste-gdb-XXXXXX)
server=
# Who still waits for a gdb is ended, and nobody else.
trap 'stop; rm -rf "$work"' EXIT
stop() { [ -z "$server" ] || { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; server=; }; }
cd "$work" || exit 1
passed=0 failed=0

# ok WHAT: counts the command before it, by its status in $?.
ok() {
	if [ $? = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "gdb: $*"
		tail -n 12 out | cut -c 1-200 | sed 's/^/  out: /'
		head -n 5 err | sed 's/^/  err: /'
	fi
}

# says PATTERN...: each stands in a line of the output.
says() {
	for pattern; do
		grep -qe "$pattern" out
		ok "nothing like '$pattern'"
	done
}

# ---- packets ------------------------------------------------------------------

# packets PACKET...: what they are answered, one in a line.  Without acknowledgements nobody looks
# at sums.
packets() {
	{
		printf '+$QStartNoAckMode#b0'
		printf '$%s#00' "$@"
	} | timeout 60 "$droste" gdb --stdio --depth 1 --memory 64K "$build/guests/hello.elf" 2>err | tr '$' '\n' >out
}

packets 'qSupported:multiprocess+;swbreak+' '?' 'qC' 'm100000,4' 'm140,4' 'p21' 'P1=01020304' 'p1' 'P25=0000000000000000' \
	'Hg5' 'Hg1' 'mf0,4' 'T3' 'vMustReplyEmpty' 'qXfer:nothing:read::0,10' 'vCont;x' 'Z9,0,4' 'z0,140,4' 'Z0,140,4' 'z0,140,4'
says '^OK#9a' 'PacketSize=.*multiprocess+.*ReverseContinue+.*qXfer:exec-file:read+' '^T05thread:p2.1;' '^QCp2.1' '^E03' '^01020304'
[ "$(grep -c '^E0' out)" -ge 6 ]
ok 'too few refusals'
packets 'qXfer:features:read:target.xml:0,4000' 'qXfer:exec-file:read:1:0,fff' 'qXfer:memory-map:read::0,fff' \
	'qXfer:threads:read::0,fff' 'g'
says 'riscv:rv32.*' '<osabi>none</osabi>' 'name="IE" start="1"' 'l/.*monitor.elf' 'type="ram" start="0x0"' 'id="2" name="hello">depth 1'
packets 'vCont;c'
says '^O48656c6c6f20' '^T00replaylog:end;thread:2;'
packets 'vCont;c' 'vCont;c'
says '^W00'
packets 'vCont;c' 'bc' 'bs'
says '^T00replaylog:begin'
packets 'qRcmd,73617665207370' # save sp
says '^O66696c657320' '^OK'
[ ! -e sp ]
ok 'gdb has written a file'

# ---- what cannot be -----------------------------------------------------------

refuses() {
	word=$1
	shift
	"$droste" gdb "$@" "$build/guests/hello.elf" >out 2>err </dev/null
	[ $? = 125 ] && [ ! -s out ] && [ "$(wc -l <err)" = 1 ] && grep -q "^droste: .*$word" err
	ok "'$*' does not say '$word' in one line"
}
refuses port --port 70000
refuses listen --listen nowhere.invalid:1
refuses listen --listen ''
refuses /nowhere --port 0 --script /nowhere/x

# ---- with gdb -----------------------------------------------------------------

# serve OPTION...: a server in the background, and the script that attaches to all of it.
serve() {
	rm -f all.gdb
	"$droste" gdb --port 0 --script all.gdb --memory 256K "$@" >served 2>err </dev/null &
	server=$!
	while [ ! -s all.gdb ] && kill -0 "$server" 2>/dev/null; do
		sleep 0.1
	done
}

# with_gdb: commands on standard input, after the script; their output in out.
with_gdb() {
	cat >commands.gdb
	timeout 120 gdb-multiarch -nx -batch -ex 'set confirm off' -x all.gdb -x commands.gdb >out 2>&1 </dev/null
}

serve --depth 2 "$build/guests/compress.elf"
grep -q '^gdb can come: target extended-remote 127.0.0.1:[0-9]*$' served
ok 'it does not say where it listens'
with_gdb <<'END'
info threads
info registers status base bound timer clock
break main
continue
info registers
stepi 30
reverse-stepi 30
info registers
watch random_state
END
says '1.1 .*"monitor.elf".*trap_entry' '2.1 .*"monitor".*trap_entry' '\* 3.1 .*"compress".*_start' 'status  *0x0.*\[ \]' \
	'bound  *0xffffffff' 'hit Breakpoint 1, main () at .*compress.c'
sed -n '/^ra /,/^clock/p' out >states
half=$(($(wc -l <states) / 2))
[ "$half" -ge 37 ] && head -n "$half" states >before && tail -n "$half" states | cmp -s before -
ok 'thirty steps and thirty back are not where it was'

# The next gdb finds it as it was left.
with_gdb <<'END'
print $pc == &main
delete
watch random_state
break interpret
continue
backtrace
inferior 1
continue
print/x *(int *)0xf0
inferior 3
delete
tbreak expand
continue
finish
info threads
compare-sections .text
reverse-continue
info registers clock
tbreak main
continue
END
says 'Thread 2.1 "monitor" hit Breakpoint .*interpret' 'dispatcher () at monitor/dispatcher.c' \
	'Thread 1.1 "monitor.elf" hit Breakpoint .*interpret' '= 0x314d4d56' 'Thread 3.1 .*expand' 'Value returned is' \
	'Section .text, .*: matched' 'No more reverse-execution history' '^clock  *0x0[[:space:]]*0$'
kill -0 "$server"
ok 'it does not wait for the next gdb'
# A word of the guest, forwards and backwards; one of a monitor whose VM runs.
with_gdb <<'END'
watch random_state
continue
print $clock
continue
reverse-continue
reverse-continue
print $clock
delete
inferior 1
watch *(int *)0x40
continue
backtrace 1
inferior 3
delete
reverse-continue
tbreak main
continue
END
says 'hit Hardware watchpoint 1: random_state' '^Old value = 1$' '^New value = 1$' 'Thread 1.1 .* hit Hardware watchpoint 2' \
	'#0  trap_entry () at monitor/entry.S'
[ "$(sed -n 's/^\$1 = //p' out)" -gt "$(sed -n 's/^\$2 = //p' out)" ]
ok 'it does not go back to where the word was written'

with_gdb <<'END'
inferior 1
stepi
set var $x5 = 0x1234
print/x $x5
set var *(int *)0x2000 = 0x56789abc
print/x *(int *)0x2000
set var $clock = 7
END
says '= 0x1234' '= 0x56789abc' 'Could not write register "clock"'
with_gdb <<'END'
kill inferiors 1
monitor quit
END
wait "$server"
[ $? = 0 ]
ok "'monitor quit' does not end it"
server=

# Beside the bare machine, and where control is lost; what the inspector says, gdb shows.
serve --monitor "$build/mutants/bound-not-clamped.elf" "$build/guests/hostile-bound.elf"
with_gdb <<'END'
monitor compare on
monitor catch control
continue
print $pc
reverse-stepi
reverse-continue
delete
monitor delete 2
continue
info registers bound
set $status = 6
set $timer = 9
set $bound = 0x4000
info registers bound timer status
END
says '^1: compare at level 1' 'resource control is violated: base 0x' 'bare twin part at step' 'pc  *0x' '^bound  *0x4000' \
	'^timer  *0x9' '\[ IE TE \]'
stop

# A Ctrl-C while it runs, and a gdb that is killed while it runs.
cat >loop.s <<'END'
.globl _start
_start: addi a0, a0, 1
j _start
END
${CROSS:-riscv64-unknown-elf-}gcc -march=rv32im -mabi=ilp32 -nostdlib -static -Wl,-Ttext=0x1000 loop.s -o loop.elf
# A monitor that never comes to its guest is served as well.
cat >stuck.s <<'END'
.org 0x20
.word start, 0, 0, -1, 0
.org 0xF0
.word 0x314D4D56, 0x200, 0, 256, -1
.globl start
start: j start
END
${CROSS:-riscv64-unknown-elf-}gcc -march=rv32im -mabi=ilp32 -nostdlib -static -Wl,-Ttext=0,-estart stuck.s -o stuck.elf
serve --depth 1 --monitor stuck.elf "$build/guests/hello.elf"
grep -q '^droste: no guest has begun' err
ok 'it does not say that no guest has begun'
with_gdb <<'END'
info threads
reverse-continue
info registers clock
END
says 'Thread 1.1 .*start' 'No more reverse-execution history' '^clock  *0x0[[:space:]]*0$'
stop
serve --depth 2 loop.elf
with_gdb <<'END'
shell (sleep 1; kill -INT $PPID) >/dev/null 2>&1 &
continue
print $a0 > 1000
shell (sleep 1; kill -KILL $PPID) >/dev/null 2>&1 &
continue
END
says 'received signal SIGINT' '= 1$'
with_gdb <<'END'
info threads
print $pc >= 0x1000 && $pc <= 0x1004
END
says '3.1.*_start' '= 1$'
stop

# Without a port; a range of source lines is stepped over, and the end is an end.
cat >commands.gdb <<END
set confirm off
set architecture riscv:rv32
target remote | $droste gdb --stdio --depth 1 --memory 256K $build/guests/sieve.elf
break main
continue
next
next
continue
continue
info inferiors
END
timeout 120 gdb-multiarch -nx -batch -x commands.gdb >out 2>&1 </dev/null
says 'Breakpoint 1, main () at guests/sieve.c' 'No more reverse-execution history' 'exited normally' '<null>'

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
