#!/bin/sh
# Makes the jars of these programs again, and what a real Java says that they print: for whoever
# changes one, with a JDK at hand.  The tests need none.  make.sh [NAME]...
#
# Messages of NullPointerException are as before Java 14: the subset has no others.

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# made SOURCE JAR RELEASE: a jar of what javac makes.
made() {
	rm -rf "$work/classes"
	javac -nowarn -Xlint:-options --release "$3" -d "$work/classes" "$1" 2>&1 | grep -v '^Note:'
	(cd "$work/classes" && jar --create --no-compress --date 2000-01-01T00:00:00Z --file "$2" --main-class "$(basename "$1" .java)" ./*.class)
}

# expected JAR NAME: output, then standard error, then the code.
expected() {
	input=/dev/null
	[ ! -f "$here/$2.in" ] || input=$here/$2.in
	{
		java -Xss500k -Xmx900m -XX:-ShowCodeDetailsInExceptionMessages -cp "$1" "$2" <"$input" 2>"$work/errors"
		code=$?
		cat "$work/errors"
		echo "code $code"
	} >"$here/$2.out"
}

cd "$here" || exit
python3 -B odd.py >Odd.class
expected . Odd
for source in ${*:-*.java}; do
	name=$(basename "$source" .java)
	release=8
	[ "$name" != Joined ] || release=17 # strings joined by invokedynamic
	made "$here/$name.java" "$here/$name.jar" $release
	expected "$here/$name.jar" "$name"
done
made "$here/../../../guests/forms/jvm/programs/Primes.java" "$here/../../../guests/forms/jvm/programs/Primes.jar" 8
