/* `droste check`: a monitor judged by the properties, one or all, over the guests
 * given or the standard set; what fails is shown with the instruction at which it does.
 */

#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_out.h"
#include "cli.h"
#include "inspector/json.h"
#include "properties/check.h"
#include "properties/coverage.h"
#include "properties/explain.h"
#include "properties/profile.h"

enum { GUESTS_MOST = 64, RANDOM_GUESTS = 300, EXIT_UNDECIDED = 2 };

struct options {
	unsigned properties; /* a bit each */
	const char *monitor, *json, *svg, *out;
	const char *profile_name;
	const struct profile *profile;
	struct own_profile own;
	const char *guest[GUESTS_MOST], *beside[GUESTS_MOST];
	unsigned guests, besides;
	struct wish wish;    /* memory and lines */
	uint64_t depth, seed, randoms;
	bool coverage, only_random;
};

/* What is read and must be freed. */
struct material {
	struct check_case c;
	struct file monitor, reference;
	char *reference_path;
	struct coverage *coverage;
};

static void material_free(struct material *material)
{
	guest_set_free(&material->c.guests);
	guest_set_free(&material->c.beside);
	file_free(&material->monitor);
	file_free(&material->reference);
	free(material->reference_path);
	free(material->coverage);
}

/* ---- reading ------------------------------------------------------------ */

static bool read_set(struct guest_set *set)
{
	struct refusal why;
	char *folder = file_find_installed("guests", &why);
	bool good = folder && guest_set_read(set, folder, &why);
	free(folder);
	return good || complain("%s", why.text) == 0;
}

static bool read_files(struct guest_set *set, const char *const *names, unsigned n, const struct wish *wish)
{
	struct refusal why;
	set->guest = calloc(n, sizeof(*set->guest));
	for (; set->guest && set->n < n; set->n++) {
		char *path = file_find_guest(names[set->n]);
		bool read = path && guest_read(&set->guest[set->n], path, wish->memory, wish->lines, &why);
		free(path);
		if (!read)
			return complain("%s", path ? why.text : "no memory") == 0;
	}
	return set->guest || complain("no memory") == 0;
}

static bool read_guests(struct check_case *c, const struct options *o)
{
	if (o->besides > 0 && !read_files(&c->beside, o->beside, o->besides, &o->wish))
		return false;
	if (o->guests > 0)
		return read_files(&c->guests, o->guest, o->guests, &o->wish);
	return o->only_random || read_set(&c->guests);
}

static bool read_monitor(struct pack_monitor *monitor, struct file *file, const char *path)
{
	struct refusal why;
	if (!file_read(file, path, &why))
		return complain("%s: %s", path, why.text) == 0;
	*monitor = (struct pack_monitor){ file->bytes, file->size, path };
	return true;
}

/* The monitor that is known to be good: one that gives its guests what the machine has. */
static const char *reference_name(const struct profile *profile)
{
	return profile && profile->features & FEATURE_SIE ? "monitors/assisted.elf" : "monitor.elf";
}

static bool read_material(struct material *material, const struct options *o)
{
	struct check_case *c = &material->c;
	struct refusal why;
	c->depth = (unsigned)o->depth;
	c->profile = o->profile;
	c->seed = o->seed;
	c->randoms = o->randoms != UINT64_MAX ? o->randoms : o->guests == 0 ? RANDOM_GUESTS : 0;
	c->shrink = c->thorough = true;
	c->scenes = o->out != NULL;
	material->reference_path = file_find_installed(reference_name(o->profile), &why);
	if (!material->reference_path)
		return complain("%s", why.text) == 0;
	if (o->coverage && !(material->coverage = c->coverage = calloc(1, sizeof(*c->coverage))))
		return complain("no memory") == 0;
	return read_monitor(&c->reference, &material->reference, material->reference_path) &&
	       read_monitor(&c->monitor, &material->monitor, o->monitor ? o->monitor : material->reference_path) &&
	       read_guests(c, o);
}

/* ---- saying ------------------------------------------------------------- */

