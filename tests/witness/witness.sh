#!/bin/sh
# The User ISA before an outside witness: the same object as a guest, bare and nested,
# by engine and plain executor, and as a Linux program under qemu-riscv32.
# witness.sh BUILD; called by `make check`.

build=$1 folder=$1/witness
passed=0 failed=0

qemu-riscv32 "$folder/user_isa.linux" >"$folder/expected" || exit 1
rows=$(wc -l <"$folder/expected")

# compare NAME OPTION...: runs the guest so, and counts the instructions that differ.
compare() {
	name=$1
	shift
	"$build/droste" run "$@" "$folder/user_isa.elf" >"$folder/$name" || failed=$((failed + 1))
	differ=$(diff "$folder/expected" "$folder/$name" | grep -c '^[<>]')
	[ "$differ" = 0 ] || {
		echo "differs from qemu-riscv32 ($name):"
		diff "$folder/expected" "$folder/$name"
	}
	passed=$((passed + rows - differ)) failed=$((failed + differ))
}

compare engine
compare plain --plain
compare depth-2 --depth 2
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$rows" -gt 40 ]
