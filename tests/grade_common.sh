# What tests/grade.sh and tests/tasks.sh begin with: a folder of their own, and checks that count.  Sourced with the
# arguments DROSTE BUILD.

droste=$(realpath "$1") build=$(realpath "$2")
top=$PWD
export DROSTE_LIB="$build" SOURCE_DATE_EPOCH=1000000000
work=$(mktemp -d /tmp/droste-grade-XXXXXX)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
passed=0 failed=0

# ok WHAT: counts the command before it, by its status in $?.
ok() {
	if [ $? = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "$(basename "$0"): $*"
		head -n 5 out err 2>/dev/null | sed 's/^/  /'
	fi
}

# gives STATUS ARGUMENT...: runs droste grade, keeps its output in out and err.
gives() {
	wanted=$1
	shift
	"$droste" grade "$@" >out 2>err </dev/null
	got=$?
	[ "$got" = "$wanted" ]
	ok "'grade $*' exits with $got, not $wanted"
}

report() {
	echo "$passed passed, $failed failed"
	[ "$failed" = 0 ]
}
