/* `droste nest`: the same image bare, under a monitor, under the monitor under the
 * monitor, and so on; one line for each depth with what it cost, and whether
 * anything that the guest could notice differs from the bare run.
 */

#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

#include "cli.h"
#include "inspector/json.h"
#include "inspector/levels.h"

struct options {
	struct wish wish;
	const struct profile *profile; /* NULL: strict */
	struct own_profile own_profile;
	const char *input, *json;
	uint64_t limit;
	bool plain, quiet;
};

/* What a guest leaves behind, wherever it ran. */
struct outcome {
	const char *end;
	unsigned code;
	uint64_t clock, output, storage, registers;
};

/* A run at one depth. */
struct trial {
	struct outcome outcome;
	uint64_t instructions, direct, privileged; /* the guest's */
	uint64_t real_instructions, real_exits;    /* level 0's */
	struct level_trips sio, others;            /* of the guest's privileged instructions */
	double seconds;
};

/* What the guest writes is hashed, and shown if asked to. */
struct listener {
	unsigned first_line, lines;
	bool show;
	XXH64_state_t *hash;
};

/* ---- one run ------------------------------------------------------------ */

static void listen(void *self, unsigned line, const uint8_t *bytes, size_t n)
{
	struct listener *listener = self;
	if (line - listener->first_line >= listener->lines) {
		fwrite(bytes, 1, n, stderr);
		return;
	}
	uint8_t own_line = (uint8_t)(line - listener->first_line);
	XXH64_update(listener->hash, &own_line, 1);
	XXH64_update(listener->hash, bytes, n);
	if (listener->show)
		fwrite(bytes, 1, n, stdout);
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The machine that hosts nobody, when each hosts one. */
static unsigned innermost(const struct levels_meter *meter)
{
	unsigned machine = 0;
	for (int inner; (inner = levels_inner(meter->levels, meter->n, machine)) >= 0;)
		machine = (unsigned)inner;
	return machine;
}

static struct outcome outcome_of(const struct machine *m, const struct levels_meter *meter, unsigned guest)
{
	const struct level *level = &meter->levels[guest];
	struct outcome outcome = {
		.end = machine_end(m) == MACHINE_RUNNING ? "limit" : machine_end_names[machine_end(m)],
		.code = machine_exit_code(m),
		.clock = (uint64_t)level->entry.clock[1] << 32 | level->entry.clock[0],
		.storage = XXH64(machine_storage(m) + level->real, level->size, 0),
	};
	uint32_t x[32];
	if (guest == 0) {
		outcome.clock = machine_clock(m);
		for (unsigned i = 0; i < 32; i++)
			x[i] = machine_register(m, i);
	} else {
		memcpy(x, level->entry.x, sizeof(x));
	}
	outcome.registers = XXH64(x, sizeof(x), 0);
	return outcome;
}

static void count(struct trial *trial, const struct levels_meter *meter, unsigned guest)
{
	trial->instructions = levels_instructions(meter, guest);
	trial->direct = meter->counts[guest].direct;
	trial->privileged = meter->counts[guest].privileged;
	trial->real_instructions = levels_instructions(meter, 0);
	trial->real_exits = levels_exits(meter);
	for (int i = 0; i < SYSTEM_ROWS; i++) {
		struct level_trips *kind = i == INSN_sio - INSN_SYSTEM ? &trial->sio : &trial->others;
		kind->instructions += meter->trips[i].instructions;
		kind->exits += meter->trips[i].exits;
	}
}

static bool give_input(struct machine *m, unsigned line, const char *path)
{
	struct file file;
	struct refusal why;
	if (path) {
		if (!file_read(&file, path, &why))
			return complain("%s: %s", path, why.text) == 0;
		machine_input(m, line, file.bytes, file.size);
		file_free(&file);
	}
	for (unsigned n = 0; n < machine_lines(m); n++)
		machine_input_ends(m, n);
	return true;
}

static bool run_machine(struct trial *trial, struct machine *m, const struct plan *plan, const struct options *o,
                        struct listener *listener)
{
	struct levels_meter meter;
	const struct console_host host = { listener, listen, NULL };
	machine_set_console(m, &host);
	machine_attach_disk(m, plan->machine.disk.image, plan->machine.disk.sectors);
	if (!give_input(m, listener->first_line, o->input))
		return false;
	levels_meter_start(&meter, m);
	double start = now();
	machine_ipl(m);
	machine_run(m, o->limit);
	trial->seconds = now() - start;
	levels_meter_read(&meter);
	unsigned guest = innermost(&meter);
	if (meter.levels[guest].depth != plan->depth)
		return complain("the monitor made no machine at depth %u: it shows %u by its anchors", plan->depth,
		                meter.levels[guest].depth) == 0;
	trial->outcome = outcome_of(m, &meter, guest);
	trial->outcome.output = XXH64_digest(listener->hash);
	count(trial, &meter, guest);
	return true;
}

static bool try_depth(struct trial *trial, const struct options *o, unsigned depth)
{
	struct wish wish = o->wish;
	struct plan plan;
	struct refusal why;
	wish.depth = (int)depth;
	wish.monitors = wish.monitors < depth ? wish.monitors : depth;
	wish.bootable = true;
	*trial = (struct trial){ 0 };
	if (!plan_make(&plan, &wish))
		return false;
	const struct place *guest = plan_guest(&plan, 0);
	const struct machine_config config = { plan.machine.storage, plan.machine.lines, o->profile, o->plain };
	struct machine *m = machine_new(&config, &why);
	struct listener listener = { .first_line = guest ? guest->first_line : 0, .lines = guest ? guest->lines : 0,
	                             .show = depth == 0 && !o->quiet, .hash = XXH64_createState() };
	bool good = false;
	if (m && listener.hash) {
		XXH64_reset(listener.hash, 0);
		good = run_machine(trial, m, &plan, o, &listener);
	} else {
		complain("%s", m ? "no memory" : why.text);
	}
	XXH64_freeState(listener.hash);
	machine_free(m);
	plan_free(&plan);
	return good;
}

/* ---- the comparison ----------------------------------------------------- */

/* In what two outcomes are the same. */
struct likeness {
	bool output, end, clock, registers, storage;
};

static struct likeness compare(const struct outcome *a, const struct outcome *b)
{
	return (struct likeness){
		.output = a->output == b->output,
		.end = strcmp(a->end, b->end) == 0 && a->code == b->code,
		.clock = a->clock == b->clock,
		.registers = a->registers == b->registers,
		.storage = a->storage == b->storage,
	};
}

/* True iff the guest cannot have noticed anything. */
static bool is_same(const struct outcome *a, const struct outcome *b)
{
	const struct likeness same = compare(a, b);
	return same.output && same.end && same.clock && same.registers && same.storage;
}

/* ---- the table ---------------------------------------------------------- */

static void print_head(void)
{
	printf("        guest's   executed     exits of   exits for each   least       cost in      equal to the bare machine's\n"
	       "depth   instr.    directly     level 0    instr.    SIO    2^(n-1)  instr.  time    output end clock registers storage\n");
}

static void print_mean(const struct level_trips *trips)
{
	if (trips->instructions == 0)
		printf("%7s", "-");
	else
		printf("%7.2f", (double)trips->exits / (double)trips->instructions);
}

static const char *yes(bool equal) { return equal ? "yes" : "NO"; }

static unsigned least(unsigned depth) { return depth ? 1u << (depth - 1) : 0; }

static double cost(const struct trial *t, const struct trial *bare)
{
	return (double)t->real_instructions / (double)bare->real_instructions;
}

static void print_row(unsigned depth, const struct trial *t, const struct trial *bare)
{
	const struct likeness same = compare(&t->outcome, &bare->outcome);
	printf("%5u %9" PRIu64 " %9.4f%% %12" PRIu64 " ", depth, t->instructions,
	       t->instructions ? 100.0 * (double)t->direct / (double)t->instructions : 0.0, t->real_exits);
	print_mean(&t->others);
	print_mean(&t->sio);
	printf(" %8u %8.2fx %5.2fx ", least(depth), cost(t, bare), t->seconds / bare->seconds);
	printf("   %-6s %-3s %-5s %-9s %s\n", yes(same.output), yes(same.end), yes(same.clock), yes(same.registers),
	       yes(same.storage));
	fflush(stdout);
}

/* ---- as JSON ------------------------------------------------------------ */

/* As `droste run --json` has it. */
static json_t *json_code(const struct outcome *outcome)
{
	return strcmp(outcome->end, machine_end_names[MACHINE_HALTED]) == 0 ? json_number(outcome->code) : json_null();
}

static json_t *json_trips(const struct level_trips *trips)
{
	return json_pack("{s:o, s:o}", "instructions", json_number(trips->instructions), "exits", json_number(trips->exits));
}

static json_t *json_same(const struct likeness *same)
{
	return json_pack("{s:b, s:b, s:b, s:b, s:b}", "output", same->output, "end", same->end, "clock", same->clock,
	                 "registers", same->registers, "storage", same->storage);
}

/* No times: what is written is the same on every machine. */
static json_t *json_row(unsigned depth, const struct trial *t, const struct trial *bare)
{
	const struct likeness same = compare(&t->outcome, &bare->outcome);
	json_t *row = json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:f, s:o}", "depth", (int)depth, "instructions",
	                        json_number(t->instructions), "direct", json_number(t->direct), "privileged", json_number(t->privileged),
	                        "real_instructions", json_number(t->real_instructions), "exits", json_number(t->real_exits), "cost",
	                        cost(t, bare), "same", json_same(&same));
	json_object_set_new(row, "least_exits_for_each", json_number(least(depth)));
	json_object_set_new(row, "sio", json_trips(&t->sio));
	json_object_set_new(row, "other", json_trips(&t->others));
	return row;
}

