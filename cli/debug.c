/* `droste debug`: the inspector's commands at a prompt, or from a script. */

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inspector/prompt.h"
#include "subject.h"

struct options {
	struct machine_options machine;
	struct first_lines first; /* to do before any other */
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

static bool take_option(void *to, int option, const char *value)
{
	struct options *o = to;
	switch (option) {
	case 'x':          return first_lines_add(&o->first, "source ", value);
	case OPTION_EX:    return first_lines_add(&o->first, "", value);
	case OPTION_BATCH: o->batch = true; return true;
	case OPTION_JSON:  o->json = true; return true;
	case OPTION_LIMIT: return option_steps(value, &o->limit);
	default:           return machine_option(&o->machine, option, value);
	}
}

/* The exit status, or -1 to go on.  -ex is a long option with one dash, as in gdb. */
static int parse(struct options *o, const struct command *self, int argc, char **argv)
{
	*o = (struct options){ 0 };
	const struct option_table table = { "hx:" MACHINE_LETTERS, long_options, true, take_option, o };
	return machine_options_parse(&o->machine, self, argc, argv, &table);
}

/* ---- all of it ---------------------------------------------------------- */

static bool goes_on(const struct prompt *prompt, const struct options *o)
{
	return !prompt->inspector->quit && !prompt->interrupted && !(o->batch && prompt->failed);
}

static void do_all(struct prompt *prompt, const struct options *o)
{
	if (!o->batch && o->first.n == 0 && isatty(STDIN_FILENO) && !o->json) {
		puts("'help' lists the commands; 'enter' goes on until the guest runs, 'step' from there.");
		prompt_do(prompt, "where");
	}
	for (unsigned i = 0; i < o->first.n && goes_on(prompt, o); i++)
		prompt_do(prompt, o->first.line[i]);
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
	first_lines_free(&options.first);
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
