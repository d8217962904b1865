/* Following anchors, and metering by them.  See levels.h; called by the command
 * line for its statistics, and by whoever shows or steps nested machines.
 */

#include "levels.h"

#include <string.h>

const char *const vm_state_names[VM_STATES] = {
	"empty", "runnable", "waiting", "halted", "check-stop", "disabled wait",
};

/* ---- following anchors -------------------------------------------------- */

static bool inside(uint32_t start, uint64_t n, uint32_t size) { return start <= size && n <= size - start; }

/* Reads n bytes at an address of a machine's own real storage. */
static bool read_level(const struct machine *m, const struct level *level, uint32_t at, void *to, uint32_t n)
{
	return inside(at, n, level->size) && machine_read(m, level->real + at, to, n);
}

/* Why an anchor cannot be believed, or NULL. */
static const char *anchor_lie(const struct anchor *anchor, uint32_t size)
{
	if (anchor->entry_bytes < sizeof(struct vm_entry) || anchor->entry_bytes % 4)
		return "its entries are too short or not words";
	if (anchor->entries > LEVELS_MOST)
		return "it has more entries than any monitor needs";
	if (!inside(anchor->table, (uint64_t)anchor->entries * anchor->entry_bytes, size))
		return "its VM table is not inside its storage";
	if (anchor->running != UINT32_MAX && anchor->running >= anchor->entries)
		return "the VM it says is running is not in its table";
	return NULL;
}

static void read_anchor(const struct machine *m, struct level *level)
{
	struct anchor anchor;
	if (!read_level(m, level, CELL_ANCHOR, &anchor, sizeof(anchor)) || anchor.magic != ANCHOR_MAGIC)
		return;
	level->lie = anchor_lie(&anchor, level->size);
	level->hosts = !level->lie;
	level->anchor = anchor;
}

static bool overlap(const struct level *a, const struct level *b)
{
	return a->real < b->real + b->size && b->real < a->real + a->size;
}

/* A VM's region is inside its host's storage, clear of the host's trap cells and
 * anchor and of the VMs before it. */
static bool region_holds(const struct level *found, unsigned n, const struct level *vm)
{
	const struct level *host = &found[vm->parent];
	if (vm->entry.region < CELL_ANCHOR + sizeof(struct anchor) || vm->entry.size < STORAGE_LEAST ||
	    !inside(vm->entry.region, vm->entry.size, host->size))
		return false;
	for (unsigned i = 1; i < n; i++)
		if (found[i].parent == vm->parent && overlap(&found[i], vm))
			return false;
	return true;
}

static unsigned add_vms(const struct machine *m, struct level *found, unsigned n, unsigned most, unsigned host)
{
	const struct anchor *anchor = &found[host].anchor;
	for (uint32_t i = 0; i < anchor->entries && n < most; i++) {
		uint32_t at = anchor->table + i * anchor->entry_bytes, state;
		if (!read_level(m, &found[host], at, &state, sizeof(state)))
			break;
		if (state == VM_EMPTY || state >= VM_STATES)
			continue;
		struct level vm = { .parent = (int)host, .depth = found[host].depth + 1, .vm = i };
		if (!read_level(m, &found[host], at, &vm.entry, sizeof(vm.entry)))
			break;
		vm.real = found[host].real + vm.entry.region;
		vm.size = vm.entry.size;
		if (!region_holds(found, n, &vm)) {
			found[host].lie = "a VM's region is not inside its storage, or overlaps another";
			continue;
		}
		found[n++] = vm;
	}
	return n;
}

static bool has_guests_storage(const struct level *level, const struct machine_guest *guest)
{
	return level->parent >= 0 && level->real == guest->origin && level->size == guest->extent;
}

/* Over what the host's table says of it: its timer, too, is as it is now. */
static void take_guest(const struct machine *m, struct level *level)
{
	struct machine_guest guest;
	if (!machine_guest(m, &guest) || !has_guests_storage(level, &guest))
		return;
	level->entry.psw = guest.psw;
	level->entry.clock[0] = (uint32_t)guest.clock;
	level->entry.clock[1] = (uint32_t)(guest.clock >> 32);
	level->entry.timer_loaded = machine_psw(m).timer;
	level->entry.trapped = guest.trapped;
	level->entry.pending = guest.pending;
}