static bool write_json(const struct options *o, const struct trial *bare, json_t *rows, bool equal)
{
	struct refusal why;
	json_t *document = json_pack("{s:s, s:s, s:o, s:o, s:b, s:o}", "droste", DROSTE_VERSION, "end", bare->outcome.end,
	                             "code", json_code(&bare->outcome), "clock", json_number(bare->outcome.clock), "equal",
	                             equal, "depths", rows);
	json_object_set_new(document, "image", json_string(o->wish.image[0])); /* left out if it is no UTF-8 */
	return file_write_json(o->json, document, &why) || complain_of_output(o->json, &why) == 0;
}

/* ---- all depths --------------------------------------------------------- */

/* What the table says before its rows. */
static void print_bare(const struct options *o, const struct outcome *bare)
{
	printf("%s%s: %s, code %u, clock %" PRIu64 "\n\n", o->quiet ? "" : "\n", o->wish.image[0], bare->end, bare->code,
	       bare->clock);
	print_head();
}

static int nest(const struct options *o)
{
	struct trial trial, bare;
	bool equal = true, shown = !file_is_stdout(o->json);
	json_t *rows = json_array();
	for (unsigned depth = 0; depth <= (unsigned)o->wish.depth; depth++) {
		if (!try_depth(&trial, o, depth)) {
			json_decref(rows);
			return EXIT_DROSTE;
		}
		if (depth == 0)
			bare = trial;
		if (depth == 0 && shown)
			print_bare(o, &bare.outcome);
		if (shown)
			print_row(depth, &trial, &bare);
		json_array_append_new(rows, json_row(depth, &trial, &bare));
		equal &= is_same(&trial.outcome, &bare.outcome);
	}
	if (shown)
		puts(equal ? "\nThe guest's run is the same at every depth, to the last instruction."
		           : "\nThe guest's run differs from the bare one: no equivalence.");
	if (!o->json)
		json_decref(rows);
	else if (!write_json(o, &bare, rows, equal))
		return EXIT_DROSTE;
	return equal ? 0 : 1;
}

