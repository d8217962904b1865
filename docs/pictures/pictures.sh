#!/bin/sh
# Makes the pictures of `droste inspect` in the documents: what real terminals, of tmux,
# show after some keys, as SVG; and an asciicast of one trap followed through three levels.
# pictures.sh DROSTE BUILD PICTURE DIRECTORY; called by `make pictures`.

droste=$(realpath "$1") build=$(realpath "$2") picture=$(realpath "$3") to=$4
export DROSTE_LIB="$build"
socket=droste-pictures-$$
work=$(mktemp -d /tmp/droste-pictures-XXXXXX)
trap 'tm kill-server 2>/dev/null; rm -rf "$work"' EXIT

tm() { tmux -L "$socket" -f /dev/null "$@"; }
keys() { tm send-keys -t t "$@"; }
screen() { tm capture-pane -p -t t; }

# Waits until the screen has something on it, and no longer changes.
settle() {
	now=
	for _ in $(seq 100); do
		sleep 0.15
		before=$now now=$(screen)
		[ -n "$now" ] && [ "$now" = "$before" ] && return
	done
	echo "pictures: the screen does not come to rest" >&2
	exit 1
}

# inspect COLUMNS ROWS ARGUMENT...: in a terminal of that size; what it writes is kept.
inspect() {
	columns=$1 rows=$2
	shift 2
	tm kill-server 2>/dev/null
	socket=droste-pictures-$$-$columns
	tm new-session -d -s t -x "$columns" -y "$rows" "env LC_ALL=C.UTF-8 sleep 60"
	tm set -g remain-on-exit on
	tm pipe-pane -t t "cat >>$work/output"
	tm respawn-pane -k -t t "env LC_ALL=C.UTF-8 TERM=xterm-256color '$droste' inspect $*"
	settle
}

take() {
	tm capture-pane -e -p -t t | "$picture" svg "$columns" "$rows" >"$work/svg" && cp "$work/svg" "$to/$1.svg"
}

# ---- screens ------------------------------------------------------------------

hello="$build/guests/hello.elf"
inspect 80 24 --depth 2 -ex enter -ex "'break main'" -ex continue "$hello"
keys BTab BTab BTab
settle
take inspect-80x24

inspect 120 40 --depth 3 -ex enter -ex "'break main'" -ex continue "$hello"
keys e
settle
take inspect-120x40

inspect 200 60 --depth 3 -ex enter -ex "'break main'" -ex continue "$hello"
keys n
settle
take inspect-200x60

# ---- one trap through three levels ----------------------------------------------

# From the console command of a guest at level 3: down to the real machine's monitor, up to
# the next that owns the trap, and so on; then back to where it came from.
: >"$work/output"
inspect 120 40 --depth 3 -ex enter -ex "'break main'" -ex continue "$hello"
at=0
frame() {
	settle
	echo "$at $(wc -c <"$work/output")"
	at=$((at + $1))
}
{
	frame 3
	for key in e i i i r r e e 3 S; do
		keys "$key"
		frame 2
	done
} >"$work/times"
"$picture" cast 120 40 "$work/output" <"$work/times" >"$work/cast" && cp "$work/cast" "$to/trap.cast"
