/* `droste trace`: runs images as `droste run` does and writes what happened, in one of the
 * formats of inspector/trace.h.
 */

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inspector/trace.h"
#include "subject.h"

struct options {
	struct machine_options machine;
	struct trace_wish wish;
	const struct trace_format *format;
	const char *output;
	bool from_guest; /* where the first guest begins */
	bool says_where; /* a long run is, on a terminal */
	FILE *to;
};

/* ---- options ------------------------------------------------------------ */

enum { OPTION_LEVEL = 256, OPTION_CAUSE, OPTION_ADDRESS, OPTION_FROM, OPTION_TO, OPTION_LIMIT, OPTION_EVERY };

static const struct option long_options[] = {
	MACHINE_OPTIONS,
	{ "format", required_argument, NULL, 'f' },
	{ "output", required_argument, NULL, 'o' },
	{ "level", required_argument, NULL, OPTION_LEVEL },
	{ "cause", required_argument, NULL, OPTION_CAUSE },
	{ "address", required_argument, NULL, OPTION_ADDRESS },
	{ "from", required_argument, NULL, OPTION_FROM },
	{ "to", required_argument, NULL, OPTION_TO },
	{ "limit", required_argument, NULL, OPTION_LIMIT },
	{ "every", required_argument, NULL, OPTION_EVERY },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static bool set_format(struct options *o, const char *name)
{
	o->format = trace_format_named(name);
	if (o->format)
		return true;
	fprintf(stderr, "droste: no format '%s': there are", name);
	for (const struct trace_format *const *format = trace_formats; *format; format++)
		fprintf(stderr, " %s", (*format)->name);
	fputc('\n', stderr);
	return false;
}

static bool set_cause(struct trace_wish *wish, const char *name)
{
	for (wish->cause = 0; wish->cause < CAUSES; wish->cause++)
		if (strcmp(isa_cause_names[wish->cause], name) == 0)
			return true;
	fprintf(stderr, "droste: no cause '%s': there are", name);
	for (int cause = 0; cause < CAUSES; cause++)
		fprintf(stderr, " %s", isa_cause_names[cause]);
	fputc('\n', stderr);
	return false;
}

/* FIRST-LAST, or one address. */
static bool set_addresses(struct trace_wish *wish, const char *value)
{
	char first[32];
	uint64_t from, to;
	const char *dash = strchr(value, '-');
	snprintf(first, sizeof(first), "%.*s", dash ? (int)(dash - value) : (int)strlen(value), value);
	if (!option_number(first, UINT32_MAX, &from) || !option_number(dash ? dash + 1 : first, UINT32_MAX, &to) || from > to)
		return complain("--address '%s': give an address, or two such as 0x1000-0x1fff", value) == 0;
	wish->first = (uint32_t)from;
	wish->last = (uint32_t)to;
	return true;
}

static bool set_number(const char *option, const char *value, uint64_t least, uint64_t most, uint64_t *number)
{
	if (option_number(value, most, number) && *number >= least)
		return true;
	return complain("%s '%s': give a number from %" PRIu64 " to %" PRIu64, option, value, least, most) == 0;
}

static bool set_from(struct options *o, const char *value)
{
	o->from_guest = strcmp(value, "guest") == 0;
	if (o->from_guest || option_number(value, UINT64_MAX, &o->wish.from))
		return true;
	return complain("--from '%s': give a clock, or 'guest' for where the first guest begins", value) == 0;
}

static bool take_option(void *to, int option, const char *value)
{
	struct options *o = to;
	uint64_t level;
	switch (option) {
	case 'f':            return set_format(o, value);
	case 'o':            o->output = value; return true;
	case OPTION_CAUSE:   return set_cause(&o->wish, value);
	case OPTION_ADDRESS: return set_addresses(&o->wish, value);
	case OPTION_FROM:    return set_from(o, value);
	case OPTION_TO:      return set_number("--to", value, 0, UINT64_MAX, &o->wish.to);
	case OPTION_LIMIT:   return set_number("--limit", value, 1, UINT64_MAX, &o->wish.limit);
	case OPTION_EVERY:   return set_number("--every", value, 1, UINT32_MAX, &o->wish.every);
	case OPTION_LEVEL:
		if (!set_number("--level", value, 0, LEVELS_MOST - 1, &level))
			return false;
		o->wish.level = (int)level;
		return true;
	default:
		return machine_option(&o->machine, option, value);
	}
}

/* The exit status, or -1 to go on. */
static int parse(struct options *o, const struct command *self, int argc, char **argv)
{
	*o = (struct options){
		.wish = { .level = -1, .cause = CAUSES, .last = UINT32_MAX, .to = UINT64_MAX, .limit = UINT64_MAX, .every = 1009 },
		.format = &trace_text,
		.output = "-",
	};
	o->says_where = isatty(STDERR_FILENO);
	const struct option_table table = { "hf:o:" MACHINE_LETTERS, long_options, false, take_option, o };
	int status = machine_options_parse(&o->machine, self, argc, argv, &table);
	if (status < 0 && o->wish.from > o->wish.to)
		return complain("--from %" PRIu64 " comes after --to %" PRIu64 ": nothing is between them", o->wish.from, o->wish.to);
	return status;
}

/* ---- tracing ------------------------------------------------------------ */

/* False once nobody wants the rest. */
static bool progress(void *self, uint64_t clock)
{
	const struct options *o = self;
	if (o->says_where && o->wish.to != UINT64_MAX)
		fprintf(stderr, "\rclock %" PRIu64 " of %" PRIu64 " ", clock, o->wish.to);
	else if (o->says_where)
		fprintf(stderr, "\rclock %" PRIu64 " ", clock);
	return terminal_signal() == 0 && !ferror(o->to);
}

static bool trace(struct subject *subject, struct options *o)
{
	struct file_out out;
	struct refusal why;
	char title[128];
	if (!file_out_open(&out, o->output, &why))
		return complain("%s: %s", o->output, why.text) == 0;
	for (unsigned line = 0; line < subject->plan.machine.lines; line++)
		session_input_ends(subject->session, line);
	if (o->from_guest) {
		subject->inspector.most = o->wish.limit < UINT64_MAX ? o->wish.limit : 0;
		inspector_enter(&subject->inspector, -1);
		o->wish.from = machine_clock(session_machine(subject->session));
	}
	o->wish.machines = subject->plan.places;
	const char *slash = strrchr(o->machine.wish.image[0], '/');
	snprintf(title, sizeof(title), "%s under %u monitor%s", slash ? slash + 1 : o->machine.wish.image[0], subject->plan.depth,
	         subject->plan.depth == 1 ? "" : "s");
	o->to = out.to;
	bool good = trace_run(&subject->inspector, &o->wish, o->format, title, out.to, progress, o);
	if (o->says_where)
		fputs("\r\033[K", stderr);
	bool kept = file_out_close(&out, good && terminal_signal() == 0, &why);
	if (!good)
		return complain("no memory for the trace") == 0;
	return kept || complain_of_output(o->output, &why) == 0;
}

static int trace_images(const struct command *self, int argc, char **argv)
{
	struct options o;
	struct subject subject;
	int status = parse(&o, self, argc, argv);
	if (status >= 0)
		return status;
	terminal_catch_signals(NULL);
	if (!subject_open(&subject, &o.machine))
		return EXIT_DROSTE;
	status = trace(&subject, &o) ? 0 : EXIT_DROSTE;
	subject_close(&subject);
	if (terminal_signal() != 0)
		terminal_die(terminal_signal());
	return status;
}

const struct command trace_command = {
	.name = "trace",
	.summary = "run images and write what happened: traps, who ran when, pictures",
	.usage =
		"Usage: droste trace [OPTION]... IMAGE...\n"
		"\n"
		"Runs images as 'droste run' does, with the same options for the machine, and writes\n"
		"traps, reflections and entries, or samples of who runs.  Input comes from files only.\n"
		"\n"
		"  -f, --format NAME    text (default), jsonl, chrome (Perfetto), folded, flame (SVG),\n"
		"                       vcd (GTKWave) or score (SVG)\n"
		"  -o, --output FILE    where to; whole or not at all (default: standard output)\n"
		"      --level N        only what level N takes or causes; 0 is the real machine\n"
		"      --cause NAME     only traps with this cause, such as privileged or timer\n"
		"      --address A-B    only traps whose old pc is in this range\n"
		"      --from CLOCK     from this clock of the real machine on; 'guest' is where the\n"
		"                       first guest begins\n"
		"      --to CLOCK       until this clock, where the run ends\n"
		"      --limit N        stop after N steps\n"
		"      --every N        folded, flame: steps between samples (default 1009)\n"
		"\n"
		"The machine: --depth, --monitor, --memory, --profile, --lines, --disk, --spare,\n"
		"--couple, --input, --eof: see 'droste help run'.\n"
		"\n"
		"Exits with 0 if the trace is written, 125 on an error.\n",
	.run = trace_images,
};