static void print_option(const char *option, const char *value)
{
	if (!value)
		return;
	printf(" %s", option);
	print_word(value);
}

/* Beside others: the random ones are made of the first seed. */
static void print_again(const struct finding *f, const struct options *o)
{
	printf("  again: droste check %s", property_names[f->property]);
	print_option("--monitor", o->monitor);
	print_option("--profile", o->profile_name);
	print_option("--guest", f->guest ? f->guest->path : NULL);
	if (f->guest && f->guest->path && o->guests > 0 && o->wish.memory)
		printf(" --memory %" PRIu32, o->wish.memory);
	if (f->guest && f->guest->path && o->guests > 0 && o->wish.lines)
		printf(" --lines %u", o->wish.lines);
	if (f->guest && !f->guest->path)
		printf(" --only-random --random 1 --seed %" PRIu64, f->beside[0] ? o->seed : f->guest->seed);
	else if (f->beside[0] && o->seed != 1)
		printf(" --seed %" PRIu64, o->seed);
	for (unsigned i = 0; i < sizeof(f->beside_path) / sizeof(*f->beside_path); i++)
		print_option("--beside", f->beside_path[i]);
	putchar('\n');
}

/* Where the guest comes from a file and runs alone under the judged monitor, however often,
 * the debugger can be taken to the instruction. */
static void print_open(const struct finding *f, const struct options *o)
{
	bool nested = f->stack[0] && strcmp(f->stack, "itself") != 0;
	if (!f->where.found || f->where.at_start || !f->guest || !f->guest->path || f->beside[0] || f->late || nested) {
		if (!o->out)
			puts("  open:  add --out FOLDER, which writes the run for droste debug and droste inspect");
		return;
	}
	fputs("  open:  droste debug", stdout);
	for (unsigned i = 0; o->monitor && i < f->depth; i++)
		print_option("--monitor", o->monitor);
	if (!o->monitor)
		printf(" --depth %u", f->depth);
	print_option("--profile", o->profile_name);
	printf(" --memory %" PRIu32 " --lines %u -ex enter -ex 'goto %" PRIu64 "'", f->guest->plan.storage, f->guest->plan.lines,
	       f->where.before.clock);
	print_word(f->guest->path);
	putchar('\n');
	if (f->guest->input[0].n > 0)
		puts("         (it reads: --input with a file that holds its input, or --out)");
}

/* The monitor's own line where its code trapped or goes round, or of the SIO that must not be (pc is past it then);
 * from malloc, or NULL: it was nested, or it has no debug information. */
static char *monitors_line(const struct finding *f, const struct pack_monitor *monitor)
{
	const struct violation *v = &f->violation;
	if (f->depth > 1 || f->stack[0] || !(f->stray.is || v->breach == BREACH_TRANSFER))
		return NULL;
	return explain_place(monitor->elf, monitor->size, monitor->path, f->stray.is ? f->stray.pc : v->psw.pc - 4);
}

static void print_finding(const struct finding *f, const struct options *o, const struct pack_monitor *monitor,
                          const struct check_out *out)
{
	explain_verdict(f, stdout);
	if (f->verdict != FAILS)
		return;
	char *source = f->where.found ? explain_source(f->guest, explain_address(f)) : NULL;
	char *line = monitors_line(f, monitor);
	explain_fault(f, source, stdout);
	if (line)
		printf("  monitor: %s\n", line);
	explain_class(f, stdout);
	print_open(f, o);
	check_out_print(out, f);
	print_again(f, o);
	explain_small(f, stdout);
	check_out_print_small(out, f);
	free(source);
	free(line);
}

/* ---- JSON --------------------------------------------------------------- */

static json_t *json_moment(const struct moment *moment)
{
	json_t *x = json_array();
	for (int i = 0; i < 32; i++)
		json_array_append_new(x, json_number(moment->x[i]));
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:o, s:s, s:o}", "pc", (json_int_t)moment->psw.pc, "status",
	                 (json_int_t)moment->psw.status, "base", (json_int_t)moment->psw.base, "bound",
	                 (json_int_t)moment->psw.bound, "timer", (json_int_t)moment->psw.timer, "clock", json_number(moment->clock),
	                 "end", machine_end_names[moment->end], "x", x);
}

