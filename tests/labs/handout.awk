# A handout as a script of shell, and what its commands must print: awk -v work=DIR -f handout.awk
# README.md.  Called by tests/labs/handouts.sh.
#
# Fenced blocks named "console" are run: a line that begins with "$ " is a command, "> " goes on
# with one that ends in a backslash, all others are what it prints.  A comment of the form
# <!-- test: COMMAND --> is run, too, and prints what it likes.

function flush_command() {
	if (command == "")
		return
	n++
	printf "run %d %d <<'END_OF_COMMAND'\n%sEND_OF_COMMAND\n", n, line, command
	printf "%s", expected > (work "/expected." n)
	close(work "/expected." n)
	command = expected = ""
}

/^<!-- test: .* -->$/ {
	sub(/^<!-- test: /, "")
	sub(/ -->$/, "")
	printf "quietly %d <<'END_OF_COMMAND'\n%s\nEND_OF_COMMAND\n", NR, $0
	next
}
/^```console$/ { inside = 1; next }
/^```/ { flush_command(); inside = 0; next }
inside && /^\$ / { flush_command(); line = NR; command = substr($0, 3) "\n"; next }
inside && /^> / && expected == "" && command ~ /\\\n$/ { command = command substr($0, 3) "\n"; next }
inside { expected = expected $0 "\n" }
