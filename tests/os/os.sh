#!/bin/sh
# The tiny operating system as a user meets it: a session typed, the same at every depth;
# files that are there after the next boot; stops at many moments, after each of which the
# next boot finds all of a change or nothing of it.
# os.sh BUILD; called by `make check`.

build=$1 folder=$1/os-test
droste=$build/droste image=$build/guests/os.elf
passed=0 failed=0
rm -rf "$folder"
mkdir -p "$folder"

# expect WHAT COMMAND...: counts whether the command succeeds.
expect() {
	what=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "os: $what"
	fi
}

# Where a program traps, and how large the kernel is, depend on the compiler.
session() {
	name=$1 should=$2
	shift 2
	"$droste" run --eof --memory 1M --spare 1600 -i "tests/os/$name.in" "$@" "$image" >"$folder/output"
	code=$?
	sed 's/ trap at [0-9a-f]*/ trap at PC/; s/storage, [0-9]* of/storage, N of/' "$folder/output" | diff "tests/os/$name.out" - &&
		[ "$code" = "$should" ]
}

# ---- a session, bare and nested ------------------------------------------------

expect 'the session is as written down' session session 7
expect 'the session is the same without the engine' session session 7 --plain
expect 'a jail keeps in what is in it' session jail 126
expect 'and does at depth 2' session jail 126 --depth 2
expect 'no depth differs' "$droste" nest -q --depth 2 --memory 1M --spare 1600 -i tests/os/session.in "$image" >"$folder/nest"

printf 'ps\n' >"$folder/ps"
"$droste" run --eof --spare 1600 -i "$folder/ps" "$image" >"$folder/output"
expect 'ps shows the shell and itself' [ "$(grep -cE '^ +[0-9]+ +[01] +[0-9a-f]+ +[0-9]+ +[0-9]+ (sh \(waiting\)|ps)$' "$folder/output")" = 2 ]

# Five in a thousand of 20 million instructions, less than a quantum at a time.
printf 'jail / 0 0 5 /bin/primes 5000000 & primes 5000000 & sleep 20000; ps; exit\n' >"$folder/share"
"$droste" run --spare 1600 -i "$folder/share" "$image" >"$folder/output"
ran=$(awk '$6 == "primes" { print $5; exit }' "$folder/output")
expect "a jail has its share of the processor, and no more: $ran" [ "$ran" -gt 80000 -a "$ran" -lt 130000 ]

# ---- what needs room it has not ------------------------------------------------

"$droste" run --spare 64 "$image" </dev/null >"$folder/output"
expect 'a disk that is too small is refused' grep -q '^panic: the disk is too small.*--spare' "$folder/output"

printf 'cat /none > /home/x\ntrespass files\necho lost > /home/x\n' >"$folder/fill"
"$droste" run --eof --spare 1100 -i "$folder/fill" "$image" >"$folder/output"
expect 'output that finds no room is told' [ $?/"$(grep -c '^echo: output: not all of it' "$folder/output")" = 1/1 ]

# A directory and a file that are open when they go, and when the machine stops; the next boot frees them.
printf 'mkdir /home/d; echo x > /home/f; sleep 99999999 < /home/d & sleep 99999999 < /home/f & rm /home/d; rm /home/f; exit\n' >"$folder/open"
printf 'exit\n' >"$folder/exit"
"$droste" pack --spare 1600 -o "$folder/opened" "$image"
"$droste" run --disk "$folder/opened" -i "$folder/open" >"$folder/output"
"$droste" run --disk "$folder/opened" -i "$folder/exit" >"$folder/output"
expect 'what was open when it went is freed in silence' sh -c "! grep -q 'file system' '$folder/output'"

# A command that is cut off is none.
long=$(printf '%0220d' 0)
{
	printf 'echo %s; echo cut\n' "$long"
	echo echo short
} >"$folder/long"
"$droste" run --eof --spare 1600 -i "$folder/long" "$image" >"$folder/output"
expect 'a line that is too long is refused whole' sh -c "grep -qx 'sh: the line is too long' '$folder/output' && ! grep -qx cut '$folder/output' && grep -qx short '$folder/output'"

# ---- bits turned -----------------------------------------------------------------

"$droste" pack --spare 1600 -o "$folder/kept" "$image"
printf 'mkdir /home/d; echo kept > /home/d/kept; cat /bin/sh > /home/last; exit\n' >"$folder/keep"
printf 'cat /home/d/kept; echo new > /tmp/new; cat /tmp/new; rm /tmp/new; exit 3\n' >"$folder/work"
"$droste" run --disk "$folder/kept" -i "$folder/keep" >"$folder/output"

# One bit of what the file system says of itself; then two boots, of which the first mends it, and the second has
# nothing to tell.
goes_on() {
	cp "$folder/kept" "$folder/turned"
	python3 -B tests/os/flip.py "$folder/turned" "$1" || return 1
	for boot in first second; do
		"$droste" run --disk "$folder/turned" -i "$folder/work" --limit 100000000 >"$folder/$boot" 2>&1
		[ $? = 3 ] && grep -qx kept "$folder/$boot" && grep -qx new "$folder/$boot" || return 1
	done
	! grep -q 'file system' "$folder/second"
}

for what in magic sectors log count root-size home-size home-type home-links home-free type links size direct last indirect; do
	expect "a bit of $what turned: the system goes on" goes_on $what
done

# ---- stops ---------------------------------------------------------------------

printf 'cat /home/y; cat /home/b; cat /home/a/x; ls /home; ls /tmp; echo new > /home/new; cat /home/new; exit\n' >"$folder/look"
"$droste" pack --spare 1600 -o "$folder/fresh" "$image"
cp "$folder/fresh" "$folder/base"
"$droste" run --disk "$folder/base" -i "$folder/exit" >"$folder/output"
"$droste" run --disk "$folder/base" -i "$folder/exit" >"$folder/output"
expect 'the file system is found again' sh -c "! grep -q made '$folder/output'"

# A boot that looks around, on a copy of a disk.
looks_whole() {
	cp "$folder/$1" "$folder/disk"
	"$droste" run --disk "$folder/disk" -i "$folder/look" >"$folder/output" 2>&1 || return 1
	# Of the first line's file either all or nothing; the later one complete.
	! grep -q '^file system:' "$folder/output" && grep -qx 'new' "$folder/output" &&
		! grep -vE '^(first|more|a/|b|c/|y|new|sh|made a .*|finished .*|a tiny .*|\$ .*|cat: .*: No such .*|)$' "$folder/output"
}

# A run cut off after so many steps, and then that.  Where it has to finish a change, it is cut off at
# that once more.
cut_off() {
	cp "$folder/$2" "$folder/was-cut"
	"$droste" run --disk "$folder/was-cut" -i tests/os/change.in --limit "$1" >"$folder/cut" 2>&1
	looks_whole was-cut || return 1
	grep -q 'finished a change' "$folder/output" || return 0
	for again in 2500 5000 7500 10000; do
		cp "$folder/was-cut" "$folder/cut-twice"
		"$droste" run --disk "$folder/cut-twice" -i "$folder/look" --limit $again >"$folder/cut" 2>&1
		looks_whole cut-twice || return 1
	done
}

step=${SEED:-7919}
while [ "$step" -lt 9000000 ]; do
	expect "stopped at step $step: the file system is whole" cut_off "$step" base
	step=$((step + 131071 + step % 7919))
done
step=${SEED:-4001}
while [ "$step" -lt 3500000 ]; do
	expect "stopped at step $step of the first boot: the next makes it anew" cut_off "$step" fresh
	step=$((step + 400009))
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
