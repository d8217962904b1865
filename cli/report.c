/* What a run comes to: --stats as a table for people, --json as a document for
 * programs, and the one line about a check-stop.  Nothing in them depends on
 * the host or on time, and what they say of a guest does not depend on the depth
 * at which it ran, so that documents can be compared.  Called by run.c.
 */

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "cli.h"
#include "inspector/json.h"
#include "inspector/levels.h"

struct report {
	struct machine *m;
	const struct plan *plan;
	const struct console *console;
	bool counts;
	struct levels_meter meter; /* .levels and .n are valid even without counts */
};

/* A guest, bare or in a VM, as it ended. */
struct guest {
	const struct place *place;
	int level; /* index in meter.levels; -1: its monitor does not show it */
	const char *end;
	unsigned code;
	uint64_t clock;
	struct psw psw;
	uint32_t x[32];
};

struct report *report_new(struct machine *m, const struct plan *plan, const struct console *console, bool count)
{
	struct report *report = calloc(1, sizeof(*report));
	if (!report)
		return NULL;
	report->m = m;
	report->plan = plan;
	report->console = console;
	report->counts = count;
	if (count)
		levels_meter_start(&report->meter, m);
	return report;
}

void report_free(struct report *report) { free(report); }

/* ---- finding the guests ------------------------------------------------- */

static void look(struct report *report)
{
	if (report->counts)
		levels_meter_read(&report->meter);
	else
		report->meter.n = levels_find(report->m, report->meter.levels, LEVELS_MOST);
}

/* The machine that boots from a place, found by its minidisk; -1 if none shows it. */
static int level_of(const struct report *report, const struct place *place)
{
	if (place->parent < 0)
		return 0;
	const struct place *host = &report->plan->place[place->parent];
	int parent = level_of(report, host);
	for (unsigned i = 1; i < report->meter.n && parent >= 0; i++) {
		const struct level *level = &report->meter.levels[i];
		if (level->parent == parent && level->entry.first_sector == place->first_sector - host->first_sector)
			return (int)i;
	}
	return -1;
}

static const char *real_end(const struct report *report)
{
	enum machine_end end = machine_end(report->m);
	return end == MACHINE_RUNNING ? "limit" : machine_end_names[end];
}

/* A VM that waits on a machine in disabled wait is in disabled wait itself. */
static const char *virtual_end(const struct report *report, uint32_t state)
{
	switch (state) {
	case VM_HALTED:        return machine_end_names[MACHINE_HALTED];
	case VM_CHECK_STOPPED: return machine_end_names[MACHINE_CHECK_STOPPED];
	case VM_DISABLED_WAIT: return machine_end_names[MACHINE_DISABLED_WAIT];
	case VM_WAITING:
		if (machine_end(report->m) == MACHINE_DISABLED_WAIT)
			return machine_end_names[MACHINE_DISABLED_WAIT];
		return "waiting";
	default:               return "running";
	}
}

static struct guest real_guest(const struct report *report, const struct place *place)
{
	struct guest guest = {
		.place = place,
		.end = real_end(report),
		.code = machine_exit_code(report->m),
		.clock = machine_clock(report->m),
		.psw = machine_psw(report->m),
	};
	for (unsigned i = 0; i < 32; i++)
		guest.x[i] = machine_register(report->m, i);
	return guest;
}

static struct guest find_guest(const struct report *report, const struct place *place)
{
	int level = level_of(report, place);
	if (level == 0)
		return real_guest(report, place);
	if (level < 0)
		return (struct guest){ .place = place, .level = -1, .end = "unknown" };
	const struct vm_entry *vm = &report->meter.levels[level].entry;
	struct guest guest = {
		.place = place,
		.level = level,
		.end = virtual_end(report, vm->state),
		.code = vm->exit_code & 0xFF,
		.clock = (uint64_t)vm->clock[1] << 32 | vm->clock[0],
		.psw = vm->psw,
	};
	memcpy(guest.x, vm->x, sizeof(guest.x));
	return guest;
}

/* ---- counts ------------------------------------------------------------- */

static uint64_t instructions_of(const struct report *report, int level)
{
	return level < 0 ? 0 : levels_instructions(&report->meter, (unsigned)level);
}

/* A WAIT that ends in disabled wait never completes on the bare machine, but has
 * trapped in a VM; it counts in both. */
static struct level_counts counts_of(const struct report *report, int level)
{
	if (level < 0)
		return (struct level_counts){ 0 };
	struct level_counts counts = report->meter.counts[level];
	counts.privileged += level == 0 && machine_end(report->m) == MACHINE_DISABLED_WAIT;
	return counts;
}

