#!/bin/sh
# Machines that programs make, and what the inspector shows of them: the P-machine, the Baby, processes, and a
# monitor within one; forwards, backwards, and nested.  inspect.sh BUILD; called by make test-forms.

build=$1 folder=$1/forms droste=$1/droste
name=inspect
. tests/forms/ok.sh

# The Baby's program begins by putting minus the first divisor in lines 26 and 27: by hand, after its first
# instructions the accumulator is -(a - 1), then a - 1, then -(a - 1) again.
"$droste" debug --batch -ex form-step -ex form-step -ex form-step -ex 'info form' -ex reverse-form-step -ex reverse-form-step \
	"$build/guests/forms/baby.elf" </dev/null >"$folder/shown"
ok 'the Baby'
grep 'Manchester Baby:' "$folder/shown" | awk '{ print $4, $6, $8 }' >"$folder/baby"
printf '%s\n' '-262143 1 1' '-262143 2 2' '262143 3 3' '262143 3 3' '-262143 2 2' '-262143 1 1' | diff - "$folder/baby"
ok 'its accumulator, control and steps'
[ "$(grep -c '^    [.#]\{32\}$' "$folder/shown")" = 32 ]
ok 'its storage, as on the tube'

# Another program for it: the first of Fibonacci's numbers above 65536 is 75025, in line 21.
for depth in 0 2; do
	"$droste" run --depth $depth -i tests/forms/fibonacci.asc "$build/guests/forms/baby.elf" >"$folder/shown"
	[ "$(sed -n 24p "$folder/shown" | awk '{ for (i = 32; i > 0; i--) n = 2 * n + (substr($0, i, 1) == "#"); print n }')" = 75025 ]
	ok "another program for the Baby at depth $depth"
done
for line in '40 LDN 3' '01 XYZ' '01:0101' '01 STO 99' 'LDN 3'; do
	echo "$line" >"$folder/wrong.asc"
	"$droste" run -i "$folder/wrong.asc" "$build/guests/forms/baby.elf" >"$folder/shown"
	[ $? = 2 ] && grep -qF "baby: '$line': give" "$folder/shown"
	ok "what is no line of a program for the Baby: $line"
done

for depth in 0 2; do
	"$droste" debug --batch --depth $depth -ex enter -ex 'form-step 1000' -ex 'info form' -ex reverse-form-step -ex 'form-step 2' \
		-i guests/forms/pascal/programs/queens.pas "$build/guests/forms/pascal.elf" >"$folder/shown"
	sed -n 's/^ *P-machine: //p' "$folder/shown" >"$folder/p.$depth"
	grep -q 'steps 1001$' "$folder/p.$depth" && grep -q '^   stack' "$folder/shown"
	ok "the P-machine at depth $depth"
done
diff "$folder/p.0" "$folder/p.2"
ok 'the P-machine is another at depth 2'

{ cat guests/forms/workloads/CountPrimes.jar && echo 1000; } >"$folder/jvm.in"
"$droste" debug --batch --depth 1 -ex enter -ex 'step 2000000' -ex 'info form' -i "$folder/jvm.in" "$build/guests/forms/jvm.elf" >"$folder/shown"
grep -q 'Java virtual machine:  class CountPrimes  method \(isPrime\|main\)  pc [0-9]' "$folder/shown"
ok 'class and method of the Java virtual machine'
"$droste" debug --batch -ex 'form-step 300' -ex 'form-step 7' -ex 'reverse-form-step 7' -i tests/forms/jvm/Queens.jar \
	"$build/guests/forms/jvm.elf" >"$folder/shown"
grep 'Java virtual machine:' "$folder/shown" >"$folder/steps"
[ "$(sed -n 1p "$folder/steps")" = "$(sed -n 3p "$folder/steps")" ] && [ "$(sed -n 1p "$folder/steps")" != "$(sed -n 2p "$folder/steps")" ]
ok 'its instructions, forwards and backwards'

printf 'hosted /vm/kernel\n400\n' >"$folder/hosted.in"
"$droste" debug --batch -ex "goto #$(($("$droste" run --json "$folder/run.json" --spare 2048 -i "$folder/hosted.in" \
	"$build/guests/forms/workloads/os.elf" >/dev/null 2>&1; jq '.levels[0].instructions' "$folder/run.json") / 2 + 2000000))" -ex levels \
	--spare 2048 -i "$folder/hosted.in" "$build/guests/forms/workloads/os.elf" >"$folder/shown"
grep -q 'process 2  name hosted ' "$folder/shown" && grep -q '^          VM hosted  running\|^          VM hosted  runnable' "$folder/shown"
ok 'the machine of a hosted monitor, within its process'

"$droste" debug --batch -ex 'info form' "$build/guests/hello.elf" >"$folder/shown" 2>&1
[ $? = 125 ] && grep -q 'describes no machine of its own' "$folder/shown"
ok 'a program that makes none'

# Descriptions that lie: whatever they say, droste must live.
"$droste" pack -o "$folder/liar" "$build/guests/forms/baby.elf"
at=$("$droste" debug --batch -ex 'print *0x114' "$build/guests/forms/baby.elf" | sed -n 's/.*0x\([0-9a-f]*\).*/\1/p' | tail -n 1)
for word in 24 28 32 36 40 44 48 52; do
	cp "$folder/liar" "$folder/lying"
	printf '\377\377\377\177' | dd of="$folder/lying" bs=1 seek=$((0x$at + word)) conv=notrunc status=none
	"$droste" debug --batch -ex levels -ex 'form-step' "$folder/lying" >"$folder/shown" 2>&1 </dev/null
	code=$?
	[ $code = 0 ] || [ $code = 125 ]
	ok "a description with a wrong word at $word: ended with $code"
done

report