static json_t *json_divergence(const struct divergence *d)
{
	char text[96] = "";
	if (d->has_word)
		disassemble(d->word, d->before.psw.pc, text, sizeof(text));
	json_t *object = json_pack("{s:s, s:o, s:o, s:o, s:s, s:b}", "what", d->what, "steps", json_number(d->steps), "clock",
	                           json_number(d->before.clock), "word", d->has_word ? json_number(d->word) : json_null(), "instruction",
	                           text, "direct", d->direct);
	if (!d->direct && !d->at_start)
		json_object_set_new(object, "trap", json_pack("{s:s, s:o}", "cause", isa_cause_names[d->cause], "tval", json_number(d->tval)));
	json_object_set_new(object, "before", json_moment(&d->before));
	json_object_set_new(object, "bare", json_moment(&d->bare));
	json_object_set_new(object, "virtual", json_moment(&d->virtual));
	json_object_set_new(object, "storage_bytes_different", json_number(d->different));
	json_object_set_new(object, "storage_address", d->different ? json_number(d->address) : json_null());
	return object;
}

static json_t *json_efficiency(const struct efficiency *e)
{
	json_t *by_cause = json_object();
	for (int cause = 0; cause < CAUSES; cause++)
		json_object_set_new(by_cause, isa_cause_names[cause], json_number(e->by_cause[cause]));
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "innocuous", json_number(e->innocuous), "direct", json_number(e->direct),
	                 "exits", json_number(e->exits), "required", json_number(e->required), "monitor_instructions",
	                 json_number(e->monitor_instructions), "exits_by_cause", by_cause);
}

static void set_filled(json_t *object, const char *key, const char *text, const struct finding *f)
{
	char *filled = fault_filled(text, &f->where);
	json_object_set_new(object, key, json_string(filled ? filled : text));
	free(filled);
}

static void set_class(json_t *object, const struct finding *f)
{
	const struct fault_class *fault = &fault_classes[f->fault ? f->fault : FAULT_OTHER];
	set_filled(object, "fault", fault->name, f);
	set_filled(object, "part", fault->part, f);
	set_filled(object, "reference", fault->ours, f);
}

static json_t *json_finding(const struct finding *f)
{
	json_t *object = json_pack("{s:s, s:s, s:s, s:I, s:o, s:o, s:o}", "property", property_names[f->property], "verdict",
	                           f->verdict == FAILS ? "fails" : verdict_names[f->verdict], "what", f->what, "guests",
	                           (json_int_t)f->guests, "random_guests", json_number(f->randoms), "instructions",
	                           json_number(f->instructions), "entries", json_number(f->entries));
	if (f->verdict == FAILS)
		set_class(object, f);
	if (f->guest)
		json_object_set_new(object, "guest", json_string(f->guest->name));
	if (f->guest && !f->guest->path)
		json_object_set_new(object, "seed", json_number(f->guest->seed));
	if (f->beside[0])
		json_object_set_new(object, "beside", json_string(f->beside));
	if (f->guest)
		json_object_set_new(object, "input", json_string(f->late ? "late" : "first"));
	if (f->depth > 0)
		json_object_set_new(object, "depth", json_number(f->depth));
	if (f->stack[0])
		json_object_set_new(object, "under", json_string(f->stack));
	if (f->where.found)
		json_object_set_new(object, "divergence", json_divergence(&f->where));
	if (f->property == PROPERTY_EFFICIENCY)
		json_object_set_new(object, "efficiency", json_efficiency(&f->efficiency));
	if (f->trips.instructions > 0)
		json_object_set_new(object, "exits_for_each_privileged_instruction",
		                    json_real((double)f->trips.exits / (double)f->trips.instructions));
	return object;
}

