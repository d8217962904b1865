#!/bin/sh
# Tests of the program droste from outside: its exit codes, its messages, what bad
# input gets, and the terminal.  cli/test.sh BUILD; ends with 'N passed, N failed'.

build=$(cd "$1" && pwd)
droste=$build/droste guests=$build/guests monitor=$build/monitor.elf
work=$(mktemp -d) || exit 1
trap 'tmux -L "droste$$" kill-server 2>/dev/null; rm -rf "$work"' EXIT
cd "$work" || exit 1
passed=0 failed=0

verdict() { # NAME GOOD: counts
	if [ "$2" = yes ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $1"
		head -n 5 out err 2>/dev/null
	fi
}

# gives STATUS PATTERN ARGUMENT...: droste exits so, and its standard output and error,
# together, match; an error of droste is one line on standard error.
gives() {
	status=$1 pattern=$2
	shift 2
	timeout 60 "$droste" "$@" >out 2>err </dev/null
	found=$?
	good=yes
	[ "$found" = "$status" ] || good=no
	[ -z "$pattern" ] || cat out err | grep -q -e "$pattern" || good=no
	[ "$status" != 125 ] || [ "$(wc -l <err)" = 1 ] || good=no
	verdict "droste $* (exit $found, not $status; or not '$pattern')" $good
}

same() { # NAME FILE FILE
	if cmp -s "$2" "$3"; then verdict "$1" yes; else verdict "$1" no; fi
}

bytes() { printf "$1"; } # with octal escapes

patch() { # FILE OFFSET BYTES: a copy in bad.img with other bytes there
	cp "$1" bad.img
	bytes "$3" | dd of=bad.img bs=1 seek="$2" conv=notrunc 2>/dev/null
}

# ---- programs to run ------------------------------------------------------------

cat >code.c <<'END'
int main(void) { return 42; }
END
cat >cat.c <<'END'
#include <stdio.h>
int main(void)
{
	printf("> ");
	fflush(stdout);
	for (int c; (c = getchar()) != EOF;)
		putchar(c);
	return 5;
}
END
cat >count.c <<'END'
#include <droste.h>
#include <stdio.h>
int main(void)
{
	static unsigned char sector[512];
	unsigned first = *cell(CELL_SECTORS);
	disk_read(first, sector, 512);
	printf("%u\n", ++sector[0]);
	disk_write(first, sector, 512);
	return 0;
}
END
cat >lines.c <<'END'
#include <droste.h>
int main(void)
{
	for (unsigned line = 0; line < 3; line++)
		console_write(line, "hi\n", 3);
	return 0;
}
END
cat >stop.S <<'END'
	.globl _start
_start:	sw x0, 0x20(x0)
	sw x0, 0x2C(x0)
	nop
	ecall
END
cat >wait.S <<'END'
	.globl _start
_start:	.word 0x0E00400B
END
cat >header.S <<'END'
	.globl _start
	.org 0x20
	.word _start, 0, 0, -1, 0
	.word 1, 2, 3
_start:	.word 0x1000400B
END
for program in code cat count lines; do
	"$droste" cc -O2 $program.c -o $program.elf || exit 1
done
for program in stop wait; do
	riscv64-unknown-elf-gcc -march=rv32im -mabi=ilp32 -nostdlib -Wl,-Ttext=0x1000 $program.S -o $program.elf || exit 1
done
riscv64-unknown-elf-gcc -march=rv32im -mabi=ilp32 -nostdlib -Wl,-N,-Ttext=0,--no-warn-rwx-segments header.S -o header.elf || exit 1

# ---- commands -------------------------------------------------------------------

gives 0 'droste [0-9]' --version
gives 0 'run images' help
gives 0 '--depth' help run
gives 0 '--depth' run --help
gives 125 "did you mean 'run'" rnu
gives 125 "no command 'frobnicate'" frobnicate
gives 125 "no option '--bogus'" run --bogus
gives 125 "needs a value" run --depth
gives 125 "no image" run
gives 125 "no image" pack -o x.img
gives 125 "no --output" pack code.elf

# ---- ends, at every depth -------------------------------------------------------

for depth in 0 1 2; do
	gives 42 '' run --depth $depth code.elf
	gives 126 'check-stop: a memory trap at pc 0x00000000' run --depth $depth stop.elf
	gives 127 'disabled wait' run --depth $depth wait.elf
	gives 124 'limit of 100 steps' run --depth $depth --limit 100 cat.elf
done
gives 0 'at every depth, to the last instruction' nest --depth 2 "$guests/hello.elf"
gives 127 '"end": "disabled wait"' run --json - wait.elf
gives 42 '"code": 42' run --json - --depth 1 code.elf
gives 42 'level.*instructions' run --stats code.elf

# ---- bad input ------------------------------------------------------------------

: >empty
head -c 700 code.elf >cut.elf
gives 125 'cannot open' run nowhere.elf
gives 125 'is empty' run empty
gives 125 'cut off' run cut.elf
gives 125 'neither an ELF file nor a boot disk' run code.c
gives 125 'not a 32-bit' run /bin/sh
gives 125 'does not fit' run --memory 1K code.elf
for size in 0 5G 1 1T -1 16Q '' 1023; do
	gives 125 'give a multiple of 4' run --memory "$size" code.elf
done
gives 125 "give a number from 0 to 31" run --depth 99 code.elf
gives 125 'MiB of storage' run --depth 2 --memory 1G code.elf
gives 125 'console lines' run --depth 8 --lines 30 code.elf
gives 125 'no anchor' run --monitor code.elf code.elf
gives 125 'not an ELF file' run --monitor code.c code.elf
gives 125 "no profile 'vax'" run --profile vax code.elf
gives 125 'need a monitor' run --depth 0 code.elf code.elf
gives 125 'link it above 0x40' run --depth 1 header.elf
gives 0 '' run header.elf

gives 0 '' pack -o two.img --depth 1 code.elf cat.elf
gives 0 ': monitor' pack --list two.img
gives 0 '"minidisks"' pack --list two.img --json
directory=$(od -An -tu4 -j60 -N4 two.img | tr -d ' ')
entry=$((directory * 512))
patch two.img 52 'X';                       gives 125 'neither an ELF' run bad.img
patch two.img 56 '\377\377\377';            gives 125 'the boot header names' run bad.img
patch two.img 56 '\0\0\0\0';                gives 125 'the boot header names' run bad.img
patch two.img 60 '\377\377\377';            gives 125 "the directory's sector" run bad.img
patch two.img $entry '\1\0\0\0';            gives 125 'entry 0 begins inside' run bad.img
patch two.img $((entry + 4)) '\0';          gives 125 'directory is empty' run bad.img
patch two.img $((entry + 36)) '\377\377';   gives 125 'entry 1 ends after' pack --list bad.img
patch two.img $((entry + 4)) '\200\0\0\0';  gives 125 'overlaps' run bad.img
patch two.img $((entry + 12)) '\100';       gives 125 'more console lines' run bad.img
head -c -512 two.img >bad.img;              gives 125 'ends after the end' run bad.img
head -c -1 two.img >bad.img;                gives 125 'cut off' run bad.img

# ---- where output goes ----------------------------------------------------------

for closed in run "pack --list"; do
	image=code.elf
	[ "$closed" = run ] && image=lines.elf || image=two.img
	"$droste" $closed $image >&- 2>err
	[ $? = 125 ] && grep -q 'cannot write' err && verdict closed yes || verdict "$closed, standard output closed" no
	"$droste" $closed $image >/dev/full 2>err
	[ $? = 125 ] && grep -q 'No space' err && verdict full yes || verdict "$closed, device full" no
done
gives 125 'cannot write' run --json /dev/full code.elf
gives 125 'cannot write' run --json nowhere/json code.elf
( ulimit -f 8; "$droste" pack --spare 100 -o big.img code.elf 2>err ) 2>/dev/null
[ ! -e big.img ] && [ -z "$(ls big.img.* 2>/dev/null)" ] && verdict half yes || verdict 'no half-written file' no
echo old >keep.img
( ulimit -f 8; "$droste" pack --spare 100 -o keep.img code.elf 2>err ) 2>/dev/null
[ "$(cat keep.img)" = old ] && verdict keep yes || verdict 'a file that cannot be replaced stays' no

gives 0 '^\[lines.2:1\] hi$' run --lines 3 lines.elf lines.elf
"$droste" run --lines 3 --depth 2 lines.elf >out
printf 'hi\n[lines:1] hi\n[lines:2] hi\n' >wanted
same 'labels' out wanted

# ---- input, disks, recordings ---------------------------------------------------

printf 'one\ntwo\n' >text
printf '> one\ntwo\n' >wanted
"$droste" run --eof cat.elf <text >out
same 'a pipe as input' out wanted
"$droste" run --eof --depth 2 --input text --record recording cat.elf >out
same 'a file as input' out wanted
"$droste" run --depth 2 --replay recording cat.elf >out </dev/null
same 'a replay' out wanted
gives 125 'another machine' run --replay recording cat.elf
gives 125 'no recording' run --replay text cat.elf
gives 125 'leave out --input' run --replay recording --input text cat.elf
: >data
truncate -s 512 data
for depth in 0 1 2; do
	gives 0 "^$((depth + 1))\$" run --depth $depth --disk data count.elf
done
gives 0 '' pack -o count.img count.elf
gives 0 '^1$' run count.img
gives 0 '^1$' run --disk count.img
gives 0 '^2$' run --depth 1 count.img
gives 0 '^2$' run --disk count.img

# ---- the terminal ---------------------------------------------------------------

# In a terminal of its own: types KEYS at a guest, and says how it ended and whether the
# terminal is as before.
typed() { # NAME WANTED KEYS...
	name=$1 wanted=$2
	shift 2
	rm -f before after status raw
	tmux -L "droste$$" -f /dev/null new-session -d -x 80 -y 24 "trap : INT QUIT; stty -g >before
		$droste run cat.elf; echo \$? >status; stty -g >after"
	for i in 1 2 3 4 5 6 7 8 9 10; do
		sleep 0.1
		tmux -L "droste$$" capture-pane -p 2>/dev/null | grep -q '^>' && break
	done
	tty=$(tmux -L "droste$$" list-panes -F '#{pane_tty}')
	stty -F "$tty" -g >raw
	for key in "$@"; do
		tmux -L "droste$$" send-keys "$key"
		sleep 0.1
	done
	for i in 1 2 3 4 5 6 7 8 9 10; do
		[ -s after ] && break
		sleep 0.1
	done
	[ "$(cat status)" = "$wanted" ] && verdict "$name" yes || verdict "$name: exit $(cat status), not $wanted" no
	same "$name: the terminal is as before" before after
	cmp -s before raw && verdict "$name: raw while it runs" no || verdict "$name" yes
	tmux -L "droste$$" kill-server 2>/dev/null
}

typed 'end of input' 5 a b Enter C-d
typed 'Ctrl-C' 130 a C-c
typed 'Ctrl-\' 131 C-'\'

echo "$passed passed, $failed failed"
[ $failed = 0 ]