/* Each machine is strictly inside its host's storage, so this ends. */
unsigned levels_find(const struct machine *m, struct level *found, unsigned most)
{
	unsigned n = 1;
	found[0] = (struct level){ .parent = -1, .size = machine_storage_size(m) };
	for (unsigned i = 0; i < n; i++) {
		read_anchor(m, &found[i]);
		found[i].told = found[i].entry;
		take_guest(m, &found[i]);
		if (found[i].hosts)
			n = add_vms(m, found, n, most, i);
	}
	return n;
}

static int same_machine(const struct level *known, unsigned n, const struct level *level)
{
	for (unsigned i = 0; i < n; i++)
		if (known[i].real == level->real && known[i].size == level->size)
			return (int)i;
	return -1;
}

unsigned levels_find_again(const struct machine *m, struct level *known, unsigned n)
{
	struct level found[LEVELS_MOST];
	int place[LEVELS_MOST];
	unsigned all = levels_find(m, found, LEVELS_MOST);
	for (unsigned i = 0; i < all; i++) {
		place[i] = found[i].parent >= 0 && place[found[i].parent] < 0 ? -1 : same_machine(known, n, &found[i]);
		if (place[i] < 0 && n < LEVELS_MOST)
			place[i] = (int)n++;
		if (place[i] < 0)
			continue;
		found[i].parent = found[i].parent < 0 ? -1 : place[found[i].parent];
		known[place[i]] = found[i];
	}
	return n;
}

int levels_inner(const struct level *found, unsigned n, unsigned machine)
{
	int first = -1;
	for (unsigned i = 1; i < n; i++) {
		if (found[i].parent != (int)machine)
			continue;
		if (found[i].vm == found[machine].anchor.running)
			return (int)i;
		if (first < 0)
			first = (int)i;
	}
	return first;
}

unsigned levels_at(const struct level *found, unsigned n, uint32_t real)
{
	unsigned innermost = 0;
	for (unsigned i = 1; i < n; i++) /* hosts come before their VMs */
		if (found[i].parent == (int)innermost && real - found[i].real < found[i].size)
			innermost = i;
	return innermost;
}

bool levels_within(const struct level *found, unsigned machine, unsigned host)
{
	for (int i = (int)machine; i >= 0; i = found[i].parent)
		if (i == (int)host)
			return true;
	return false;
}

/* ---- metering ----------------------------------------------------------- */

/* Looks for machines that have come to be since the last look. */
static void refresh(struct levels_meter *meter)
{
	unsigned known = meter->n;
	meter->n = levels_find_again(meter->m, meter->levels, known);
	if (meter->n > known)
		levels_meter_watch(meter);
}

/* New machines show as a base that has not been seen before. */
static void look_at_base(struct levels_meter *meter, uint32_t base)
{
	uint32_t *known = &meter->known_bases[base / 64 % 64];
	if (*known != base) {
		*known = base;
		refresh(meter);
	}
}

/* The guest in interpretive execution; or, if it is in nobody's table, the machine that it is
 * a part of. */
static unsigned guest_of(const struct levels_meter *meter, const struct machine_guest *guest)
{
	for (unsigned i = 1; i < meter->n; i++)
		if (has_guests_storage(&meter->levels[i], guest))
			return i;
	return levels_at(meter->levels, meter->n, guest->origin);
}

/* The VM that a machine's anchor says is running, or -1. */
static int said_to_run(const struct levels_meter *meter, unsigned machine)
{
	for (unsigned i = 1; i < meter->n; i++)
		if (meter->levels[i].parent == (int)machine && meter->levels[i].vm == meter->levels[machine].anchor.running)
			return meter->levels[machine].hosts ? (int)i : -1;
	return -1;
}

/* Under a window that is empty nothing can be fetched, and its base is whatever the monitor likes
 * best: whose it is only the anchors tell, from each machine that is in user mode to the next. */
static unsigned running_in_no_window(struct levels_meter *meter, uint32_t base)
{
	int machine = 0, inner;
	refresh(meter);
	while ((inner = said_to_run(meter, (unsigned)machine)) > 0 && (machine == 0 || meter->levels[machine].entry.psw.status & STATUS_M))
		machine = inner;
	return machine > 0 ? (unsigned)machine : levels_at(meter->levels, meter->n, base);
}

static unsigned running_under(struct levels_meter *meter, const struct psw *psw)
{
	if (psw->bound == 0 || psw->base >= machine_storage_size(meter->m))
		return running_in_no_window(meter, psw->base);
	look_at_base(meter, psw->base);
	return levels_at(meter->levels, meter->n, psw->base);
}

