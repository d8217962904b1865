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

#define LINES_FIRST_MOST 256

struct options {
	struct machine_options machine;
	char *first[LINES_FIRST_MOST]; /* commands to do before anything is shown; from malloc */
	unsigned firsts;
};

/* ---- options ------------------------------------------------------------ */

enum { OPTION_EX = 256 };

static const struct option long_options[] = {
	MACHINE_OPTIONS,
	{ "ex", required_argument, NULL, OPTION_EX },
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
	case 'x':       return add_first(o, "source ", value);
	case OPTION_EX: return add_first(o, "", value);
	default:        return machine_option(&o->machine, option, value);
	}
}

/* The exit status, or -1 to go on.  -ex is a long option with one dash, as in gdb. */
static int parse(struct options *o, const struct command *self, int argc, char **argv)
{
	*o = (struct options){ 0 };
	machine_options_start(&o->machine);
	for (int option; (option = getopt_long_only(argc, argv, "+hx:" MACHINE_LETTERS, long_options, NULL)) != -1;) {
		if (option == 'h')
			return print_usage(self);
		if (option == '?')
			return complain_of_option(self, argv);
		if (!take_option(o, option, optarg))
			return EXIT_DROSTE;
	}
	return machine_options_images(&o->machine, self, argv + optind) ? -1 : EXIT_DROSTE;
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
	for (unsigned i = 0; i < o->firsts && !inspector->quit; i++)
		if (!execute(inspector, o->first[i]))
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
	for (unsigned i = 0; i < options.firsts; i++)
		free(options.first[i]);
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