/* The machines from the real one to the first guest's; returns how many. */
static unsigned chain(const struct report *report, int levels[LEVELS_MOST])
{
	const struct place *place = plan_guest(report->plan, 0);
	unsigned n = place ? place->level + 1 : 1;
	for (unsigned i = n; i-- > 0 && place;) {
		levels[i] = level_of(report, place);
		place = place->parent < 0 ? NULL : &report->plan->place[place->parent];
	}
	return n;
}

/* ---- JSON --------------------------------------------------------------- */

static json_t *digest(uint64_t xxh64)
{
	char text[17];
	snprintf(text, sizeof(text), "%016" PRIx64, xxh64);
	return json_string(text);
}

static json_t *digest_of(const void *bytes, size_t n) { return digest(XXH64(bytes, n, 0)); }

static json_t *json_psw(const struct psw *psw)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I}", "pc", (json_int_t)psw->pc, "status", (json_int_t)psw->status,
	                 "base", (json_int_t)psw->base, "bound", (json_int_t)psw->bound,
	                 "timer", (json_int_t)psw->timer);
}

static json_t *json_registers(const uint32_t x[32])
{
	json_t *array = json_array();
	for (unsigned i = 0; i < 32; i++)
		json_array_append_new(array, json_number(x[i]));
	return array;
}

static json_t *json_output(const struct report *report, const struct place *place)
{
	json_t *array = json_array();
	for (unsigned i = 0; i < place->lines && place->first_line + i < LINES_MOST; i++) {
		struct output_digest output = console_output_of(report->console, place->first_line + i);
		json_array_append_new(array, json_pack("{s:o, s:o}", "bytes", json_number(output.bytes),
		                                       "xxh64", digest(output.xxh64)));
	}
	return array;
}

static void add_storage(const struct report *report, const struct guest *guest, json_t *object)
{
	if (guest->level < 0)
		return;
	const struct level *level = &report->meter.levels[guest->level];
	json_object_set_new(object, "storage_bytes", json_number(level->size));
	json_object_set_new(object, "storage", digest_of(machine_storage(report->m) + level->real, level->size));
}

static void add_disk(const struct report *report, const struct guest *guest, json_t *object)
{
	const struct boot_disk *disk = &report->plan->machine.disk;
	const struct place *place = guest->place;
	json_object_set_new(object, "disk_sectors", json_number(place->sectors));
	if (place->sectors > 0)
		json_object_set_new(object, "disk", digest_of(disk->image + (size_t)place->first_sector * SECTOR,
		                                              (size_t)place->sectors * SECTOR));
}

static json_t *json_code(const char *end, unsigned code)
{
	return strcmp(end, machine_end_names[MACHINE_HALTED]) == 0 ? json_number(code) : json_null();
}

static json_t *json_guest(const struct report *report, const struct place *place)
{
	struct guest guest = find_guest(report, place);
	struct level_counts counts = counts_of(report, guest.level);
	json_t *object = json_object();
	json_object_set_new(object, "name", json_string(place->name));
	json_object_set_new(object, "end", json_string(guest.end));
	json_object_set_new(object, "code", json_code(guest.end, guest.code));
	json_object_set_new(object, "clock", json_number(guest.clock));
	json_object_set_new(object, "instructions", json_number(instructions_of(report, guest.level)));
	json_object_set_new(object, "privileged", json_number(counts.privileged));
	json_object_set_new(object, "direct", json_number(counts.direct));
	add_storage(report, &guest, object);
	add_disk(report, &guest, object);
	json_object_set_new(object, "registers", json_registers(guest.x));
	json_object_set_new(object, "psw", json_psw(&guest.psw));
	json_object_set_new(object, "output", json_output(report, place));
	return object;
}

static json_t *json_interceptions(const struct level_counts *counts)
{
	json_t *object = json_object();
	for (int code = INTERCEPTION_TIMER; code < INTERCEPTION_VALIDITY; code++)
		json_object_set_new(object, isa_interception_names[code], json_number(counts->interceptions[code]));
	return object;
}

static json_t *json_level(const struct report *report, int level)
{
	struct level_counts counts = counts_of(report, level);
	json_t *exits = json_object();
	for (int cause = 0; cause < CAUSES; cause++)
		json_object_set_new(exits, isa_cause_names[cause], json_number(counts.traps[cause]));
	json_t *object = json_pack("{s:o, s:o, s:o}", "instructions", json_number(instructions_of(report, level)),
	                           "own", json_number(counts.direct), "exits", exits);
	if (level == 0 && machine_profile(report->m)->features & FEATURE_SIE)
		json_object_set_new(object, "interceptions", json_interceptions(&counts));
	return object;
}