/* The machine whose instructions run now, and the one whose System ISA is in force: which
 * takes the next trap. */
static void find_running(struct levels_meter *meter)
{
	struct psw psw = machine_psw(meter->m);
	struct machine_guest guest;
	bool interpretive = machine_guest(meter->m, &guest);
	meter->running = meter->takes = 0;
	if (!(psw.status & STATUS_M))
		return;
	if (!interpretive) {
		meter->running = running_under(meter, &psw);
		return;
	}
	look_at_base(meter, guest.origin);
	meter->running = meter->takes = guest_of(meter, &guest);
	if (guest.psw.status & STATUS_M) {
		look_at_base(meter, psw.base);
		meter->running = levels_at(meter->levels, meter->n, psw.base);
	}
}

static void attribute(struct levels_meter *meter)
{
	uint64_t now = machine_counts(meter->m).instructions;
	meter->counts[meter->running].direct += now - meter->counted;
	meter->counted = now;
}

/* An event: the guest that there was has until then completed User instructions only, the last
 * n of those that were counted, and stood at pc. */
static void note_guest(struct levels_meter *meter, uint64_t n, uint32_t pc)
{
	meter->was = meter->guest;
	struct machine_guest *was = &meter->was.then;
	meter->guest.is = machine_guest(meter->m, &meter->guest.then);
	if (!meter->was.is)
		return;
	was->psw.pc = pc;
	if (was->psw.status & STATUS_TE)
		was->psw.timer -= n < was->psw.timer ? (uint32_t)n : was->psw.timer;
	was->clock += n;
	was->trapped &= n == 0;
}

/* True iff a System instruction stands at pc under R: it has met a trap of its
 * operand. */
static bool system_instruction_at(const struct machine *m, const struct psw *psw)
{
	uint32_t word;
	return address_legal(psw->pc, 4, psw->base, psw->bound, machine_storage_size(m)) &&
	       machine_read(m, psw->base + psw->pc, &word, 4) &&
	       isa_opcode(word) == ISA_OPCODE_SYSTEM && isa_decode(word) != INSN_NONE;
}

/* ---- trips: from a privileged instruction down, and back to its machine -- */

static void trip_begin(struct levels_meter *meter, enum cause cause, uint32_t word)
{
	meter->trip.exits++;
	if (meter->running == 0 || meter->levels[meter->running].hosts)
		return;
	meter->trip.machine = cause == CAUSE_PRIVILEGED ? (int)meter->running : -1;
	meter->trip.insn = isa_decode(word);
	meter->trip.exits = 1;
}

static void trip_end(struct levels_meter *meter)
{
	if (meter->trip.machine != (int)meter->running)
		return;
	meter->trip.machine = -1;
	struct level_trips *trips = &meter->trips[meter->trip.insn - INSN_SYSTEM];
	trips->instructions++;
	trips->exits += meter->trip.exits;
}

/* Another machine runs from here on, or the same. */
static void turn(struct levels_meter *meter)
{
	unsigned before = meter->running;
	find_running(meter);
	meter->have_run |= UINT64_C(1) << meter->running;
	if (meter->on_entry && meter->running != before && meter->running > 0)
		meter->on_entry(meter->on_entry_self, meter->m, meter->running);
}

static void on_trap(void *self, struct machine *m, struct psw old, enum cause cause, uint32_t tval)
{
	struct levels_meter *meter = self;
	note_guest(meter, machine_counts(m).instructions - meter->counted, old.pc);
	attribute(meter);
	meter->took = meter->takes;
	if (meter->took == 0)
		trip_begin(meter, cause, tval);
	if (cause == CAUSE_PRIVILEGED || (cause == CAUSE_MEMORY && system_instruction_at(m, &old)))
		meter->counts[meter->running].privileged++;
	meter->counts[meter->took].traps[cause]++;
	turn(meter);
	if (meter->next.trap)
		meter->next.trap(meter->next.self, m, old, cause, tval);
}

static void on_interception(void *self, struct machine *m, struct psw old, enum interception code, uint32_t parameter)
{
	struct levels_meter *meter = self;
	note_guest(meter, machine_counts(m).instructions - meter->counted, old.pc);
	attribute(meter);
	trip_begin(meter, levels_cause(code, parameter), parameter);
	meter->counts[meter->running].privileged += code == INTERCEPTION_INSTRUCTION;
	meter->counts[0].interceptions[code]++;
	turn(meter);
	if (meter->next.interception)
		meter->next.interception(meter->next.self, m, old, code, parameter);
}

