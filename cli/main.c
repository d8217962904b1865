/* droste: the table of commands, and what all of them need to say.  A command's
 * own file parses its options, calls the library and prints.
 */

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "inspector/words.h"
#include "properties/grade_text.h"

static int help(const struct command *self, int argc, char **argv);

static const struct command help_command = {
	.name = "help",
	.summary = "say how droste, or one of its commands, is used",
	.usage = "Usage: droste help [COMMAND]\n",
	.run = help,
};

/* To add a command: a row here, its struct in cli.h, a file that defines it, a man
 * page, and a line in completion/droste. */
static const struct command *const commands[] = {
	&run_command, &debug_command, &inspect_command, &gdb_command, &trace_command, &nest_command,
	&classify_command, &check_command, &grade_command, &lab_command, &forms_command, &pack_command, &disas_command, &cc_command,
	&help_command,
};

enum { COMMANDS = sizeof(commands) / sizeof(*commands) };

/* ---- saying ------------------------------------------------------------- */

/* Names of files are others' text: they move no cursor. */
int complain(const char *format, ...)
{
	va_list args;
	char *text = NULL;
	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	char *plain = text ? text_plain(text, 1) : NULL;
	fprintf(stderr, "droste: %s\n", plain ? plain : "no memory");
	free(plain);
	free(text);
	return EXIT_DROSTE;
}

int complain_of_output(const char *path, const struct refusal *why)
{
	return why->text[0] ? complain("%s: %s", path, why->text) : EXIT_DROSTE;
}

void speak(void)
{
	char *folder = file_find_installed("locale", NULL);
	if (folder)
		words_speak(folder);
	free(folder);
}

int print_usage(const struct command *command)
{
	speak();
	fputs(_(command->usage), stdout);
	return 0;
}

static void print_summary(FILE *to)
{
	speak();
	fputs(_("Usage: droste COMMAND [OPTION]... [ARGUMENT]...\n\n"), to);
	for (int i = 0; i < COMMANDS; i++)
		fprintf(to, "  %-9s %s\n", commands[i]->name, _(commands[i]->summary));
	fputs(_("\n'droste help COMMAND' says more of one; so does the page droste-COMMAND(1).\n"), to);
}

/* ---- finding ------------------------------------------------------------ */

enum { EDITS_MOST = 2 }; /* letters that are wrong, left out or too many in what is taken for another word */

/* Levenshtein's distance, or more than most if it is that. */
static int distance(const char *a, const char *b, int most)
{
	while (*a && *a == *b)
		a++, b++;
	if (!*a && !*b)
		return 0;
	if (most == 0)
		return 1;
	int replaced = *a && *b ? distance(a + 1, b + 1, most - 1) : most;
	int left_out = *b ? distance(a, b + 1, most - 1) : most;
	int put_in = *a ? distance(a + 1, b, most - 1) : most;
	int least = replaced < left_out ? replaced : left_out;
	return 1 + (least < put_in ? least : put_in);
}

/* A word that nobody knows, and of those considered the one that comes closest: "" if none is close. */
struct guess {
	const char *given;
	char closest[32];
	int edits;
	bool cut; /* some word goes on where it ends */
};

static void consider(struct guess *guess, const char *word, size_t n)
{
	char whole[sizeof(guess->closest)];
	snprintf(whole, sizeof(whole), "%.*s", (int)n, word);
	int edits = distance(guess->given, whole, EDITS_MOST);
	guess->cut |= strncmp(guess->given, whole, strlen(guess->given)) == 0;
	if (edits <= EDITS_MOST && edits < (int)n && (!*guess->closest || edits < guess->edits)) {
		strcpy(guess->closest, whole);
		guess->edits = edits;
	}
}

static int complain_of_command(const char *name)
{
	struct guess guess = { .given = name };
	for (int i = 0; i < COMMANDS; i++)
		consider(&guess, commands[i]->name, strlen(commands[i]->name));
	if (*guess.closest)
		return complain("no command '%s': did you mean '%s'?", name, guess.closest);
	return complain("no command '%s': 'droste help' lists them", name);
}

/* Its usage names all long options. */
static int complain_of_long(const struct command *command, const char *given)
{
	char name[64];
	struct guess guess = { .given = name };
	const char *word = given + strspn(given, "-");
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "="), word);
	for (const char *at = command->usage; (at = strstr(at, "--"));) {
		size_t n = strspn(at += 2, "abcdefghijklmnopqrstuvwxyz-");
		consider(&guess, at, n);
		at += n;
	}
	if (guess.cut)
		return complain("%s: option '%s' may be several: write more of it; see 'droste help %s'", command->name, given, command->name);
	if (*guess.closest)
		return complain("%s: no option '%s': did you mean '--%s'?", command->name, given, guess.closest);
	return complain("%s: no option '%s': see 'droste help %s'", command->name, given, command->name);
}

/* The word that getopt_long complains of, optopt, is argv[optind - 1]; but of letters that stand
 * together only the last one is there already. */
int complain_of_option(const struct command *command, char **argv)
{
	const char *given = argv[optind - 1], *next = argv[optind];
	bool together = next && next[0] == '-' && next[1] != '-' && optopt && optopt < 127 && strchr(next + 1, optopt);
	if (optopt == 0)
		return complain_of_long(command, given);
	if (together || (given[1] != '-' && optopt < 127))
		return complain("%s: option '-%c' is unknown or lacks its value: see 'droste help %s'",
		                command->name, optopt, command->name);
	return complain("%s: option '%s' %s: see 'droste help %s'", command->name, given,
	                strchr(given, '=') ? "takes no value" : "needs a value", command->name);
}

static const struct command *find(const char *name)
{
	for (int i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static int help(const struct command *self, int argc, char **argv)
{
	if (argc > 2)
		return complain("help takes one command");
	if (argc == 1 || strcmp(argv[1], "--help") == 0) {
		print_summary(stdout);
		return 0;
	}
	const struct command *command = find(argv[1]);
	if (!command)
		return complain_of_command(argv[1]);
	return print_usage(command == &help_command ? self : command);
}

/* ---- starting and ending ------------------------------------------------ */

/* A standard stream that is closed gets a file on which all fails, so that no file
 * opened later takes its number and its output. */
static void fill_closed_streams(void)
{
	static const int wrong_way[] = { O_WRONLY, O_RDONLY, O_RDONLY };
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", wrong_way[fd]) != fd)
			_exit(EXIT_DROSTE);
}

static int dispatch(int argc, char **argv)
{
	if (argc < 2) {
		print_summary(stderr);
		return EXIT_DROSTE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("droste %s\n", DROSTE_VERSION);
		return 0;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		print_summary(stdout);
		return 0;
	}
	const struct command *command = find(argv[1]);
	if (!command)
		return argv[1][0] == '-' ? complain("no option '%s': 'droste help' says how droste is used", argv[1])
		                         : complain_of_command(argv[1]);
	opterr = 0;
	return command->run(command, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
	fill_closed_streams();
	signal(SIGPIPE, SIG_IGN); /* writes fail instead, and are complained of */
	signal(SIGXFSZ, SIG_IGN);
	int status = dispatch(argc, argv);
	if (fflush(stdout) != 0 || ferror(stdout)) /* who closes a pipe, as head and less do, has seen enough */
		return errno == EPIPE ? EXIT_DROSTE : complain("cannot write to standard output: %s", strerror(errno));
	return status;
}
