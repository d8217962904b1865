#!/bin/sh
# Draws the house from the real #include lines and fails on an arrow that points
# upstairs, or that goes past the door of machine/ (README.md, Where things are).  Called by
# `make check`, from the top folder.

# What each room may include, besides itself.
may() {
	case $1 in
	isa) echo ;;
	machine) echo isa ;;
	monitor | guests) echo isa ;;
	forms) echo 'isa monitor guests' ;;
	monitors) echo 'isa machine monitor' ;;
	inspector) echo 'isa window' ;;
	properties) echo 'isa window inspector' ;;
	bench) echo 'isa window' ;;
	cli) echo 'isa window inspector properties' ;;
	labs) echo 'isa monitor guests' ;;
	tests) echo 'isa window machine guests forms inspector properties cli' ;;
	esac
}

# The room of a file.
room() {
	case $1 in
	machine/window.h) echo window ;;
	machine/isa/*) echo isa ;;
	guests/forms/*) echo forms ;;
	*) echo "${1%%/*}" ;;
	esac
}

# The file that an include line means: beside its file, from the top, or where a
# guest's library is put (guests/rules.mk).
resolve() {
	for path in "$(dirname "$1")/$2" "$2" guests/lib/"$2" guests/os/"$2" guests/os/lib/"$2" machine/"$2" labs/given/"$2" monitor/"$2" guests/"$2"; do
		if [ -f "$path" ]; then
			realpath -s --relative-to=. "$path"
			return
		fi
	done
	echo "unknown/$2"
}

arrows=$(find ./*/ -name '*.[chS]' -o -name '*.def' | sed 's|^\./||' | grep -v '^build' | while read -r file; do
	sed -n 's/^[ \t]*#[ \t]*include[ \t]*"\([^"]*\)".*/\1/p' "$file" | while read -r name; do
		target=$(resolve "$file" "$name")
		echo "$(room "$file") $(room "$target") $file $target"
	done
done)

passed=0 failed=0
rooms=$(echo "$arrows" | cut -d' ' -f1 | sort -u)
for from in $rooms; do
	to=$(echo "$arrows" | awk -v from="$from" '$1 == from && $2 != from { print $2 }' | sort -u | xargs)
	printf '%-10s -> %s\n' "$from" "${to:-nothing}"
	for room in $to; do
		case " $(may "$from") $([ "$from" = window ] && echo isa) $([ "$from" = machine ] && echo window) " in
		*" $room "*) passed=$((passed + 1)) ;;
		*)
			failed=$((failed + 1))
			echo "upstairs: $from must not include from $room:"
			echo "$arrows" | awk -v from="$from" -v to="$room" '$1 == from && $2 == to { print "  " $3 " includes " $4 }'
			;;
		esac
	done
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
