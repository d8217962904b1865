/* `droste cc`: the cross compiler, told how guests for PG-32 are compiled and linked.
 * Everything but its own two options is the compiler's.
 */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

#define SPECS "guests/lib/droste.specs"

static void print_command(char *const *command)
{
	for (; *command; command++)
		printf("%s%s", *command, command[1] ? " " : "\n");
}

static int execute(char *const *command)
{
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	execvp(command[0], command);
	if (errno == ENOENT)
		return complain("there is no cross compiler, %s: install Debian's gcc-riscv64-unknown-elf and "
		                "picolibc-riscv64-unknown-elf, or name another in DROSTE_CC", command[0]);
	return complain("cannot run %s: %s", command[0], strerror(errno));
}

/* COMPILER -B DIRECTORY/ --specs=droste.specs ARGUMENT... */
static char **make_command(int argc, char **argv, const char *specs)
{
	const char *compiler = getenv("DROSTE_CC");
	char **command = calloc((size_t)argc + 4, sizeof(*command));
	char *directory;
	if (!command || asprintf(&directory, "-B%.*s", (int)(strrchr(specs, '/') - specs + 1), specs) < 0)
		return NULL;
	command[0] = (char *)(uintptr_t)(compiler && *compiler ? compiler : "riscv64-unknown-elf-gcc");
	command[1] = directory;
	command[2] = (char *)(uintptr_t)"--specs=droste.specs";
	memcpy(command + 3, argv, (size_t)argc * sizeof(*argv));
	return command;
}

static int cc(const struct command *self, int argc, char **argv)
{
	struct refusal why;
	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		return print_usage(self);
	if (argc == 1)
		return complain("cc: nothing to compile: see 'droste help cc'");
	bool print = strcmp(argv[1], "--print") == 0;
	char *specs = file_find_installed(SPECS, &why);
	if (!specs)
		return complain("%s", why.text);
	char **command = make_command(argc - 1 - print, argv + 1 + print, specs);
	if (!command)
		return complain("no memory");
	if (print) {
		print_command(command);
		free(command[1]);
		free(command);
		free(specs);
		return 0;
	}
	return execute(command);
}

const struct command cc_command = {
	.name = "cc",
	.summary = "compile C for PG-32, with the library for guests",
	.usage =
		"Usage: droste cc [--print] ARGUMENT...\n"
		"\n"
		"Runs the cross compiler, riscv64-unknown-elf-gcc or $DROSTE_CC, so that it makes\n"
		"guests: droste cc -O2 program.c -o program.elf\n"
		"\n"
		"  --print   only show the command\n",
	.run = cc,
};
