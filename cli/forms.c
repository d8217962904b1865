/* `droste forms`: the forms of virtual machine beside each other.  What they are by definition comes
 * from forms.def; everything else is measured when the command runs.
 */

#include "forms.h"

#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum forms_output { AS_TEXT, AS_LIST, AS_JSON, AS_MARKDOWN };

struct options {
	enum forms_output format;
	bool quiet;
	char **names; /* of the rows asked for; none: all */
};

/* More than half of the instructions are the program's own. */
static bool is_efficient(const struct form_measure *m) { return m->cost[0].measured && m->cost[0].times < 2; }

/* It does what it is there for: whether its definition lets it be equivalent for every guest is
 * another question. */
static bool works(const struct form_measure *m)
{
	return m->equivalent && m->same_deeper && m->control == HOLDS;
}

static bool is_asked(const struct options *o, const struct form *f)
{
	for (char **name = o->names; *name; name++)
		if (strcmp(*name, f->name) == 0)
			return true;
	return !*o->names;
}

/* ---- cells --------------------------------------------------------------- */

static const char *equivalent(const struct form_measure *m)
{
	return !m->equivalent ? "NO" : m->contrary[0] ? m->contrary : "yes";
}

static const char *control(const struct form_measure *m)
{
	static const char *const said[] = { [HOLDS] = "yes", [FAILS] = "NO", [UNDECIDED] = "undecided" };
	return said[m->control];
}

static const char *deeper(const struct form_measure *m) { return m->same_deeper ? "yes" : "NO"; }

/* How often as many instructions. */
static const char *cost(const struct form_cost *c, char to[16])
{
	snprintf(to, 16, c->measured ? "%.2fx" : "-", c->times);
	return to;
}

/* ---- as text, and as Markdown --------------------------------------------- */

static void print_head(enum forms_output format)
{
	if (format == AS_MARKDOWN)
		puts("| form | what | which interface is virtualized | the same, or another | process or system | native or hosted | "
		     "equivalent | control | efficient | cost: program | kernel | equal at depth 2 | lines |\n"
		     "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
	else if (format == AS_TEXT)
		printf("%-12s %-9s %-7s %-6s %-11s %-9s %-9s %9s %8s %-7s %5s  %s\n", "form", "interface", "kind", "on",
		       "equivalent", "control", "efficient", "program", "kernel", "depth 2", "lines", "virtualizes");
	fflush(stdout);
}

static void print_row(enum forms_output format, const struct form *f, const struct form_measure *m)
{
	char program[16], kernel[16];
	printf(format == AS_MARKDOWN ? "| `%s` | %s " : "%-12s ", f->name, f->title);
	if (format == AS_MARKDOWN)
		printf("| %s ", f->virtualizes);
	printf(format == AS_MARKDOWN ? "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %u |\n"
	                                 : "%-9s %-7s %-6s %-11s %-9s %-9s %9s %8s %-7s %5u",
	       f->interface, f->kind, f->on, equivalent(m), control(m), is_efficient(m) ? "yes" : "no",
	       cost(&m->cost[0], program), cost(&m->cost[1], kernel), deeper(m), form_lines(f));
	if (format == AS_TEXT)
		printf("  %s\n", f->virtualizes);
	fflush(stdout);
}

static void print_list_row(enum forms_output format, const struct form *f)
{
	if (format == AS_MARKDOWN)
		printf("| `%s` | `%s` | `%s` |\n", f->name, f->run, f->sources);
	else
		printf("%s: %s\n    run it:  %s\n    read it: %s\n", f->name, f->title, f->run, f->sources);
}

static void print_ways(const struct options *o)
{
	puts("\n| form | run it | read it |\n| --- | --- | --- |");
	for (unsigned i = 0; i < forms_n; i++)
		if (is_asked(o, &forms[i]))
			print_list_row(AS_MARKDOWN, &forms[i]);
}

/* ---- as JSON --------------------------------------------------------------- */

static json_t *json_form(const struct form *f, const struct form_measure *m)
{
	json_t *costs = json_object();
	for (unsigned i = 0; i < FORM_PROGRAMS; i++)
		if (m->cost[i].measured)
			json_object_set_new(costs, workloads[f->programs[i].workload].name, json_real(m->cost[i].times));
	json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:b, s:b, s:b, s:o}", "name", f->name, "title", f->title,
	                           "virtualizes", f->virtualizes, "interface", f->interface, "kind", f->kind, "on", f->on,
	                           "lines", (int)form_lines(f), "equivalent", m->equivalent && !m->contrary[0],
	                           "efficient", is_efficient(m), "same_at_depth_2", m->same_deeper, "cost", costs);
	if (m->contrary[0])
		json_object_set_new(object, "contrary", json_string(m->contrary));
	json_object_set_new(object, "control", json_string(m->control == FAILS ? "fails" : verdict_names[m->control]));
	return object;
}