/* One that costs no exit: nobody but the guest's real machine had to do it. */
static void count_direct(struct levels_meter *meter, enum insn insn)
{
	if (meter->takes > 0 && !meter->levels[meter->running].hosts)
		meter->trips[insn - INSN_SYSTEM].instructions++;
}

static void on_system(void *self, struct machine *m, enum insn insn, struct psw before)
{
	struct levels_meter *meter = self;
	note_guest(meter, machine_counts(m).instructions - meter->counted - 1, before.pc);
	attribute(meter);
	meter->counts[meter->running].privileged++;
	count_direct(meter, insn);
	turn(meter);
	trip_end(meter);
	if (meter->next.system)
		meter->next.system(meter->next.self, m, insn, before);
}

static void on_transfer(void *self, struct machine *m, const struct command_block *block, enum condition cc)
{
	struct levels_meter *meter = self;
	if (meter->next.transfer)
		meter->next.transfer(meter->next.self, m, block, cc);
}

/* A host that stores a cause into its VM's trap cells has reflected a trap.  Zeros
 * come from clearing storage too, and the reset is counted when the VM is found. */
static void on_store(void *self, struct machine *m, uint32_t real, uint32_t n)
{
	struct levels_meter *meter = self;
	for (unsigned i = 1; i < meter->n; i++) {
		uint32_t cause;
		if (real != meter->levels[i].real + CELL_CAUSE || n != 4)
			continue;
		if ((int)meter->running != meter->levels[i].parent || !machine_read(m, real, &cause, 4))
			continue;
		if (cause > CAUSE_RESET && cause < CAUSES) {
			meter->counts[i].traps[cause]++;
			meter->reflecting |= UINT64_C(1) << i;
		}
	}
	if (meter->next.store)
		meter->next.store(meter->next.self, m, real, n);
}

void levels_meter_start(struct levels_meter *meter, struct machine *m)
{
	*meter = (struct levels_meter){ .m = m, .trip.machine = -1 };
	memset(meter->known_bases, 0xFF, sizeof(meter->known_bases));
	const struct observer observer = { meter, on_trap, on_system, on_transfer, on_store, on_interception };
	machine_observe(m, &observer);
	refresh(meter);
}

void levels_meter_on_entry(struct levels_meter *meter, void (*on_entry)(void *self, struct machine *m, unsigned machine),
                           void *self)
{
	meter->on_entry = on_entry;
	meter->on_entry_self = self;
}

void levels_meter_also(struct levels_meter *meter, const struct observer *next) { meter->next = *next; }

void levels_meter_watch(const struct levels_meter *meter)
{
	for (unsigned i = 1; i < meter->n; i++)
		machine_watch(meter->m, meter->levels[i].real + CELL_CAUSE, true);
}

void levels_meter_settle(struct levels_meter *meter)
{
	attribute(meter);
	for (unsigned i = 1; i < meter->n; i++)
		meter->counts[i].traps[CAUSE_RESET] = 1;
}

void levels_meter_read(struct levels_meter *meter)
{
	refresh(meter);
	levels_meter_settle(meter);
}

enum cause levels_cause(enum interception code, uint32_t parameter)
{
	switch (code) {
	case INTERCEPTION_TIMER:      return CAUSE_TIMER;
	case INTERCEPTION_ATTENTION:  return CAUSE_IO;
	case INTERCEPTION_CHECK_STOP: return (enum cause)parameter;
	default:                      return CAUSE_PRIVILEGED;
	}
}

uint64_t levels_exits(const struct levels_meter *meter)
{
	uint64_t exits = 0;
	for (int cause = 0; cause < CAUSES; cause++)
		exits += meter->counts[0].traps[cause];
	for (int code = 0; code < INTERCEPTIONS; code++)
		exits += meter->counts[0].interceptions[code];
	return exits;
}

uint64_t levels_instructions(const struct levels_meter *meter, unsigned machine)
{
	uint64_t n = meter->counts[machine].direct + meter->levels[machine].entry.emulated;
	for (unsigned i = machine + 1; i < meter->n; i++)
		for (int host = meter->levels[i].parent; host >= 0; host = meter->levels[host].parent)
			if (host == (int)machine)
				n += meter->counts[i].direct;
	return n;
}