/* ---- options ------------------------------------------------------------ */

enum { OPTION_LIMIT = 256, OPTION_PLAIN, OPTION_JSON };

static const struct option long_options[] = {
	{ "depth", required_argument, NULL, 'd' },
	{ "monitor", required_argument, NULL, 'm' },
	{ "profile", required_argument, NULL, 'p' },
	{ "memory", required_argument, NULL, 'M' },
	{ "lines", required_argument, NULL, 'l' },
	{ "spare", required_argument, NULL, 's' },
	{ "input", required_argument, NULL, 'i' },
	{ "limit", required_argument, NULL, OPTION_LIMIT },
	{ "plain", no_argument, NULL, OPTION_PLAIN },
	{ "json", required_argument, NULL, OPTION_JSON },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static bool take_option(void *to, int option, const char *value)
{
	struct options *o = to;
	switch (option) {
	case 'i':          o->input = value; return true;
	case 'q':          o->quiet = true; return true;
	case 'p':          return (o->profile = option_profile(value, &o->own_profile)) != NULL;
	case OPTION_JSON:  o->json = value; return true;
	case OPTION_PLAIN: o->plain = true; return true;
	case OPTION_LIMIT: return option_steps(value, &o->limit);
	default:           return wish_option(&o->wish, option, value);
	}
}

static int parse_and_nest(const struct command *self, int argc, char **argv)
{
	struct options o = { .wish = { .depth = 3, .spare = DEFAULT_SPARE, .memory = 1 << 20 }, .limit = UINT64_MAX };
	const struct option_table table = { "hd:m:p:i:q", long_options, false, take_option, &o };
	int status = options_parse(&table, self, argc, argv);
	if (status >= 0)
		return status;
	if (argc - optind != 1)
		return complain("nest: give one image: see 'droste help nest'");
	o.wish.image[o.wish.images++] = argv[optind];
	o.quiet |= file_is_stdout(o.json);
	return nest(&o);
}

const struct command nest_command = {
	.name = "nest",
	.summary = "run an image at every depth and compare with the bare machine",
	.usage =
		"Usage: droste nest [OPTION]... IMAGE\n"
		"\n"
		"Runs IMAGE bare, then under 1, 2, ... monitors, and prints a line for each: what\n"
		"it cost, and whether output, end, clock, registers and storage equal the bare\n"
		"run's.  The guest's output is shown once.\n"
		"\n"
		"  -d, --depth N        the deepest nesting (default 3)\n"
		"  -m, --monitor FILE   the monitor; given more than once, the outermost first\n"
		"  -p, --profile NAME   strict (default) or another machine, by name or from a\n"
		"                       profile file\n"
		"      --memory SIZE    storage of the image's machine (default 1M)\n"
		"      --lines N        its console lines (default 1)\n"
		"      --spare N        blank sectors after its boot image (default 64)\n"
		"  -i, --input FILE     its console input (default: none)\n"
		"      --limit N        stop each run after N steps\n"
		"      --plain          do without the engine\n"
		"      --json FILE      write the table and more as JSON; '-' is standard output,\n"
		"                       where nothing else is printed then\n"
		"  -q, --quiet          do not show the guest's output\n"
		"\n"
		"Exits with 0 if nothing differs, 1 if something does, 125 on an error.\n",
	.run = parse_and_nest,
};