/* ---- the command ----------------------------------------------------------- */

static int complain_of_name(const char *name)
{
	fprintf(stderr, "droste: no form '%s': there are", name);
	for (unsigned i = 0; i < forms_n; i++)
		fprintf(stderr, " %s", forms[i].name);
	fputc('\n', stderr);
	return EXIT_DROSTE;
}

static int check_names(char **names)
{
	for (; *names; names++) {
		unsigned i = 0;
		while (i < forms_n && strcmp(forms[i].name, *names) != 0)
			i++;
		if (i == forms_n)
			return complain_of_name(*names);
	}
	return 0;
}

/* 0, 1 if the form does not do what it should, or EXIT_DROSTE. */
static int show_form(const struct options *o, const struct form *f, json_t *all)
{
	struct form_measure measure;
	if (o->format == AS_LIST) {
		print_list_row(AS_LIST, f);
		return 0;
	}
	if (!o->quiet)
		fprintf(stderr, "measuring %s\n", f->name);
	if (!form_measure(&measure, f))
		return EXIT_DROSTE;
	if (o->format == AS_JSON)
		json_array_append_new(all, json_form(f, &measure));
	else
		print_row(o->format, f, &measure);
	return works(&measure) ? 0 : 1;
}

static int show(const struct options *o)
{
	json_t *all = json_array();
	int status = check_names(o->names);
	if (status == 0)
		print_head(o->format);
	for (unsigned i = 0; i < forms_n && status != EXIT_DROSTE; i++)
		if (is_asked(o, &forms[i])) {
			int one = show_form(o, &forms[i], all);
			status = one > status ? one : status;
		}
	if (o->format == AS_MARKDOWN && status != EXIT_DROSTE)
		print_ways(o);
	if (o->format == AS_JSON && status != EXIT_DROSTE) {
		json_dumpf(all, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(4));
		putchar('\n');
	}
	json_decref(all);
	return status;
}

enum { OPTION_LIST = 256, OPTION_JSON, OPTION_MARKDOWN };

static const struct option long_options[] = {
	{ "list", no_argument, NULL, OPTION_LIST },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "markdown", no_argument, NULL, OPTION_MARKDOWN },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static bool set_format(struct options *o, enum forms_output format)
{
	if (o->format != AS_TEXT && o->format != format)
		return complain("forms: --list, --json and --markdown exclude each other") == 0;
	o->format = format;
	return true;
}

static bool take_option(void *to, int option, const char *value)
{
	struct options *o = to;
	(void)value;
	switch (option) {
	case OPTION_LIST:     return set_format(o, AS_LIST);
	case OPTION_JSON:     return set_format(o, AS_JSON);
	case OPTION_MARKDOWN: return set_format(o, AS_MARKDOWN);
	default:              o->quiet = true; return true;
	}
}

static int parse_and_show(const struct command *self, int argc, char **argv)
{
	struct options o = { 0 };
	const struct option_table table = { "hq", long_options, false, take_option, &o };
	int status = options_parse(&table, self, argc, argv);
	o.names = argv + optind;
	return status < 0 ? show(&o) : status;
}

const struct command forms_command = {
	.name = "forms",
	.summary = "measure the forms of virtual machine beside each other",
	.usage =
		"Usage: droste forms [OPTION]... [FORM]...\n"
		"\n"
		"Runs the exhibits, or those named, and prints a line for each: which interface is\n"
		"virtualized, and how equivalent, in control and efficient it was found to be.  Costs\n"
		"are instructions of the machine, as a multiple of what the bare machine needs for\n"
		"the same work.\n"
		"\n"
		"      --list           only say which there are, and how to run each yourself\n"
		"      --json           an array of objects\n"
		"      --markdown       a table in Markdown\n"
		"  -q, --quiet          do not say on standard error what is being measured\n"
		"\n"
		"Exits with 0; 1 if one did not do what the bare machine does, lost control, or was\n"
		"another at depth 2; 125 on an error.\n",
	.run = parse_and_show,
};