static bool write_json(const struct finding *findings, const struct options *o)
{
	struct refusal why;
	json_t *document = json_object(), *array = json_array();
	for (int property = 0; property < PROPERTIES; property++)
		if (o->properties >> property & 1)
			json_array_append_new(array, json_finding(&findings[property]));
	json_object_set_new(document, "droste", json_string(DROSTE_VERSION));
	json_object_set_new(document, "monitor", json_string(o->monitor ? o->monitor : "monitor.elf"));
	json_object_set_new(document, "findings", array);
	return file_write_json(o->json, document, &why) || complain_of_output(o->json, &why) == 0;
}

/* ---- checking ----------------------------------------------------------- */

static bool write_svg(const struct coverage *coverage, const char *path)
{
	struct refusal why;
	char *text = NULL;
	size_t n;
	FILE *stream = open_memstream(&text, &n);
	if (stream) {
		coverage_draw(coverage, stream);
		fclose(stream);
	}
	bool written = text ? file_write(path, text, n, &why) : refuse(&why, "no memory");
	free(text);
	return written || complain_of_output(path, &why) == 0;
}

static int status_of(const struct finding *findings, unsigned properties)
{
	int status = 0;
	for (int property = 0; property < PROPERTIES; property++) {
		if (!(properties >> property & 1))
			continue;
		if (findings[property].verdict == FAILS)
			return 1;
		if (findings[property].verdict == UNDECIDED)
			status = EXIT_UNDECIDED;
	}
	return status;
}

static int check(const struct options *o)
{
	struct material material = { 0 };
	struct finding findings[PROPERTIES];
	const struct check_out out = { o->out, o->monitor, o->profile_name };
	if (!read_material(&material, o) || !check_out_start(&out)) {
		material_free(&material);
		return EXIT_DROSTE;
	}
	check_run(&material.c, o->properties, findings);
	int status = status_of(findings, o->properties);
	bool shows = !file_is_stdout(o->json) && !file_is_stdout(o->svg);
	for (int property = 0; property < PROPERTIES; property++) {
		if (!(o->properties >> property & 1))
			continue;
		if (shows)
			print_finding(&findings[property], o, &material.c.monitor, &out);
		if (!check_out_write(&out, &findings[property]))
			status = EXIT_DROSTE;
	}
	if (o->coverage && shows)
		coverage_print(material.coverage, stdout);
	if ((o->json && !write_json(findings, o)) || (o->svg && !write_svg(material.coverage, o->svg)))
		status = EXIT_DROSTE;
	for (int property = 0; property < PROPERTIES; property++)
		finding_free(&findings[property]);
	material_free(&material);
	return status;
}

/* ---- options ------------------------------------------------------------ */

enum { OPTION_PROFILE = 256, OPTION_SEED, OPTION_RANDOM, OPTION_JSON, OPTION_COVERAGE, OPTION_SVG, OPTION_OUT, OPTION_ONLY_RANDOM, OPTION_BESIDE };

