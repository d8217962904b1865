#!/bin/sh
# `droste inspect` as its user sees it: keys sent to real terminals, of tmux, and what
# they then show.  inspect.sh DROSTE BUILD tests the program DROSTE with the monitor and guests
# of BUILD; called by tests/check.sh.

droste=$(realpath "$1") build=$(realpath "$2")
export DROSTE_LIB="$build"
socket=droste-test-$$
work=$(mktemp -d /tmp/droste-inspect-XXXXXX)
export HOME="$work" XDG_STATE_HOME=
trap 'tm kill-server 2>/dev/null; rm -rf "$work"' EXIT
passed=0 failed=0

tm() { tmux -L "$socket" -f /dev/null "$@"; }
screen() { tm capture-pane -p -t t; }
keys() { tm send-keys -t t "$@"; }
# types TEXT: letters only, whatever keys they are the names of.
types() { tm send-keys -t t -l -- "$1"; }
# command LINE: after ':'.
command() {
	types ":$1"
	keys Enter
}

# ok WHAT: counts the command before it, by its status in $?.
ok() {
	if [ $? = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "inspect: $*; the last row, and the screen:"
		screen | grep -v '^ *$' | tail -n 1 | sed 's/^/  |/'
		screen | sed -n "s/^/  |/; /[^| ]/p"
		echo "  who is in the terminal, and what they wait for:"
		ps -o stat,wchan:24,time,args -t "$(tm display-message -p -t t '#{pane_tty}')" | cut -c 1-110 | sed 's/^/  |/'
	fi
}

# shows PATTERN: waits until the screen does, 10 seconds at most.
shows() {
	for _ in $(seq 1200); do
		screen | grep -q -- "$1" && break
		sleep 0.05
	done
	screen | grep -q -- "$1"
	ok "shows no '$1'"
}
hides() {
	for _ in $(seq 1200); do
		screen | grep -q -- "$1" || break
		sleep 0.05
	done
	! screen | grep -q -- "$1"
	ok "should not show '$1'"
}

# prompted: waits until the shell does, at the end of what is on the screen.
prompted() {
	for _ in $(seq 1200); do
		[ "$(screen | grep -v '^ *$' | tail -n 1)" = '$' ] && break
		sleep 0.05
	done
	[ "$(screen | grep -v '^ *$' | tail -n 1)" = '$' ]
	ok 'the shell does not come back'
}

# terminal COLUMNSxROWS: a new one, with a shell in it.
terminals=0
terminal() {
	tm kill-server 2>/dev/null
	terminals=$((terminals + 1)) # the server that ends must not be asked
	socket=droste-test-$$-$terminals
	tm new-session -d -s t -x "${1%x*}" -y "${1#*x}" "env -u NO_COLOR PS1='\$ ' LC_ALL=${2:-C.UTF-8} sh" || exit 1
	tm set -g default-terminal tmux-256color
}

# inspect [NAME=VALUE]... -- ARGUMENT...: there, with the terminal's modes noted before and after.
inspect() {
	environment=
	while [ "$1" != -- ]; do
		environment="$environment $1"
		shift
	done
	shift
	cat >"$work/run" <<-END
		trap : INT
		stty -a | grep -v rows >"$work/before"
		env$environment "$droste" inspect $*
		echo "left with \$?"
		stty -a | grep -v rows >"$work/after"
	END
	rm -f "$work/after"
	types "clear; sh $work/run"
	keys Enter
}

# left STATUS: it has ended with that, and the terminal is as it was.
left() {
	shows "^left with $1"
	for _ in $(seq 1200); do
		[ -s "$work/after" ] && break
		sleep 0.05
	done
	cmp -s "$work/before" "$work/after"
	ok "the terminal's modes are not as they were"
	[ "$(tm display-message -p -t t '#{alternate_on}#{cursor_flag}#{mouse_any_flag}#{keypad_cursor_flag}')" = 0100 ]
	ok "the terminal's screen, cursor, mouse or keys are not as they were"
}

# click COLUMN ROW: as a terminal reports it, each a character that is 32 further than its number.
click() { types "$(printf '\033[M %s%s\033[M#%s%s' "$1" "$2" "$1" "$2")"; }

hello="$build/guests/hello.elf"
sieve="$build/guests/sieve.elf"

# ---- every pane, every layout ---------------------------------------------------

terminal 80x24
inspect -- --depth 2 "$hello"
shows 's steps, S back'
shows 'level 0 machine: supervisor'
shows 'Source  Instructions'
shows '▶ 0 machine *executes'
shows 'entry.S:'
keys s
shows 'step 2'
keys s s s
shows 'step 5'
keys S
shows 'step 4 of 5'
keys Tab
shows 'addi\|auipc\|lui'
keys b
shows '●'
keys b Down Down u
shows 'step 6'
hides '●'
keys '?'
shows 'In the pane Instructions'
shows 's S .*monitors beneath unseen *$'
keys Down Down Down Down Down Down
shows 'B .*or no longer *$'
keys Space
shows 'mouse .*the wheel scrolls *$'
shows 'back to the panes'
keys q
keys Tab Tab Tab
shows '^at 00000000\|^0 *→\|→ 0:'
keys Tab
shows 'reset'
keys Tab
shows 'resource control kept'
keys Tab
shows 'line 0 of 3'
command enter
shows '▶ 2  └hello *executes'
shows 'level 2 hello'
keys e
shows 'from level 2 (hello)'
keys 2
shows 'level 2 hello: supervisor mode, not running'
keys ']'
shows 'no level 3'
keys '['
shows 'level 1 monitor'
keys 2
keys c
shows 'Hello'
click R '#'
shows 'level 0 machine'
click R %
shows 'level 2 hello'
keys q q
left 0

terminal 120x40
inspect -- --depth 3 -ex enter "$hello"
shows '▶ 3   └hello *executes'
for name in Source Levels Storage Registers Traps Console Properties; do
	shows " $name "
done
keys i
shows 'compress\|hello'
keys e
shows 'privileged'
keys q q
left 0

terminal 200x60
inspect -- --depth 3 -ex enter -ex "'break main'" -ex continue "$hello"
shows '┌─ 0 machine '
shows '┌─ 3 hello '
shows 'hello.c:'
shows 'print("Hello from inside'

# ---- the size changes -------------------------------------------------------------

tm resize-window -t t -x 80 -y 24
shows 'Source  Instructions'
shows 'level 3 hello'
tm resize-window -t t -x 50 -y 10
shows 'too small'
tm resize-window -t t -x 120 -y 40
shows 'level 3 hello'
shows ' Properties '
hides 'too small'

# ---- lines from the user -----------------------------------------------------------

types ':info reg'
keys Tab
shows ':info registers'
keys Escape
hides ':info'
command nonsense
shows "no command 'nonsense'"
command 'print 6*7'
shows '42'
keys ':' Up
shows ':print 6\*7'
keys C-c
shows '? keys'
keys q q
left 0

# ---- traps: filtered, and gone to ---------------------------------------------------

inspect -- --depth 1 -ex enter -ex exit -ex exit -ex exit "$hello"
shows 'level 0 machine'
keys Tab Tab Tab Tab Tab Up Up Enter
shows 'step .* of '
types /reset
keys Enter
shows "only those with 'reset'"
keys q q
left 0

# ---- resource control: to its first violation, and back --------------------------------

terminal 120x40
inspect -- -m "$build/mutants/bound-not-clamped.elf" "$sieve"
shows 'resource control kept'
keys v
shows 'level 1 sieve'
shows 'resource control violated, 1 so far'
shows 'reaches beyond'
keys q V
shows 'this is the beginning'
keys q
shows 'resource control kept'
keys q q
left 0

# ---- beside the bare machine, to where they part ------------------------------------------

terminal 80x24
inspect -- -m "$build/mutants/drift.elf" -ex enter "$build/guests/timer.elf"
shows 'level 1 timer'
keys B
shows '1 timer in step, 1 entries'
shows '^.*pc *00000140  00000140'
keys s
shows 'pc *00000144  00000144'
keys s
shows 'pc *00000148  00000148'
keys S
shows 'pc *00000144  00000144'
keys c
shows 'its bare twin part at step'
shows 'agreed last at step [0-9]'
shows '@70 .*<--'
keys q
shows '1 timer parts: storage at 0x00000070'
shows 'clock *00008a6d  00008a6c'
keys I
shows '1 timer in step'
keys B
shows 'B lets a bare machine follow'
keys q q
left 0

terminal 120x40

# ---- addresses that somebody refuses, anchors that lie --------------------------------

inspect -- "$hello"
shows 'level 0'
keys BTab BTab BTab BTab BTab
types a
shows 'storage at:'
types 0xfffffff0
keys Enter
shows 'refuses'
types a
shows 'storage at:'
types nobody
keys Enter
shows "nobody"
keys q q
left 0

printf 'int main(void) { volatile unsigned *a = (unsigned *)0xF0; a[0] = 0x314D4D56; a[2] = -1; a[3] = 256; return 0; }' \
	>"$work/liar.c"
"$droste" cc -O2 "$work/liar.c" -o "$work/liar.elf"
ok 'liar.c does not compile'
inspect -- -ex continue "$work/liar.elf"
shows '0 machine *lies'
shows 'its anchor: it has more entries'
keys q q
left 0

# ---- what a guest writes, and what is typed to it ------------------------------------

printf '#include <stdio.h>\nint main(void) { char s[40]; printf("\\033[31mred\\033[0m\\r\\tT\\b*\\001\\n"); %s }' \
	'printf("who?\n"); if (fgets(s, 40, stdin)) printf("<%s>\n", s); return 0;' >"$work/talk.c"
"$droste" cc -O2 -g "$work/talk.c" -o "$work/talk.elf"
ok 'talk.c does not compile'
inspect -- "$work/talk.elf"
shows 'level 0'
keys c
shows 'who?'
shows 'red *\*'
keys BTab BTab Enter
shows 'type to it'
types me
keys Enter c
shows '<me'
keys q q
left 0

# ---- Ctrl-C, Ctrl-Z, signals, a crash ---------------------------------------------------

printf '#include <stdio.h>\nint main(void) { puts("spin"); for (;;) __asm__ volatile(""); }' >"$work/loop.c"
"$droste" cc -O2 -g "$work/loop.c" -o "$work/loop.elf"
ok 'loop.c does not compile'
inspect -- --depth 1 -ex enter "$work/loop.elf"
shows 'level 1 loop'
keys c
shows 'Ctrl-C stops'
keys C-c
shows 'nterrupted'
keys q q
left 0

# The shell gets the terminal as it was, and gives it back.
types "stty -a | grep -v rows >$work/before; clear; $droste inspect $hello"
keys Enter
shows 'level 0'
keys s s
shows 'step 3'
keys C-z
hides 'level 0'
prompted
types "stty -a | grep -v rows >$work/after; echo stopped now"
keys Enter
shows '^stopped now'
prompted
cmp -s "$work/before" "$work/after"
ok "Ctrl-Z leaves the terminal's modes as they are"
[ "$(tm display-message -p -t t '#{alternate_on}#{cursor_flag}#{mouse_any_flag}')" = 010 ]
ok 'Ctrl-Z leaves the terminal as it is'
types fg
keys Enter
shows 'step 3'
keys q q
hides 'level 0'
prompted
types "stty -a | grep -v rows >$work/after; echo left with \$?"
keys Enter
left 0

# The inspector that runs in the terminal now.
victim() { pgrep -f "^$droste inspect" -P "$(pgrep -f "^sh $work/run" | head -n 1)"; }
for signal in HUP:129 QUIT:131 ABRT:134 SEGV:139 TERM:143; do
	inspect -- "$hello"
	shows 'level 0'
	kill -"${signal%:*}" "$(victim)"
	left "${signal#*:}"
done

# ---- machines that programs make -------------------------------------------------------

terminal 80x24
inspect -- --depth 1 -i guests/forms/pascal/programs/queens.pas "$build/guests/forms/pascal.elf"
shows 'level 0'
hides 'P-machine'
command enter
shows 'level 1 pascal'
command 'form-step 1000'
shows 'P-machine:  pc [0-9]'
keys q
keys 0
hides 'P-machine'
keys 1
shows 'P-machine:  pc [0-9]'
shows 'steps 1000'
keys q q
left 0

# ---- terminals that will not do --------------------------------------------------------

inspect TERM=dumb -- "$hello"
shows 'cannot move its cursor'
left 125
inspect TERM=nonsense -- "$hello"
shows "'nonsense' is not known"
left 125
inspect -- "$hello" '</dev/null'
shows 'needs a terminal'
left 125
inspect -- "$build/guests/nobody.elf"
shows 'nobody.elf'
left 125
tm resize-window -t t -x 50 -y 20
inspect -- "$hello"
shows 'give it 60'
left 125

# ---- colours, and characters ---------------------------------------------------------------

terminal 80x24
inspect -- "$hello"
shows 'level 0'
tm capture-pane -e -p -t t | grep -q "$(printf '\033\[[0-9;]*4[0-7]')"
ok 'there are no colours'
keys q q
left 0
inspect NO_COLOR=1 -- "$hello"
shows 'level 0'
! tm capture-pane -e -p -t t | grep -q "$(printf '\033\[[0-9;]*[34][0-7]')"
ok 'NO_COLOR is not heeded'
keys q q
left 0
terminal 80x24 C
inspect -- "$hello"
shows '- Source  Instructions -*+- Levels'
keys q q
left 0

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
