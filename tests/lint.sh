#!/bin/sh
# clang-tidy (.clang-tidy) and cppcheck (tests/cppcheck.suppressions) over the
# sources given; any finding fails.  Called by `make lint`.

# One clang-tidy for a few files, as many as there are processors.
tidy() {
	printf '%s\n' "$@" | xargs -P "$(nproc)" -n 2 sh -c 'clang-tidy --quiet "$@" -- \
		-std=c11 -D_GNU_SOURCE -I. "-DDROSTE_VERSION=\"\"" "-DCROSS=\"\"" 2>&1' tidy
}

found=$(tidy "$@" | grep -av 'warnings\{0,1\} generated\|^Suppressed\|^Use -header')
if [ -n "$found" ]; then
	echo "$found" | cut -c 1-200
	exit 1
fi
cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 -j "$(nproc)" \
	--suppressions-list=tests/cppcheck.suppressions -D_GNU_SOURCE '-DDROSTE_VERSION=""' '-DCROSS=""' -I. "$@"
