#!/bin/sh
# The exhibits from outside: Linux programs give under our translation what they give
# under qemu-riscv32, bare and two monitors deep.
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

translated linux-calls forms.tmp second
translated linux-libc forms.tmp
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