static json_t *json_levels(const struct report *report)
{
	int levels[LEVELS_MOST];
	unsigned n = chain(report, levels);
	json_t *array = json_array();
	for (unsigned i = 0; i < n; i++)
		json_array_append_new(array, json_level(report, levels[i]));
	return array;
}

static json_t *json_report(const struct report *report)
{
	json_t *document = json_object(), *guests = json_array();
	const struct place *place;
	for (unsigned i = 0; (place = plan_guest(report->plan, i)); i++)
		json_array_append_new(guests, json_guest(report, place));
	const char *end = real_end(report);
	place = plan_guest(report->plan, 0);
	json_object_set_new(document, "droste", json_string(DROSTE_VERSION));
	json_object_set_new(document, "end", json_string(end));
	json_object_set_new(document, "code", json_code(end, machine_exit_code(report->m)));
	json_object_set_new(document, "clock", json_number(place ? find_guest(report, place).clock : 0));
	json_object_set_new(document, "depth", json_number(place ? place->level : 0));
	json_object_set_new(document, "profile", json_string(machine_profile(report->m)->name));
	if (json_array_size(guests) > 0)
		json_object_set(document, "guest", json_array_get(guests, 0));
	json_object_set_new(document, "levels", json_levels(report));
	if (json_array_size(guests) > 1)
		json_object_set(document, "guests", guests);
	json_decref(guests);
	return document;
}

bool report_write(struct report *report, const char *path, struct refusal *why)
{
	look(report);
	return file_write_json(path, json_report(report), why);
}

/* ---- for people --------------------------------------------------------- */

static void print_exits(const struct level_counts *counts)
{
	const char *between = "";
	for (int cause = 0; cause < CAUSES; cause++) {
		if (counts->traps[cause] == 0)
			continue;
		fprintf(stderr, "%s%s %" PRIu64, between, isa_cause_names[cause], counts->traps[cause]);
		between = ", ";
	}
	for (int code = INTERCEPTION_TIMER; code < INTERCEPTIONS; code++)
		if (counts->interceptions[code] > 0)
			fprintf(stderr, ", SIE ended by %s %" PRIu64, isa_interception_names[code], counts->interceptions[code]);
	fputc('\n', stderr);
}

static void print_guest(const struct report *report, const struct place *place)
{
	struct guest guest = find_guest(report, place);
	struct level_counts counts = counts_of(report, guest.level);
	uint64_t all = instructions_of(report, guest.level);
	fprintf(stderr, "%-12s %s, clock %" PRIu64 ": %" PRIu64 " instructions, %" PRIu64 " privileged, %.4f%% direct\n",
	        place->name, guest.end, guest.clock, all, counts.privileged,
	        all > 0 ? 100.0 * (double)counts.direct / (double)all : 0.0);
}

void report_print(struct report *report)
{
	int levels[LEVELS_MOST];
	const struct place *place;
	look(report);
	for (unsigned i = 0; (place = plan_guest(report->plan, i)); i++)
		print_guest(report, place);
	fprintf(stderr, "%5s %16s %16s  %s\n", "level", "instructions", "its own", "exits");
	unsigned n = chain(report, levels);
	for (unsigned i = 0; i < n; i++) {
		struct level_counts counts = counts_of(report, levels[i]);
		fprintf(stderr, "%5u %16" PRIu64 " %16" PRIu64 "  ", i, instructions_of(report, levels[i]), counts.direct);
		print_exits(&counts);
	}
}

/* The trap cells of the guest that stopped tell of the second trap. */
void report_check_stop(struct report *report)
{
	uint32_t cells[7];
	look(report);
	const struct place *place = plan_guest(report->plan, 0), *stopped = place;
	for (unsigned i = 1; place && (place = plan_guest(report->plan, i)); i++)
		if (strcmp(find_guest(report, place).end, machine_end_names[MACHINE_CHECK_STOPPED]) == 0)
			stopped = place;
	int level = stopped ? level_of(report, stopped) : 0;
	uint32_t real = level > 0 ? report->meter.levels[level].real : 0;
	if (level < 0 || !machine_read(report->m, real + CELL_OLD_PSW, cells, sizeof(cells)) || cells[5] >= CAUSES)
		complain("check-stop");
	else
		complain("check-stop: a %s trap at pc 0x%08" PRIx32 " (tval 0x%08" PRIx32
		         ") before any instruction had completed since the trap before it",
		         isa_cause_names[cells[5]], cells[0], cells[6]);
}
