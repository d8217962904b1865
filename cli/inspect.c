/* `droste inspect`: the machine that the options ask for, in panes on a whole terminal.
 */

#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "inspector/tui.h"
#include "subject.h"

struct options {
	struct machine_options machine;
	struct first_lines first; /* to do before any other */
};

/* ---- options ------------------------------------------------------------ */

enum { OPTION_EX = 256 };

static const struct option long_options[] = {
	MACHINE_OPTIONS,
	{ "ex", required_argument, NULL, OPTION_EX },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static bool take_option(void *to, int option, const char *value)
{
	struct options *o = to;
	switch (option) {
	case 'x':       return first_lines_add(&o->first, "source ", value);
	case OPTION_EX: return first_lines_add(&o->first, "", value);
	default:        return machine_option(&o->machine, option, value);
	}
}

/* The exit status, or -1 to go on.  -ex is a long option with one dash, as in gdb. */
static int parse(struct options *o, const struct command *self, int argc, char **argv)
{
	*o = (struct options){ 0 };
	const struct option_table table = { "hx:" MACHINE_LETTERS, long_options, true, take_option, o };
	return machine_options_parse(&o->machine, self, argc, argv, &table);
}

/* ---- inspecting --------------------------------------------------------- */

/* What it says of itself will be seen in the panes. */
static bool execute(struct inspector *inspector, const char *line)
{
	char *text = NULL;
	size_t n = 0;
	struct answer answer = { .text = open_memstream(&text, &n) };
	if (!answer.text)
		return complain("no memory for an answer") == 0;
	command_run(inspector, line, &answer);
	fclose(answer.text);
	if (answer.failed)
		complain("inspect: %s: %.*s", line, (int)strcspn(text, "\n"), text);
	free(text);
	return !answer.failed;
}

static int show(struct inspector *inspector, const struct options *o)
{
	struct refusal why;
	for (unsigned i = 0; i < o->first.n && !inspector->quit; i++)
		if (!execute(inspector, o->first.line[i]))
			return EXIT_DROSTE;
	setlocale(LC_CTYPE, "");
	return tui_run(inspector, &why) ? 0 : complain("inspect: %s", why.text);
}

static int inspect(const struct options *o)
{
	struct subject subject;
	if (!subject_open(&subject, &o->machine))
		return EXIT_DROSTE;
	int status = show(&subject.inspector, o);
	subject_close(&subject);
	return status;
}

static int inspect_images(const struct command *self, int argc, char **argv)
{
	struct options options;
	int status = parse(&options, self, argc, argv);
	if (status < 0)
		status = inspect(&options);
	first_lines_free(&options.first);
	return status;
}

const struct command inspect_command = {
	.name = "inspect",
	.summary = "the same in panes, on a whole terminal",
	.usage =
		"Usage: droste inspect [OPTION]... IMAGE...\n"
		"       droste inspect [OPTION]... --disk FILE\n"
		"\n"
		"Stops after IPL and shows the machine, and all machines in it, on a terminal of\n"
		"at least 60 by 16.  Keys step them and go back: ? lists them.\n"
		"\n"
		"  -x FILE              do the commands of 'droste debug' in FILE first\n"
		"  -ex COMMAND          do COMMAND first; -x and -ex may be given again\n"
		"\n"
		"As for 'droste run': --depth, --monitor, --memory, --profile, --lines, --disk,\n"
		"--spare, --couple, --input, --eof.  Without --input, line 0 of each guest waits for what is\n"
		"typed in the pane Console.\n"
		"\n"
		"Exits with 0, or with 125 if droste cannot start or the terminal will not do.\n",
	.run = inspect_images,
};
