#!/bin/sh
# droste as its user sees it: exit codes, what bad input gets, output that cannot
# be written, JSON, signals and the terminal, installing.  cli.sh DROSTE BUILD
# tests the program DROSTE with the monitor, guests and helpers of BUILD; called by
# tests/check.sh.

droste=$(realpath "$1") build=$(realpath "$2")
cross=${CROSS:-riscv64-unknown-elf-}
json="$build/tests/json_get"
hello="$build/guests/hello.elf"
export DROSTE_LIB="$build" LC_ALL=C.UTF-8
unset LANGUAGE
work=$(mktemp -d /tmp/droste-cli-XXXXXX)
trap 'rm -rf "$work"' EXIT
top=$PWD
cd "$work" || exit 1
passed=0 failed=0

# ---- judging ------------------------------------------------------------------

# ok WHAT: counts the command before it, by its status in $?.
ok() {
	if [ $? = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "cli: $*"
		sed 's/^/  out: /' out 2>/dev/null | head -n 5
		sed 's/^/  err: /' err 2>/dev/null | head -n 5
	fi
}

# gives STATUS COMMAND...: runs it with no input, keeps its output in out and err.
gives() {
	wanted=$1
	shift
	"$@" >out 2>err </dev/null
	got=$?
	[ "$got" = "$wanted" ]
	ok "'$*' exits with $got, not $wanted"
}

# refuses WORD COMMAND...: exit code 125, nothing on standard output, and on
# standard error one line of ours that has WORD in it.
refuses() {
	word=$1
	shift
	gives 125 "$@"
	[ ! -s out ] && [ "$(wc -l <err)" = 1 ] && grep -q '^droste: ' err && grep -qi -- "$word" err
	ok "'$*' does not say '$word' in one line"
}

# ---- small programs -----------------------------------------------------------

# assemble NAME LINE...: an ELF file at 0x1000.
assemble() {
	name=$1
	shift
	printf '%s\n' '.globl _start' '_start:' "$@" >"$name.s"
	"${cross}gcc" -march=rv32im -mabi=ilp32 -nostdlib -static -Wl,-Ttext=0x1000 -Wl,--build-id=none "$name.s" -o "$name.elf"
}

halt='.insn r 0x0B, 4, 8, x0, a0, x0'
assemble exit42 'li a0, 42' "$halt"
assemble exit300 'li a0, 300' "$halt"
assemble loop 'j .'
assemble stop 'ebreak'
assemble sleep '.insn r 0x0B, 4, 7, x0, x0, x0'

# ---- run ----------------------------------------------------------------------

gives 42 "$droste" run exit42.elf
gives 44 "$droste" run exit300.elf
gives 124 "$droste" run --limit 1000 loop.elf
gives 126 "$droste" run stop.elf
gives 127 "$droste" run sleep.elf
for depth in 1 2 3; do
	gives 42 "$droste" run --depth $depth exit42.elf
	gives 126 "$droste" run --depth $depth stop.elf
	gives 127 "$droste" run --depth $depth sleep.elf
	gives 0 "$droste" run --depth $depth "$hello"
	[ "$(cat out)" = 'Hello from inside.' ] && [ ! -s err ]
	ok "hello at depth $depth writes something else"
done
gives 0 "$droste" run --monitor "$build/monitor.elf" "$hello"
gives 0 "$droste" run "$hello" --depth 1 --json after.json
"$json" depth <after.json >value && [ "$(cat value)" = 1 ]
ok 'options after the image are not taken'
gives 0 "$droste" run --profile x86 "$hello"
gives 0 "$droste" run --memory 64K "$hello"
gives 0 "$droste" run "$hello" "$hello"
[ "$(grep -c 'Hello from inside.' out)" = 2 ]
ok 'two guests side by side do not both write'
gives 0 "$droste" run --stats --depth 2 "$hello"
[ "$(grep -c '' err)" -ge 4 ] && grep -q privileged err
ok '--stats says nothing of levels and causes'

# ---- JSON ---------------------------------------------------------------------

gives 42 "$droste" run --depth 2 --json run.json exit42.elf
for key in end code clock depth 'guest instructions' 'guest privileged' 'guest direct' \
	'levels 0 instructions' 'levels 2 instructions' 'levels 0 exits privileged' 'levels 1 exits timer'; do
	# shellcheck disable=SC2086 # a key is words
	"$json" $key <run.json >out 2>err
	ok "the JSON document has no $key"
done
[ "$("$json" end <run.json) $("$json" code <run.json) $("$json" guest instructions <run.json)" = 'halted 42 2' ]
ok 'the JSON document says something else'
gives 0 "$droste" run --json - "$hello"
sed 1d out | "$json" end >value && [ "$(cat value)" = halted ]
ok '--json - is no document after the output'
gives 0 "$droste" check equivalence --guest "$hello" --coverage --json -
"$json" findings 0 verdict <out >value && [ "$(cat value)" = holds ]
ok 'check --json - has more than a document on standard output'
printf '{ "title": "short", "points": { "equivalence": 1 }, "guests": ["hello"] }' >short.json
gives 0 "$droste" grade --rubric short.json --monitor "$build/monitor.elf" --json -
"$json" title <out >value && [ "$(cat value)" = short ]
ok 'grade --json - has more than a document on standard output'
gives 42 "$droste" run --plain --depth 2 --json plain.json exit42.elf
cmp -s run.json plain.json
ok 'the plain executor and the engine make different documents'
for end in 'loop limit' 'stop check-stop' 'sleep disabled'; do
	"$droste" run --limit 1000 --json end.json "${end% *}.elf" >out 2>err
	"$json" end <end.json | grep -q "${end#* }"
	ok "the JSON document of ${end% *} has another end"
done

# ---- pack, disas, cc, help ----------------------------------------------------

gives 0 "$droste" pack --output one.disk exit42.elf
gives 42 "$droste" run one.disk
gives 0 "$droste" pack --depth 2 --output two.disk exit42.elf
gives 42 "$droste" run --disk two.disk
gives 0 "$droste" pack --list two.disk
grep -q exit42 out
ok 'pack --list does not name the guest'
gives 0 "$droste" pack --list two.disk --json
"$json" minidisks 0 minidisks 0 name <out >value && [ "$(cat value)" = exit42 ]
ok 'pack --list --json does not name the guest'
gives 0 "$droste" pack --output three.disk exit42.elf "$hello"
gives 0 "$droste" pack --list three.disk

gives 0 "$droste" disas 00100093 0x0E00400B
grep -q 'addi.ra,zero,1' out && grep -q wait out
ok 'disas says something else'
gives 0 "$droste" disas exit42.elf
grep -q 'halt.a0' out
ok 'disas of an ELF file does not show its code'
cp out disassembled
gives 0 "$droste" disas exit42.elf hello
[ "$(wc -l <out)" -gt "$(wc -l <disassembled)" ]
ok 'disas does not know the guests of the standard set'

cat >greet.c <<'C'
#include <stdio.h>
int main(void)
{
	char name[32];
	printf("Who? ");
	if (scanf("%31s", name) != 1)
		return 3;
	printf("Hello, %s.\n", name);
	return 7;
}
C
gives 0 "$droste" cc -O2 greet.c -o greet.elf
for depth in 0 1 2; do
	echo world | "$droste" run --depth $depth greet.elf >out 2>err
	[ $? = 7 ] && [ "$(cat out)" = 'Who? Hello, world.' ]
	ok "a C program at depth $depth"
done
echo there >input
gives 7 "$droste" run --input input greet.elf
gives 127 "$droste" run greet.elf
gives 7 "$droste" run --record record --input input greet.elf
gives 7 "$droste" run --replay record greet.elf
[ "$(cat out)" = 'Who? Hello, there.' ]
ok 'a replay writes something else'
echo 'int main(void) { return x; }' >wrong.c
"$droste" cc wrong.c -o wrong.elf >out 2>err && false || [ ! -e wrong.elf ]
ok 'cc of a wrong program makes one'

gives 0 "$droste" nest --depth 2 "$hello"
[ "$(grep -c 'Hello from inside.' out)" = 1 ] && [ "$(wc -l <out)" -ge 4 ]
ok 'nest does not print a line for each depth'
gives 0 "$droste" nest --quiet --depth 1 stop.elf
gives 0 "$droste" nest --depth 2 --json - "$hello"
[ "$("$json" equal <out) $("$json" depths 2 depth <out) $("$json" depths 2 same clock <out)" = 'true 2 true' ]
ok 'nest --json - is no document alone'
[ "$("$json" depths 2 sio instructions <out) $("$json" depths 2 sio exits <out)" = '1 3' ]
ok 'nest --json does not count three exits for the one SIO at depth 2'
gives 125 "$droste" nest --depth 0 --json /dev/full "$hello"
refuses nothing-here "$droste" nest nothing-here
gives 0 "$droste" cc --print -O2 greet.c -o greet.elf
grep -q 'specs=droste.specs -O2 greet.c' out
ok 'cc --print does not show its command'

gives 0 "$droste" help
for command in $(sed -n 's/^  \([a-z]*\)  .*/\1/p' out); do
	gives 0 "$droste" help "$command"
	[ -s out ] && [ ! -s err ]
	ok "help $command says nothing"
done
gives 0 "$droste" --help
gives 0 "$droste" --version
gives 0 "$droste" run --help

# ---- classify -----------------------------------------------------------------

gives 0 "$droste" classify --profile m68000 rdst retu
grep -q 'fails: rdst' out
ok 'classify does not find that rdst breaks Theorem 1 on the 68000'
gives 0 "$droste" classify --profile m68000 --witness rdst
grep -q 'x10: 0x0, 0x1' out
ok 'the witness of rdst does not show the mode'
gives 0 "$droste" classify --json fence.i rdst
"$json" instructions 1 privileged <out >value && [ "$(cat value)" = yes ]
ok 'classify --json does not say that rdst is privileged'
printf 'name smsw\nafter the 80286\nrdst execute # as it was\n' >smsw
gives 0 "$droste" classify --profile smsw rdst
grep -q '^smsw, after the 80286$' out
ok 'classify does not name the machine of a profile file'
gives 42 "$droste" run --profile smsw exit42.elf
printf 'name smsw\n  rdst exceute\n' >smsw
refuses 'smsw:2:8: ' "$droste" classify --profile smsw
refuses 'smsw:2:8: ' "$droste" run --profile smsw exit42.elf
refuses 'strict pdp10' "$droste" classify --profile nothing
refuses 'directory' "$droste" classify --profile .
refuses rdts "$droste" classify rdts
refuses '--all' "$droste" classify --all rdst
refuses '--witness' "$droste" classify --json --witness rdst
refuses classify "$droste" classify --wittness rdst

# ---- what bad input gets ------------------------------------------------------

refuses nothing-here "$droste" run nothing-here.elf
refuses greet.c "$droste" run greet.c
refuses "$work" "$droste" run "$work"
: >empty
refuses empty "$droste" run empty
refuses 32-bit "$droste" run "$(command -v env)"
for n in 1 20 52 80 100 500; do
	head -c $n exit42.elf >short.elf
	refuses short.elf "$droste" run short.elf
	refuses short.elf "$droste" run --depth 1 short.elf
	refuses short.elf "$droste" pack -o short.disk short.elf
	[ ! -e short.disk ]
	ok 'a disk was left behind'
done
"${cross}gcc" -march=rv32imc -mabi=ilp32 -nostdlib -static exit42.s -o compressed.elf
refuses compressed "$droste" run compressed.elf
"${cross}gcc" -march=rv64im -mabi=lp64 -nostdlib -static exit42.s -o wide.elf
refuses 32-bit "$droste" run wide.elf
"${cross}gcc" -march=rv32im -mabi=ilp32 -nostdlib -c exit42.s -o object.o
refuses link "$droste" run object.o

# word FILE OFFSET VALUE: little-endian, into a file.
word() {
	value=$(($3))
	# shellcheck disable=SC2059 # the format is the bytes
	printf "$(printf '\\%03o\\%03o\\%03o\\%03o' $((value & 255)) $((value >> 8 & 255)) $((value >> 16 & 255)) $((value >> 24 & 255)))" |
		dd of="$1" bs=1 seek=$(($2)) conv=notrunc 2>/dev/null
}
spoil() { # spoil WORD OFFSET VALUE: two.disk with that word changed
	cp two.disk spoiled.disk
	word spoiled.disk "$2" "$3"
	refuses "$1" "$droste" run spoiled.disk
	refuses "$1" "$droste" pack --list spoiled.disk
}
directory=$((512 * $("$droste" pack --list two.disk --json | "$json" directory)))
spoil sectors 0x38 100000
spoil directory 0x3C 100000
spoil entry $directory 100000
spoil entry $directory 0
spoil entry $((directory + 4)) 100000
spoil entry $((directory + 4)) 0xFFFFFFFF
cp three.disk overlap.disk
directory=$((512 * $("$droste" pack --list three.disk --json | "$json" directory)))
word overlap.disk $((directory + 32)) $((directory / 512 + 2))
refuses overlap "$droste" run overlap.disk
head -c 1000 two.disk >short.disk
refuses 512 "$droste" run short.disk
head -c 5120 two.disk >short.disk
refuses short.disk "$droste" run short.disk

refuses 'fit' "$droste" run --memory 4K exit42.elf
refuses 'fit' "$droste" run --depth 1 --memory 4K exit42.elf
for size in 0 508 513 5G 5368709120 -1 '' x 16Q 99999999999999999999; do
	refuses memory "$droste" run --memory "$size" exit42.elf
done
refuses monitor "$droste" run --monitor "$hello" exit42.elf
refuses greet.c "$droste" run --monitor greet.c exit42.elf
refuses nothing-here "$droste" run --monitor nothing-here exit42.elf
for lines in 0 33 x -1; do
	refuses lines "$droste" run --lines $lines exit42.elf
done
for depth in -1 x 100; do
	refuses depth "$droste" run --depth $depth exit42.elf
done
refuses limit "$droste" run --limit x exit42.elf
refuses strict "$droste" run --profile none exit42.elf
refuses nothing-here "$droste" run --input nothing-here exit42.elf
refuses 'wrong' "$droste" run --wrong exit42.elf
refuses "did you mean '--depth'" "$droste" run --dpeth=3 exit42.elf
refuses "did you mean '--batch'" "$droste" debug -bacth exit42.elf
refuses "did you mean '--only-random'" "$droste" check all --onlyrandom
refuses "'--l' may be several" "$droste" run --l exit42.elf
refuses "'--limit' needs a value" "$droste" run exit42.elf --limit
refuses "'-ex' needs a value" "$droste" debug -ex
refuses "'--stats=3' takes no value" "$droste" run --stats=3 exit42.elf
refuses "'-Z' is unknown" "$droste" nest --plain -Zq exit42.elf
refuses "'-d' is unknown or lacks its value" "$droste" run -d
refuses 'frobnicate' "$droste" frobnicate
refuses "did you mean 'classify'" "$droste" classfy
refuses 'exclude each other' "$droste" forms --list --json
gives 125 "$droste"
gives 125 "$droste" run
gives 125 "$droste" pack
gives 125 "$droste" disas
refuses xyz "$droste" disas xyz

# ---- output that cannot be written --------------------------------------------

refused_output() {
	"$@" 2>err
	[ $? = 125 ] && [ "$(wc -l <err)" = 1 ] && grep -q '^droste: ' err
	ok "'$*' with output that cannot be written"
}
: >out
refused_output "$droste" run "$hello" >&-
refused_output "$droste" run "$hello" >/dev/full
refused_output "$droste" run --depth 2 "$hello" >/dev/full
refused_output "$droste" run --json - exit42.elf >/dev/full
refused_output "$droste" disas 00100093 >/dev/full
refused_output "$droste" pack --list two.disk >/dev/full
refused_output "$droste" classify --json rdst >/dev/full
refused_output "$droste" check equivalence --guest "$hello" --json - >/dev/full
refused_output "$droste" help >/dev/full
refused_output "$droste" --version >&-

# Whoever closes a pipe, as head does, has seen enough: 125, and nothing is said.
closed_pipe() {
	mkfifo pipe
	exec 9<>pipe 8>pipe 9>&-
	"$@" >&8 2>err
	got=$?
	exec 8>&-
	rm pipe
	[ "$got" = 125 ] && [ ! -s err ]
	ok "'$*' into a closed pipe exits with $got, or speaks of it"
}
closed_pipe "$droste" run "$hello"
closed_pipe "$droste" run --depth 2 "$hello"
closed_pipe "$droste" disas 00100093
closed_pipe "$droste" run --json - exit42.elf
closed_pipe "$droste" trace --format jsonl exit42.elf
closed_pipe "$droste" pack --list two.disk
closed_pipe "$droste" help
refuses full "$droste" pack --output /dev/full exit42.elf
refuses full "$droste" run --json /dev/full exit42.elf
refuses no-such "$droste" pack --output no-such/folder exit42.elf
refuses no-such "$droste" run --json no-such/folder exit42.elf
"$droste" run "$hello" 2>/dev/null | true
ok 'a pipe that closes'

# A file that cannot be finished is not begun: what was there stays.
mkdir half
echo before >half/kept.disk
(ulimit -f 1; exec "$droste" pack --depth 1 --output half/kept.disk "$hello") >out 2>err </dev/null
[ $? = 125 ] && [ "$(cat half/kept.disk)" = before ] && [ "$(ls half)" = kept.disk ]
ok 'a file that grew too large left something behind'
(ulimit -f 1; exec "$droste" pack --depth 1 --output half/new.disk "$hello") >out 2>err </dev/null
[ $? = 125 ] && [ "$(ls half)" = kept.disk ]
ok 'a new file that grew too large left something behind'

# ---- signals and the terminal -------------------------------------------------

cat >talk.c <<'C'
#include <stdio.h>
int main(void)
{
	puts("ready");
	for (int c; (c = getchar()) != 'q';)
		printf("<%d>\n", c);
	return 9;
}
C
"$droste" cc -O2 talk.c -o talk.elf
"$droste" run loop.elf >out 2>err </dev/null &
loop=$!
sleep 0.3
kill -TERM $loop
wait $loop
[ $? = 143 ]
ok 'SIGTERM does not end a run'

export TMUX_TMPDIR="$work"
screen() { tmux -L test capture-pane -p -t 0; }
# shows TEXT: it appears on the screen within thirty seconds.
shows() {
	for _ in $(seq 300); do
		screen | grep -q -- "$1" && break
		sleep 0.1
	done
	screen >out
	: >err
	grep -q -- "$1" out
	ok "the terminal does not show '$1'"
}
keys() { tmux -L test send-keys -t 0 "$@"; }
# What was on the screen is gone.
fresh() { tmux -L test send-keys -R -t 0; }

if command -v tmux >/dev/null; then
	tmux -L test -f /dev/null new-session -d -x 80 -y 50 'env -i HOME=/ TERM=xterm PATH="$PATH" DROSTE_LIB="'"$build"'" ENV= PS1="% " bash --norc --noprofile -i'
	keys 'stty -a >before; PS1="% "; echo set' Enter
	shows '^set$'
	fresh
	keys "cd $work; $droste run talk.elf; echo ended=\$?; stty -a >after; cmp before after && echo same1" Enter
	shows '^ready'
	keys a
	shows '<97>'
	keys q
	shows '^ended=9'
	shows '^same1'
	fresh
	keys "$droste run talk.elf" Enter
	shows '^ready'
	keys C-c
	shows '^%$'
	keys 'echo ended=$?; stty -a >after; cmp before after && echo same2' Enter
	shows '^ended=130'
	shows '^same2'
	fresh
	keys "$droste run --depth 1 talk.elf" Enter
	shows '^ready'
	keys C-z
	shows Stopped
	keys "stty -a >after; cmp before after && echo same3" Enter
	shows '^same3'
	keys fg Enter
	sleep 0.5
	keys b
	shows '<98>'
	keys q
	shows '^%$'
	fresh
	keys "stty -a >after; cmp before after && echo same4" Enter
	shows '^same4'
	fresh
	keys "sh -c 'echo \$\$ >pid; exec $droste run talk.elf'; echo ended=\$?; stty -a >after; cmp before after && echo same5" Enter
	shows '^ready'
	kill -TERM "$(cat pid)"
	shows '^ended=143'
	shows '^same5'
	tmux -L test kill-server
fi

# ---- installing ---------------------------------------------------------------

# Only what was built in the top folder is installed from it.
if [ "$droste" = "$build/droste" ]; then
	unset DROSTE_LIB
	make -s -C "$top" install BUILD="$build" DESTDIR="$work/root" PREFIX=/opt/droste >out 2>err
	ok 'make install'
	installed="$work/root/opt/droste/bin/droste"
	gives 42 "$installed" run --depth 2 exit42.elf
	gives 0 "$installed" cc -O2 greet.c -o installed.elf
	echo again | "$installed" run installed.elf >out 2>err
	[ "$(cat out)" = 'Who? Hello, again.' ]
	ok 'the installed program runs what it compiled'
	[ -f "$work/root/opt/droste/share/man/man1/droste.1" ]
	ok 'the man page is installed'
	cat >embed.c <<'C'
#include <droste/window.h>
int main(void)
{
	struct machine *m = machine_new(&(struct machine_config){ .storage = 4096, .lines = 1 }, 0);
	machine_ipl(m);
	int bad = machine_run(m, 10) != STOP_END || machine_end(m) != MACHINE_CHECK_STOPPED;
	machine_free(m);
	return bad;
}
C
	flags=$(PKG_CONFIG_PATH="$work/root/opt/droste/lib/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$work/root" pkg-config --cflags --libs --static droste)
	# shellcheck disable=SC2086 # flags are words
	${CC:-gcc} -std=c11 -Wall -Wextra -Werror embed.c $flags -o embed 2>err && ./embed
	ok 'a program that embeds the installed library'
	make -s -C "$top" uninstall BUILD="$build" DESTDIR="$work/root" PREFIX=/opt/droste >out 2>err
	[ -z "$(find "$work/root" -type f)" ]
	ok 'uninstall leaves files behind'
fi

# ---- check ---------------------------------------------------------------------

gives 0 "$droste" check equivalence --guest "$hello"
gives 1 "$droste" check equivalence --profile pdp10 --guest "$build/guests/retu-odd.elf" --json judged.json
grep -q 'retu' out && grep -q '<--' out && grep -q 'source: retu-odd.c:' out
ok 'the diverging instruction is not shown with its source and both states'
[ "$("$json" findings 0 verdict <judged.json)" = fails ]
ok 'the finding is not in the JSON document'
sed -n "s|^  open:  droste debug|'$droste' debug --batch|p" out | sed "s|' /|' -ex where /|" >open.sh
sh open.sh >out 2>err </dev/null && grep -q '=> .* retu' out
ok 'the command that opens it does not go to the instruction'
gives 1 "$droste" check efficiency --monitor "$build/monitors/interpreting.elf" --guest "$build/guests/one-step.elf"
# A fault of the monitor's own is shown with its line: an SIO that must not be, and a trap.
own() { # own NAME SED-SCRIPT: the monitor in assembly with a fault
	sed "$2" "$top/monitors/assembly.S" >"$1.S"
	"${cross}gcc" -g -march=rv32im -mabi=ilp32 -I"$top/machine" -nostdlib -static -Wl,-Ttext=0,-eboot,--no-warn-rwx-segments "$1.S" -o "$1.elf"
}
own count-unchecked 's/^moves:.*/moves:/'
gives 1 "$droste" check control --monitor count-unchecked.elf --guest "$build/guests/hostile-dma.elf"
grep -qx "  monitor: count-unchecked.S:$(grep -n '^go:' count-unchecked.S | cut -d : -f 1) (go)" out
ok 'the SIO of a monitor that transfers too much is not shown with its line'
own storm 's/^boot:.*/&\n\tlw\tt0, -1(x0)/'
gives 1 "$droste" check equivalence --monitor storm.elf --guest "$hello"
grep -qx "  monitor: storm.S:$(($(grep -n '^boot:' storm.S | cut -d : -f 1) + 1)) (boot)" out
ok 'the trap of a monitor is not shown with its line'
gives 1 "$droste" check equivalence --profile pdp10 --guest "$hello" --random 40 --out 'the fault'
[ "$(grep -c '^  open:  droste debug --disk' out)" = 2 ]
ok 'a random guest has no command that opens its run, and the small one'
cp out said
sed -n "s|^  open:  droste debug\(.*\)   (or.*|'$droste' debug --batch\1 -ex where|p" said | while read -r open; do
	sh -c "$open" >out 2>err </dev/null && grep -q '=> .* retu' out || exit 1
done
ok 'a command that opens a random guest does not go to the instruction'
sh -c "$(sed -n "s|^  again: droste \(.*the fault.*\)|'$droste' \1|p" said)" >out 2>err
[ $? = 1 ] && grep -q 'at .* retu' out
ok 'the smallest program, given as a guest, does not fail the same way'
refuses 'cannot make' "$droste" check all --out open.sh
refuses equivalence "$droste" check goodness
refuses depth "$droste" check recursion --depth 7
refuses 'no profile' "$droste" check control --profile vax-11
refuses 'No such file' "$droste" check all --monitor missing.elf
refuses 'No such file' "$droste" check all --guest missing.elf

# ---- each command has its pages, and can be completed -----------------------------

for command in $("$droste" help | sed -n 's/^  \([a-z]*\) .*/\1/p' | grep -v '^help$'); do
	[ -f "$top/docs/man/droste-$command.1" ] && grep -q "^\.Xr droste-$command 1\$" "$top/docs/man/droste.1" &&
		sed -n 's/.*local commands="\([^"]*\)".*/ \1 /p' "$top/cli/completion/droste" | grep -q " $command " &&
		grep -q "^	$command)" "$top/cli/completion/droste"
	ok "droste $command: a page, a line in droste.1, completion"
done

# completes WORD...: what bash offers for the last of them, to out.
completes() {
	PATH="$(dirname "$droste"):$PATH" bash -c '
		compopt() { :; }
		. "$0"
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_droste
		printf "%s\n" "${COMPREPLY[@]}"' "$top/cli/completion/droste" "$@" >out 2>err
}

for command in run debug inspect gdb trace nest classify check grade lab forms pack disas; do
	"$droste" help $command | grep -v '^ \{10\}' | grep -o -- '--[a-z][a-z-]*' | sort -u >named
	completes droste $command -
	sort -u out | comm -13 - named >left
	[ -s named ] && [ ! -s left ]
	ok "an option of droste $command is not completed: $(xargs <left)"
done
"$droste" run --profile no-such-machine exit42.elf 2>&1 | sed 's/.*there are //' | tr ' ' '\n' >named
completes droste run --profile = ''
[ "$(grep -cxFf named out)" = "$(wc -l <named)" ]
ok 'a profile is not completed'
for words in 'check eq:equivalence' 'lab co:collect' 'classify rd:rdst' 'forms type1:type1' 'run exit42.e:exit42.elf' \
	'trace --cause p:privileged' 'grade -f t:text tap'; do
	# shellcheck disable=SC2086 # words
	completes droste ${words%:*}
	[ "$(xargs <out)" = "${words#*:}" ]
	ok "droste ${words%:*} is not completed to ${words#*:}"
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
