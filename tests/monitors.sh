#!/bin/sh
# The monitors of monitors/ and the twins, on machines that break the theorems: which
# guest shows what, and which does not.  monitors.sh BUILD; called by tests/check.sh.

build=$(realpath "$1")
droste=$build/droste
export DROSTE_LIB="$build"
out=$(mktemp /tmp/droste-monitors-XXXXXX)
trap 'rm -f "$out"' EXIT
passed=0 failed=0

# ok WHAT: counts the command before it.
ok() {
	if [ $? = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "monitors: $*"
		sed 's/^/  /' "$out" | head -n 8
	fi
}

# check STATUS PROPERTY PROFILE MONITOR GUESTS...: the verdict, with all of the output in $out.
check() {
	status=$1 property=$2 profile=$3 monitor=$4
	shift 4
	for guest; do
		set -- "$@" --guest "$build/guests/$guest.elf"
		shift
	done
	"$droste" check "$property" --profile "$profile" --monitor "$monitor" --random "${randoms:-0}" --seed "${seed:-1}" "$@" \
		>"$out" 2>&1
	test $? = "$status"
	ok "$property of $(basename "$monitor" .elf) on $profile should be $status"
}

# says TEXT: the failure is the one meant.
says() {
	grep -q -- "$1" "$out"
	ok "the report should say '$1'"
}

reference=$build/monitor.elf
interpreting=$build/monitors/interpreting.elf
hybrid=$build/monitors/hybrid.elf
stepping=$build/monitors/stepping.elf
patching=$build/monitors/patching.elf
plain='disk echo clock hostile-dma'

# ---- the twins ------------------------------------------------------------------

for depth in 0 1; do
	for guest in unmodified paravirtual; do
		"$droste" run --profile x86 --depth $depth "$build/guests/$guest.elf" >"$out" 2>&1
		code=$?
		[ $code = "$([ $guest$depth = unmodified1 ]; echo $((1 - $?)))" ]
		ok "$guest at depth $depth: $code"
	done
done
check 1 equivalence x86 "$reference" unmodified
says 'ssm'
says 'executed directly by the real machine'
check 0 equivalence x86 "$reference" paravirtual

# ---- each monitor: what it is good for, and what not ------------------------------

# Random guests take code for data.
check 0 equivalence x86 "$patching" unmodified paravirtual selfmodify privileged-user $plain
randoms=25
check 0 efficiency x86 "$patching" unmodified paravirtual preempt $plain
check 0 control x86 "$patching" unmodified paravirtual $plain
check 0 equivalence x86 "$stepping" unmodified reads-code makes-code selfmodify hostile-operand-end $plain
check 0 equivalence x86 "$interpreting" unmodified reads-code makes-code selfmodify $plain
randoms=0
check 0 inspection x86 "$patching" unmodified paravirtual $plain

check 1 equivalence x86 "$patching" reads-code
says 'lw '
says '0a00452b'
check 1 equivalence x86 "$patching" makes-code
says 'rdst a0'
check 1 equivalence x86 "$patching" hostile-operand-end
check 1 efficiency x86 "$stepping" clock
says 'left more often'
check 1 efficiency x86 "$interpreting" clock

# ---- Theorem 3 --------------------------------------------------------------------

check 1 equivalence pdp10 "$reference" privileged-supervisor
for seed in 1 1000 77777; do
	randoms=40
	check 0 equivalence pdp10 "$hybrid" $plain
done
seed=1 randoms=10
check 0 control pdp10 "$hybrid" $plain
check 1 equivalence x86 "$hybrid" privileged-user

# ---- the coupling monitor with nothing coupled: the reference monitor -----------------

coupling=$build/monitors/coupling.elf
randoms=20
check 0 equivalence strict "$coupling" lines $plain
check 0 control strict "$coupling" lines $plain
check 0 efficiency strict "$coupling" lines $plain
randoms=0

# ---- the other profiles: found out by trying ----------------------------------------

for profile in strict m68000 pdp11 vax arm stck itanium probe; do
	check 0 equivalence $profile "$stepping" unmodified
	check 0 equivalence $profile "$patching" unmodified
	check 0 equivalence $profile "$interpreting" unmodified
done
check 0 equivalence mips "$interpreting" unmodified
check 0 equivalence s370 "$interpreting" unmodified

# ---- SIE --------------------------------------------------------------------------------

assisted=$build/monitors/assisted.elf
randoms=15
for property in equivalence control efficiency inspection isolation; do
	check 0 $property sie "$assisted" preempt timer $plain
done
check 0 recursion sie "$assisted" preempt
randoms=0
# Without an interpreter routine for SIE, a host is none for a monitor that needs it.
check 1 recursion sie "$reference" clock
says 'a monitor between them'

# nest PROFILE DEPTH MONITOR...: the guest's run is the same at every depth.
nest() {
	profile=$1 depth=$2
	shift 2
	for monitor; do
		set -- "$@" --monitor "$monitor"
		shift
	done
	"$droste" nest --quiet --profile "$profile" --depth "$depth" "$@" --memory 64K "$build/guests/preempt.elf" >"$out" 2>&1
}
nest sie 3 "$assisted"
ok "assisted under itself"
awk 'NF == 14 && $1 > 0 { n++; bad += $5 != "0.00" || $6 != 2 ^ $1 - 1 } END { exit n != 3 || bad }' "$out"
ok "nothing but SIO costs exits, and that 2^n - 1"
nest sie 3 "$assisted" "$assisted" "$reference"
ok "the reference monitor under assisted ones"
"$droste" run --profile sie --monitor "$reference" --monitor "$assisted" --depth 2 "$build/guests/hello.elf" >"$out" 2>&1
test $? = 125
ok "assisted under the reference monitor"
says 'no SIE'
"$droste" run --monitor "$assisted" --depth 1 "$build/guests/hello.elf" >"$out" 2>&1
test $? = 125
ok "assisted on a machine without SIE"
says 'no SIE'
echo 'well?' | "$droste" run --profile sie --monitor "$assisted" --depth 3 --eof "$build/guests/echo.elf" >"$out" 2>&1
says 'you said: well?'

echo "$passed passed, $failed failed"
[ $failed = 0 ]
