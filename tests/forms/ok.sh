# Counting, for the scripts of this folder, which read this first: $name is theirs, $folder holds
# what they write.

passed=0 failed=0

# ok WHAT: counts the command before it.
ok() {
	if [ $? = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "$name: $*"
	fi
}

# The last line, and the exit status.
report() {
	echo "$passed passed, $failed failed"
	[ "$failed" = 0 ]
}
