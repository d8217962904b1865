/* `droste debug`: the inspector's commands at a prompt, or from a script. */

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inspector/prompt.h"
#include "subject.h"

#define LINES_FIRST_MOST 256

struct options {
	struct machine_options machine;
	char *first[LINES_FIRST_MOST]; /* lines to do before any other; from malloc */
	unsigned firsts;
	bool batch, json;
	uint64_t limit;
};

/* ---- options ------------------------------------------------------------ */

enum { OPTION_EX = 256, OPTION_BATCH, OPTION_JSON, OPTION_LIMIT };

static const struct option long_options[] = {
	MACHINE_OPTIONS,
	{ "ex", required_argument, NULL, OPTION_EX },
	{ "batch", no_argument, NULL, OPTION_BATCH },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "limit", required_argument, NULL, OPTION_LIMIT },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static bool add_first(struct options *o, const char *command, const char *text)
{
	if (o->firsts == LINES_FIRST_MOST)
		return complain("more than %d of -x and -ex", LINES_FIRST_MOST) == 0;
	if (asprintf(&o->first[o->firsts], "%s%s", command, text) < 0)
		return complain("no memory") == 0;
	o->firsts++;
	return true;
}

static bool take_option(struct options *o, int option, const char *value)
{
	switch (option) {
	case 'x':          return add_first(o, "source ", value);
	case OPTION_EX:    return add_first(o, "", value);
	case OPTION_BATCH: o->batch = true; return true;
	case OPTION_JSON:  o->json = true; return true;
	case OPTION_LIMIT:
		if (option_number(value, UINT64_MAX, &o->limit) && o->limit > 0)
			return true;
		return complain("--limit '%s': give a number of steps, more than 0", value) == 0;
	default:           return machine_option(&o->machine, option, value);
	}
}

/* The exit status, or -1 to go on.  -ex is a long option with one dash, as in gdb. */
static int parse(struct options *o, const struct command *self, int argc, char **argv)
{
	*o = (struct options){ 0 };
	machine_options_start(&o->machine);
	for (int option; (option = getopt_long_only(argc, argv, "hx:" MACHINE_LETTERS, long_options, NULL)) != -1;) {
		if (option == 'h')
			return print_usage(self);
		if (option == '?')
			return complain_of_option(self, argv);
		if (!take_option(o, option, optarg))
			return EXIT_DROSTE;
	}
	return machine_options_images(&o->machine, self, argv + optind) ? -1 : EXIT_DROSTE;
}

/* ---- all of it ---------------------------------------------------------- */

static bool goes_on(const struct prompt *prompt, const struct options *o)
{
	return !prompt->inspector->quit && !prompt->interrupted && !(o->batch && prompt->failed);
}

static void do_all(struct prompt *prompt, const struct options *o)
{
	if (!o->batch && o->firsts == 0 && isatty(STDIN_FILENO) && !o->json) {
		puts("'help' lists the commands; 'enter' goes on until the guest runs, 'step' from there.");
		prompt_do(prompt, "where");
	}
	for (unsigned i = 0; i < o->firsts && goes_on(prompt, o); i++)
		prompt_do(prompt, o->first[i]);
	if (!o->batch && goes_on(prompt, o))
		prompt_run(prompt);
}

static int debug(const struct options *o)
{
	struct subject subject;
	if (!subject_open(&subject, &o->machine))
		return EXIT_DROSTE;
	struct prompt prompt = { .inspector = &subject.inspector, .answers = o->json ? json_array() : NULL };
	subject.inspector.most = o->limit;
	prompt_start(&prompt);
	do_all(&prompt, o);
	if (prompt.answers) {
		json_dumpf(prompt.answers, stdout, JSON_INDENT(2));
		putchar('\n');
		json_decref(prompt.answers);
	}
	subject_close(&subject);
	if (prompt.interrupted) {
		fflush(stdout);
		terminal_die(SIGINT);
	}
	return prompt.failed && (o->batch || !isatty(STDIN_FILENO)) ? EXIT_DROSTE : 0;
}

static int debug_images(const struct command *self, int argc, char **argv)
{
	struct options options;
	int status = parse(&options, self, argc, argv);
	if (status < 0)
		status = debug(&options);
	for (unsigned i = 0; i < options.firsts; i++)
		free(options.first[i]);
	return status;
}

const struct command debug_command = {
	.name = "debug",
	.summary = "step and look into nested machines, forwards and backwards",
	.usage =
		"Usage: droste debug [OPTION]... IMAGE...\n"
		"       droste debug [OPTION]... --disk FILE\n"
		"\n"
		"Stops after IPL and takes commands: 'help' lists them.  Nothing is written back.\n"
		"\n"
		"  -x FILE              do the commands in FILE first\n"
		"  -ex COMMAND          do COMMAND first; -x and -ex may be given again\n"
		"      --batch          then leave, or at the first command that fails\n"
		"      --json           answer with one JSON document, an array of all answers\n"
		"      --limit N        no motion takes more than N steps of the real machine\n"
		"\n"
		"As for 'droste run': --depth, --monitor, --memory, --profile, --lines, --disk,\n"
		"--spare, --couple, --input, --eof.  Without --input, line 0 of each guest waits for 'type'.\n"
		"\n"
		"Exits with 0; with 125 if droste cannot start or, where nobody is at a terminal,\n"
		"if a command failed.\n",
	.run = debug_images,
};
