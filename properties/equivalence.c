/* Running a guest twice, bare and under monitors, and comparing.  See
 * equivalence.h; called by the tests of our monitor and by whoever judges others.
 */

#include "equivalence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- output ------------------------------------------------------------- */

/* What a guest wrote on a line, as a digest that grows with it (FNV-1a). */
struct output {
	uint64_t bytes, hash;
};

struct equivalence_outputs {
	unsigned first_line; /* of the guest, on the nested machine */
	struct output bare[LINES_MOST], nested[LINES_MOST];
};

static void take(struct output *output, const uint8_t *bytes, size_t n)
{
	output->bytes += n;
	for (size_t i = 0; i < n; i++)
		output->hash = (output->hash ^ bytes[i]) * UINT64_C(0x100000001B3);
}

static void take_bare(void *self, unsigned line, const uint8_t *bytes, size_t n)
{
	struct equivalence_outputs *outputs = self;
	take(&outputs->bare[line], bytes, n);
}

static void take_nested(void *self, unsigned line, const uint8_t *bytes, size_t n)
{
	struct equivalence_outputs *outputs = self;
	if (line >= outputs->first_line)
		take(&outputs->nested[line - outputs->first_line], bytes, n);
}

/* ---- making the two machines -------------------------------------------- */

static void on_entry(void *self, struct machine *m, unsigned machine)
{
	struct equivalence *e = self;
	if (e->meter.levels[machine].depth == e->depth)
		machine_ask_stop(m);
}

static bool copy_disk(struct boot_disk *to, const struct boot_disk *from)
{
	to->sectors = from->sectors;
	to->image = malloc((size_t)from->sectors * SECTOR);
	if (to->image)
		memcpy(to->image, from->image, (size_t)from->sectors * SECTOR);
	return to->image != NULL;
}

static void give_input(struct machine *m, unsigned first_line, const struct equivalence_case *c)
{
	for (unsigned line = 0; line < c->guest->lines; line++)
		if (c->input[line])
			machine_input(m, first_line + line, c->input[line], strlen(c->input[line]));
	for (unsigned line = 0; line < machine_lines(m); line++)
		machine_input_ends(m, line);
}

static struct machine *make(const struct vm_plan *plan, const struct boot_disk *disk, const struct equivalence_case *c,
                            bool plain, unsigned first_line, struct refusal *why)
{
	const struct machine_config config = { plan->storage, plan->lines, c->profile, plain };
	struct machine *m = machine_new(&config, why);
	if (!m)
		return NULL;
	machine_attach_disk(m, disk->image, disk->sectors);
	give_input(m, first_line, c);
	return m;
}

bool equivalence_start(struct equivalence *e, const struct equivalence_case *c, struct refusal *why)
{
	struct vm_plan host;
	*e = (struct equivalence){ .depth = c->depth };
	if (!pack_stack(&host, c->monitors, c->depth, c->guest, 1, why))
		return false;
	e->nested_disk = host.disk;
	e->outputs = calloc(1, sizeof(*e->outputs));
	if (!e->outputs || !copy_disk(&e->bare_disk, &c->guest->disk)) {
		snprintf(why->text, sizeof(why->text), "no memory to compare two machines");
		equivalence_stop(e);
		return false;
	}
	e->outputs->first_line = host.lines - c->guest->lines;
	e->bare = make(c->guest, &e->bare_disk, c, true, 0, why);
	e->nested = make(&host, &e->nested_disk, c, c->plain, e->outputs->first_line, why);
	if (!e->bare || !e->nested) {
		equivalence_stop(e);
		return false;
	}
	machine_set_console(e->bare, &(struct console_host){ e->outputs, take_bare, NULL });
	machine_set_console(e->nested, &(struct console_host){ e->outputs, take_nested, NULL });
	levels_meter_start(&e->meter, e->nested);
	levels_meter_on_entry(&e->meter, on_entry, e);
	machine_ipl(e->bare);
	machine_ipl(e->nested);
	return true;
}

void equivalence_stop(struct equivalence *e)
{
	machine_free(e->bare);
	machine_free(e->nested);
	disk_free(&e->bare_disk);
	disk_free(&e->nested_disk);
	free(e->outputs);
	*e = (struct equivalence){ 0 };
}

/* ---- comparing ---------------------------------------------------------- */

static const char *compare_registers(const struct equivalence *e, const struct vm_entry *vm)
{
	static const char *const names[32] = {
		"", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15",
		"x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x29",
		"x30", "x31",
	};
	bool running = e->meter.running == e->guest;
	for (unsigned x = 1; x < 32; x++) {
		uint32_t value = running ? machine_register(e->nested, x) : vm->x[x];
		if (value != machine_register(e->bare, x))
			return names[x];
	}
	return NULL;
}