static const struct option long_options[] = {
	{ "monitor", required_argument, NULL, 'm' },
	{ "guest", required_argument, NULL, 'g' },
	{ "beside", required_argument, NULL, OPTION_BESIDE },
	{ "depth", required_argument, NULL, 'd' },
	{ "memory", required_argument, NULL, 'M' },
	{ "lines", required_argument, NULL, 'l' },
	{ "profile", required_argument, NULL, OPTION_PROFILE },
	{ "seed", required_argument, NULL, OPTION_SEED },
	{ "random", required_argument, NULL, OPTION_RANDOM },
	{ "only-random", no_argument, NULL, OPTION_ONLY_RANDOM },
	{ "json", required_argument, NULL, OPTION_JSON },
	{ "coverage", no_argument, NULL, OPTION_COVERAGE },
	{ "svg", required_argument, NULL, OPTION_SVG },
	{ "out", required_argument, NULL, OPTION_OUT },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static bool take_number(const char *option, const char *value, uint64_t least, uint64_t most, uint64_t *to)
{
	if (option_number(value, most, to) && *to >= least)
		return true;
	return complain("--%s '%s': give a number from %" PRIu64 " to %" PRIu64, option, value, least, most) == 0;
}

static bool take_guest(const char *option, const char **guest, unsigned *n, const char *path)
{
	if (*n == GUESTS_MOST)
		return complain("--%s '%s': there can be at most %d", option, path, GUESTS_MOST) == 0;
	guest[(*n)++] = path;
	return true;
}

static bool take_option(void *to, int option, const char *value)
{
	struct options *o = to;
	switch (option) {
	case 'm':             o->monitor = value; return true;
	case 'g':             return take_guest("guest", o->guest, &o->guests, value);
	case OPTION_BESIDE:   return take_guest("beside", o->beside, &o->besides, value);
	case 'd':             return take_number("depth", value, 2, 6, &o->depth);
	case OPTION_PROFILE:  o->profile_name = value; return (o->profile = option_profile(value, &o->own)) != NULL;
	case OPTION_SEED:     return take_number("seed", value, 0, UINT64_MAX, &o->seed);
	case OPTION_RANDOM:   return take_number("random", value, 0, 100000000, &o->randoms);
	case OPTION_ONLY_RANDOM: o->only_random = true; return true;
	case OPTION_OUT:      o->out = value; return true;
	case OPTION_JSON:     o->json = value; return true;
	case OPTION_SVG:      o->svg = value; /* fall through */
	case OPTION_COVERAGE: o->coverage = true; return true;
	default:              return wish_option(&o->wish, option, value);
	}
}

static bool take_property(struct options *o, const char *name)
{
	for (int property = 0; property < PROPERTIES; property++)
		if (strcmp(name, property_names[property]) == 0 || strcmp(name, "all") == 0)
			o->properties |= 1u << property;
	return o->properties ||
	       complain("check: no property '%s': give equivalence, control, efficiency, isolation, recursion, inspection or all",
	                name) == 0;
}

static int parse_and_check(const struct command *self, int argc, char **argv)
{
	struct options o = { .depth = 2, .seed = 1, .randoms = UINT64_MAX };
	const struct option_table table = { "hm:g:d:", long_options, false, take_option, &o };
	int status = options_parse(&table, self, argc, argv);
	if (status >= 0)
		return status;
	if (argc - optind > 1)
		return complain("check: one property or 'all': see 'droste help check'");
	if (optind < argc && !take_property(&o, argv[optind]))
		return EXIT_DROSTE;
	if (optind == argc && !o.coverage)
		return complain("check: give a property or 'all': see 'droste help check'");
	if (optind == argc)
		o.properties = 1u << PROPERTY_EQUIVALENCE;
	return check(&o);
}

const struct command check_command = {
	.name = "check",
	.summary = "judge a monitor by Popek and Goldberg's properties",
	.usage =
		"Usage: droste check PROPERTY [OPTION]...\n"
		"\n"
		"PROPERTY is equivalence, control, efficiency, isolation, recursion, inspection or all.\n"
		"Runs guests bare and under the monitor and decides, from outside, whether the property\n"
		"holds; if not, shows the first instruction at which it does not.\n"
		"\n"
		"  -m, --monitor FILE   the monitor to judge (default: droste's own, which\n"
		"                       for machines with SIE is monitors/assisted.elf)\n"
		"  -g, --guest FILE     a guest; may be repeated (default: the standard set)\n"
		"      --beside FILE    another VM beside the guests, for isolation and control\n"
		"  -d, --depth N        how deep recursion goes (default 2)\n"
		"      --memory SIZE    storage of guests that do not say (default 1M)\n"
		"      --lines N        their console lines (default 1)\n"
		"      --profile NAME   the machine's profile, or a file with one (default strict)\n"
		"      --random N       random guests (default 300; none with --guest)\n"
		"      --seed N         seed of the first of them (default 1)\n"
		"      --only-random    no standard set, only random guests\n"
		"      --out FOLDER     write what fails there, for droste debug and inspect\n"
		"      --coverage       show which events of guests were tried, and which were not\n"
		"      --svg FILE       the same as a picture\n"
		"      --json FILE      write the findings as one JSON document\n"
		"\n"
		"Exits with 0 if it holds for all that was run, 1 if it fails, 2 if it could not be\n"
		"decided, 125 on an error.\n",
	.run = parse_and_check,
};
