#!/bin/sh
# The exhibits from outside, bare and two monitors deep: Linux programs give under our
# translation what they give under qemu-riscv32; Pascal programs what is written down.
# forms.sh BUILD; called by `make check`.

build=$1 folder=$1/forms
passed=0 failed=0

# translated NAME ARGUMENT...: a Linux program there and here; the shell ends with its code.
translated() {
	name=$1
	shift
	(cd "$folder" && qemu-riscv32 "./$name" "$@"; echo "code $?") >"$folder/$name.expected" </dev/null
	printf '%s\n' "linux /usr/$name $*" exit >"$folder/$name.in"
	for depth in 0 2; do
		"$build/droste" run --depth $depth --memory 4M --spare 2048 -i "$folder/$name.in" "$folder/os.elf" >"$folder/$name.out"
		code=$?
		{
			sed '1,/^\$ linux/d; /^\$ exit/,$d' "$folder/$name.out"
			echo "code $code"
		} >"$folder/$name.$depth"
		if diff "$folder/$name.expected" "$folder/$name.$depth"; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
			echo "forms: $name differs from qemu-riscv32's at depth $depth"
		fi
	done
}

# faulted HOW: the code of a program that a signal ends.
faulted() {
	(cd "$folder" && qemu-riscv32 ./linux-calls - "$1") >"$folder/fault" 2>&1 </dev/null
	should=$?
	printf '%s\n' "linux /usr/linux-calls - $1" exit >"$folder/fault.in"
	"$build/droste" run --memory 4M --spare 2048 -i "$folder/fault.in" "$folder/os.elf" >"$folder/fault"
	code=$?
	if [ "$code" = "$should" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "forms: linux-calls - $1: code $code, not $should"
	fi
}

# hosted GUEST: every system instruction does under the hosted monitor what it does on the machine. No input waits.
hosted() {
	printf '%s\n' 'echo x | head -0 >/home/empty' "hosted /vm/$1 </home/empty" exit >"$folder/hosted.in"
	for depth in 0 2; do
		"$build/droste" run --depth $depth --memory 4M --spare 2048 -i "$folder/hosted.in" "$folder/os.elf" >"$folder/hosted.out"
		code=$?
		if [ $code = 0 ] && grep -q ' checks, 0 failed' "$folder/hosted.out"; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
			echo "forms: hosted $1 at depth $depth: code $code"
		fi
	done
}

pascal=$build/guests/forms/pascal.elf

# compiled NAME SOURCE [INPUT]: a Pascal program, and what follows it on the input.
compiled() {
	name=$1
	shift
	cat "$@" >"$folder/$name.in"
	for depth in 0 2; do
		if "$build/droste" run --eof --depth $depth -i "$folder/$name.in" "$pascal" | diff "tests/forms/pascal/$name.out" -; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
			echo "forms: $name.pas at depth $depth"
		fi
	done
}

# Programs with one mistake each, and what is said of it; some need input to make it.
mistaken() {
	while IFS='|' read -r source message input; do
		{
			echo "$source"
			[ -z "$input" ] || echo "$input"
		} >"$folder/mistake.in"
		said=$("$build/droste" run --eof --limit 100000000 -i "$folder/mistake.in" "$pascal" | tail -n 1)
		if [ "$said" = "$message" ]; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
			echo "forms: $source: '$said', not '$message'"
		fi
	done <tests/forms/pascal/errors
}

jvm=$build/guests/forms/jvm.elf

# ran NAME CLASSES [INPUT]: classes made by javac, and what follows them on the input; what they print, and the
# code, are what a real Java gave (tests/forms/jvm/make.sh).  Once in little storage, where the collector
# must find room.
ran() {
	name=$1
	shift
	cat "$@" >"$folder/$name.in"
	little=300K
	[ "$name" != Garbage ] || little=700K
	for way in '--depth 0' "--memory $little" '--depth 2'; do
		{
			# The way is two words.
			# shellcheck disable=SC2086
			"$build/droste" run --eof $way -i "$folder/$name.in" "$jvm"
			echo "code $?"
		} >"$folder/$name.out"
		if diff "tests/forms/jvm/$name.out" "$folder/$name.out"; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
			echo "forms: $name, $way"
		fi
	done
}

# shimmed OPTION DEPTH: a program's output, code and file with a library (-n: its own), as written down.
shimmed() {
	printf '%s\n' "shim$1 /usr/report.prg" 'cat /tmp/reports/first' "echo 20000 | shim$1 /usr/primes.prg" "shim$1 /usr/report.prg > /tmp/x" exit >"$folder/shim.in"
	"$build/droste" run --depth "$2" --memory 1M --spare 1600 -i "$folder/shim.in" "$build/guests/os.elf" >"$folder/shim.out"
	echo "code $?" >>"$folder/shim.out"
	if sed "1,2d; s/shim$1 /shim /" "$folder/shim.out" | diff tests/forms/shim.out -; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "forms: shim$1 at depth $2"
	fi
}

# bound OPTION PROGRAM CODE PATTERN: what the loader, or the program, says, and its code.
bound() {
	printf '%s\n' "shim $1 $2" exit >"$folder/bound.in"
	"$build/droste" run --memory 1M --spare 1600 -i "$folder/bound.in" "$folder/os.elf" >"$folder/bound.out"
	code=$?
	if [ "$code" = "$3" ] && grep -q "$4" "$folder/bound.out"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "forms: shim $1 $2: code $code, not $3, or not '$4'"
	fi
}

translated linux-calls forms.tmp second
translated linux-libc forms.tmp
for how in breakpoint illegal null far; do
	faulted $how
done
hosted privileged-supervisor
hosted privileged-user
compiled all tests/forms/pascal/all.pas
compiled more tests/forms/pascal/more.pas
compiled edges tests/forms/pascal/edges.pas tests/forms/pascal/edges.in
compiled queens guests/forms/pascal/programs/queens.pas
compiled calculator guests/forms/pascal/programs/calculator.pas tests/forms/pascal/calculator.in
mistaken
for classes in tests/forms/jvm/*.jar tests/forms/jvm/*.class; do
	name=$(basename "${classes%.*}")
	input=tests/forms/jvm/$name.in
	[ -f "$input" ] || input=
	ran "$name" "$classes" $input
done
# What is refused, and how; made by hostile.py, a line for each.
refused() {
	python3 -B tests/forms/jvm/hostile.py "$folder" | while IFS='|' read -r file message; do
		said=$("$build/droste" run --eof --limit 100000000 -i "$folder/$file" "$jvm")
		code=$?
		if [ "$code" = 2 ] && [ "$(echo "$said" | tail -n 1)" = "$message" ]; then
			echo passed
		else
			echo "forms: $file: code $code, '$said', not '$message'"
		fi
	done >"$folder/refused"
	passed=$((passed + $(grep -c '^passed' "$folder/refused")))
	failed=$((failed + $(grep -vc '^passed' "$folder/refused")))
	grep -v '^passed' "$folder/refused"
	[ -s "$folder/refused" ] || {
		failed=$((failed + 1))
		echo 'forms: hostile.py made nothing'
	}
}

refused
for depth in 0 2; do
	shimmed ' -n' $depth
	shimmed '' $depth
done
bound -n /usr/locks.prg 0 '^locked'
bound '' /usr/locks.prg 127 '^shim: /usr/locks.prg: entry point LockRange not found in the handle library'
for library in -n ''; do
	bound "$library" /usr/unknown.prg 127 '^shim: /usr/unknown.prg: entry point WriteTest not found in the handle library'
	for damaged in cut header-4 header-8 header-12 header-16 header-20; do
		bound "$library" /usr/$damaged.prg 126 '^shim: /usr/.*: a damaged program'
	done
done
bound '' /bin/ls 126 '^shim: /bin/ls: not a program'
bound -c /usr/report.prg 42 '^WriteText *[1-9][0-9]*  *[1-9]'
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