static const char *compare_psw(const struct psw *a, const struct psw *b)
{
	return a->pc != b->pc         ? "pc"
	       : a->status != b->status ? "status"
	       : a->base != b->base     ? "base"
	       : a->bound != b->bound   ? "bound"
	       : a->timer != b->timer   ? "timer"
	                                : NULL;
}

static bool same_output(const struct equivalence_outputs *outputs)
{
	return memcmp(outputs->bare, outputs->nested, sizeof(outputs->bare)) == 0;
}

/* At an entry of the guest: its table entry is up to date, its registers are the
 * real ones. */
static const char *compare(const struct equivalence *e)
{
	const struct level *guest = &e->meter.levels[e->guest];
	const struct vm_entry *vm = &guest->entry;
	struct psw bare = machine_psw(e->bare);
	const char *what = compare_psw(&bare, &vm->psw);
	if (!what)
		what = compare_registers(e, vm);
	if (what)
		return what;
	if (((uint64_t)vm->clock[1] << 32 | vm->clock[0]) != machine_clock(e->bare))
		return "clock";
	if ((vm->trapped != 0) != machine_trapped(e->bare))
		return "trapped";
	if (memcmp(machine_storage(e->nested) + guest->real, machine_storage(e->bare), machine_storage_size(e->bare)) != 0)
		return "storage";
	return same_output(e->outputs) ? NULL : "output";
}

/* A VM that waits for ever does so on a machine in disabled wait. */
static const char *compare_ends(const struct equivalence *e)
{
	const struct vm_entry *vm = &e->meter.levels[e->guest].entry;
	static const enum vm_state states[] = {
		[MACHINE_HALTED] = VM_HALTED,
		[MACHINE_CHECK_STOPPED] = VM_CHECK_STOPPED,
		[MACHINE_DISABLED_WAIT] = VM_DISABLED_WAIT,
	};
	enum machine_end end = machine_end(e->nested);
	size_t disk = (size_t)e->bare_disk.sectors * SECTOR;
	if (machine_end(e->bare) != end)
		return "end";
	if (vm->state != states[end] && !(end == MACHINE_DISABLED_WAIT && vm->state == VM_WAITING))
		return "state in the VM table";
	if (machine_exit_code(e->bare) != machine_exit_code(e->nested))
		return "exit code";
	const uint8_t *minidisk = e->nested_disk.image + (size_t)e->nested_disk.sectors * SECTOR - disk;
	return memcmp(minidisk, e->bare_disk.image, disk) == 0 ? NULL : "disk";
}

/* The bare machine catches up with the guest.  False if it cannot. */
static bool follow(struct equivalence *e)
{
	const struct vm_entry *vm = &e->meter.levels[e->guest].entry;
	e->steps = e->meter.counts[e->guest].direct + vm->emulated + vm->reflected;
	uint64_t now = machine_steps(e->bare);
	if (now < e->steps)
		machine_run_plain(e->bare, e->steps - now);
	return machine_steps(e->bare) == e->steps;
}

static void find_guest(struct equivalence *e)
{
	levels_meter_read(&e->meter);
	for (unsigned i = 0; i < e->meter.n && e->guest == 0; i++)
		if (e->meter.levels[i].depth == e->depth)
			e->guest = i;
}

static enum equivalence_verdict end(struct equivalence *e)
{
	if (e->guest == 0 || machine_end(e->nested) == MACHINE_RUNNING)
		return EQUIVALENCE_UNDECIDED;
	machine_run_plain(e->bare, 1); /* into a disabled wait, which is no step */
	e->what = compare_ends(e);
	return e->what ? EQUIVALENCE_DIFFERS : EQUIVALENCE_ENDED;
}

enum equivalence_verdict equivalence_advance(struct equivalence *e, uint64_t steps)
{
	uint64_t until = machine_steps(e->nested) + steps;
	enum stop stop;
	do {
		uint64_t now = machine_steps(e->nested);
		stop = now < until ? machine_run(e->nested, until - now) : STOP_STEPS;
	} while (stop == STOP_ASKED && e->meter.levels[e->meter.running].depth != e->depth);
	find_guest(e);
	if (stop == STOP_STEPS)
		return EQUIVALENCE_UNDECIDED;
	if (e->guest > 0) {
		e->what = follow(e) ? compare(e) : "number of instructions and traps";
		e->entries++;
		if (e->what)
			return EQUIVALENCE_DIFFERS;
	}
	return stop == STOP_ASKED ? EQUIVALENCE_SAME : end(e);
}
