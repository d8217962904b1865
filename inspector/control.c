/* Resource control, watched.  See control.h; called by run.c and by properties/pair.c at
 * every event of the real machine.
 */

#include "control.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "words.h"

static void violated(struct control *control, const struct psw *psw, enum breach breach, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The first counts most: what comes after it may be its consequence. */
static void violated(struct control *control, const struct psw *psw, enum breach breach, const char *format, ...)
{
	const struct machine *m = control->meter->m;
	struct violation *last = &control->last;
	va_list args;
	va_start(args, format);
	vsnprintf(last->what, sizeof(last->what), format, args);
	va_end(args);
	last->breach = breach;
	last->psw = *psw;
	last->steps = machine_steps(m);
	last->clock = machine_clock(m);
	if (control->violations++ == 0)
		control->first = *last;
}

/* ---- what has been given to whom ---------------------------------------- */

unsigned control_allotments(struct allotment given[DIRECTORY_ENTRIES], const struct boot_disk *disk, uint32_t sector,
                            unsigned line)
{
	const uint8_t *at = disk->image + (size_t)sector * SECTOR;
	struct directory_entry entries[DIRECTORY_ENTRIES];
	uint32_t directory = 0;
	unsigned n = 0;
	if (sector < disk->sectors)
		memcpy(&directory, at + CELL_DIRECTORY, sizeof(directory));
	if (directory == 0 || directory >= disk->sectors - sector)
		return 0;
	memcpy(entries, at + (size_t)directory * SECTOR, sizeof(entries));
	for (line++; n < DIRECTORY_ENTRIES && entries[n].sectors > 0; line += entries[n++].lines)
		given[n] = (struct allotment){ sector + entries[n].first_sector, entries[n].sectors, line, entries[n].lines };
	return n;
}

void control_start(struct control *control, struct levels_meter *meter, const struct boot_disk *disk)
{
	*control = (struct control){ .meter = meter };
	control->vms = control_allotments(control->given, disk, 0, 0);
	control->image_end = control->vms > 0 ? disk_data_sector(disk) * SECTOR : 0;
}

/* Owners: a VM by its first sector on the real disk; or, of what is no VM's, the monitor. */
#define MONITORS 0

static uint32_t sector_owner(const struct control *control, uint32_t sector)
{
	for (unsigned i = 0; i < control->vms; i++)
		if (sector - control->given[i].first_sector < control->given[i].sectors)
			return control->given[i].first_sector;
	return MONITORS;
}

static uint32_t line_owner(const struct control *control, uint32_t line)
{
	for (unsigned i = 0; i < control->vms; i++)
		if (line - control->given[i].first_line < control->given[i].lines)
			return control->given[i].first_sector;
	return MONITORS;
}

/* The VM of the real machine's monitor that has the real address; NULL: no one. */
static const struct level *region_at(const struct control *control, uint64_t real)
{
	const struct levels_meter *meter = control->meter;
	for (unsigned i = 1; i < meter->n; i++)
		if (meter->levels[i].parent == 0 && real - meter->levels[i].real < meter->levels[i].size)
			return &meter->levels[i];
	return NULL;
}

static uint32_t storage_owner(const struct control *control, uint64_t real)
{
	const struct level *vm = region_at(control, real);
	return vm ? vm->entry.first_sector : MONITORS;
}

/* True iff more than one VM wants to run, as the table says. */
static bool contended(const struct control *control)
{
	unsigned n = 0;
	if (control->vms < 2)
		return false;
	levels_meter_read(control->meter);
	for (unsigned i = 1; i < control->meter->n; i++)
		n += control->meter->levels[i].parent == 0 && control->meter->levels[i].entry.state == VM_RUNNABLE;
	return n > 1;
}

/* ---- in what PSW a VM runs ---------------------------------------------- */

/* The storage that R lets in: where bound goes beyond the end of storage, the
 * machine stops it there. */
static uint64_t window_end(const struct control *control, const struct psw *psw)
{
	uint64_t end = (uint64_t)psw->base + psw->bound, size = machine_storage_size(control->meter->m);
	return end < size ? end : size;
}

/* In interpretive execution a guest sets R itself, and may reach all of its extent. */
static struct psw widest(const struct control *control, const struct psw *psw)
{
	struct machine_guest guest;
	struct psw wide = *psw;
	if (machine_guest(control->meter->m, &guest)) {
		wide.base = guest.origin;
		wide.bound = guest.extent;
	}
	return wide;
}

/* The VM that the monitor says it resumes; NULL: it does not say. */
static const struct level *resumed(const struct control *control)
{
	const struct levels_meter *meter = control->meter;
	uint32_t running = UINT32_MAX;
	machine_read(meter->m, CELL_ANCHOR + offsetof(struct anchor, running), &running, sizeof(running));
	for (unsigned i = 1; i < meter->n; i++)
		if (meter->levels[i].parent == 0 && meter->levels[i].vm == running)
			return &meter->levels[i];
	return NULL;
}

static void check_window(struct control *control, const struct psw *now)
{
	const struct psw wide = widest(control, now), *psw = &wide;
	const struct level *vm = region_at(control, psw->base), *meant = resumed(control);
	uint64_t end = window_end(control, psw);
	if (psw->bound == 0 || psw->base >= end)
		return;
	if (!vm)
		violated(control, psw, BREACH_WINDOW, _("user mode under base 0x%08x, which is in no virtual machine's storage"), psw->base);
	else if (end > (uint64_t)vm->real + vm->size)
		violated(control, psw, BREACH_WINDOW, _("base 0x%08x with bound 0x%08x reaches beyond the virtual machine's storage, which ends at 0x%08x"),
		         psw->base, psw->bound, vm->real + vm->size);
	else if (meant && meant != vm)
		violated(control, psw, BREACH_WINDOW, _("base 0x%08x is in the storage of a virtual machine other than the one that is resumed"), psw->base);
}

static void check_time(struct control *control, const struct psw *psw)
{
	if (psw->timer > control->longest)
		control->longest = psw->timer;
	if (!(psw->status & STATUS_IE))
		violated(control, psw, BREACH_PROCESSOR, _("a virtual machine runs with real interrupts off"));
	else if (!(psw->status & STATUS_TE))
		violated(control, psw, BREACH_PROCESSOR, _("a virtual machine runs with the real timer stopped"));
	else if (psw->timer > QUANTUM_MOST && contended(control))
		violated(control, psw, BREACH_PROCESSOR, _("a virtual machine is given %u instructions while another may want to run"), psw->timer);
}

/* True iff pc is in a VM's storage.  A monitor's own code seldom leaves its image, so that
 * the VM table need seldom be read again. */
static bool in_region(const struct control *control, const struct psw *psw)
{
	uint64_t real = (uint64_t)psw->base + psw->pc;
	if (real < control->image_end || psw->pc >= psw->bound)
		return false;
	levels_meter_read(control->meter);
	return region_at(control, real) != NULL;
}

/* Until there is one, user mode is the monitor's own. */
static bool any_vm(const struct control *control)
{
	if (control->meter->n == 1)
		levels_meter_read(control->meter);
	return control->meter->n > 1;
}

/* Whatever now runs. */
static void check_psw(struct control *control)
{
	struct psw psw = machine_psw(control->meter->m);
	if (machine_end(control->meter->m) != MACHINE_RUNNING)
		return;
	if (psw.status & STATUS_M) {
		if (!any_vm(control))
			return;
		check_window(control, &psw);
		check_time(control, &psw);
	} else if (in_region(control, &psw)) {
		violated(control, &psw, BREACH_MODE, _("supervisor mode goes on at 0x%08llx, in a virtual machine's storage"),
		         (unsigned long long)psw.base + psw.pc);
	}
}

/* Whatever ran until now: a jump in supervisor mode shows at the next event only. */
static void check_fetched(struct control *control, const struct psw *psw)
{
	if (!(psw->status & STATUS_M) && in_region(control, psw))
		violated(control, psw, BREACH_MODE, _("an instruction of a virtual machine, at 0x%08llx, was fetched in supervisor mode"),
		         (unsigned long long)psw->base + psw->pc);
}

/* ---- what the monitor does for a VM ------------------------------------- */

static uint32_t operand(const struct machine *m, uint32_t word) { return machine_register(m, isa_rs1(word)) + isa_imm_i(word); }

/* A VM has trapped on an SIO: notes what it asks for.  False if that cannot be read. */
static bool read_asked(struct control *control, const struct machine *m, const struct psw *psw, uint32_t word)
{
	uint32_t a = operand(m, word);
	return isa_decode(word) == INSN_sio &&
	       address_legal(a, sizeof(control->asked), psw->base, psw->bound, machine_storage_size(m)) &&
	       machine_read(m, psw->base + a, &control->asked, sizeof(control->asked));
}

static uint32_t bytes_stored(enum insn insn)
{
	return insn == INSN_spsw ? sizeof(struct psw) : insn == INSN_stck ? 8 : insn == INSN_sio ? sizeof(struct command_block) : 0;
}

/* A VM's supervisor has trapped on an instruction that stores, with an operand outside its
 * storage: the bare machine would take a memory trap.  Keeps what stands there. */
static void note_reach(struct control *control, const struct machine *m, const struct psw *psw, uint32_t word)
{
	const struct level *vm = &control->meter->levels[control->served];
	struct reach *reach = &control->reach;
	uint32_t n = bytes_stored(isa_decode(word)), real = psw->base + operand(m, word), size = machine_storage_size(m);
	if (vm->parent != 0 || n == 0 || (real - vm->real < vm->size && n <= vm->size - (real - vm->real)) || real >= size)
		return;
	levels_meter_read(control->meter);
	if (vm->entry.psw.status & STATUS_M)
		return;
	reach->n = n < size - real ? n : size - real;
	reach->real = real;
	memcpy(reach->bytes, machine_storage(m) + real, reach->n);
}

/* The VM goes on: nobody else's storage has changed there meanwhile. */
static void check_reach(struct control *control, const struct psw *psw)
{
	struct reach *reach = &control->reach;
	const uint8_t *now = machine_storage(control->meter->m) + reach->real;
	for (uint32_t i = 0; i < reach->n && control->meter->running == control->served; i++) {
		const struct level *vm = region_at(control, reach->real + i);
		if (now[i] != reach->bytes[i] && vm && vm != &control->meter->levels[control->served])
			violated(control, psw, BREACH_STORE, _("an instruction emulated for a virtual machine stored at 0x%08x, in another's storage"),
			         reach->real + i);
	}
	reach->n = 0;
}

/* The monitor may have a buffer of its own there, if what goes through it is the VM's. */
static void check_misplaced(struct control *control)
{
	struct misplaced *misplaced = &control->misplaced;
	const uint8_t *storage = machine_storage(control->meter->m);
	if (misplaced->count > 0 && memcmp(storage + misplaced->buffer, storage + misplaced->meant, misplaced->count) != 0)
		violated(control, &misplaced->psw, BREACH_TRANSFER,
		         _("a virtual machine's SIO moved data at 0x%08x, its own name for a place in its storage, which is elsewhere"),
		         misplaced->buffer);
	misplaced->count = 0;
}

/* ---- events ------------------------------------------------------------- */

void control_trap(struct control *control, struct machine *m, unsigned was, const struct psw *old, enum cause cause,
                  uint32_t tval)
{
	if (control->vms == 0)
		return;
	if (old->status & STATUS_M) {
		bool privileged = was > 0 && cause == CAUSE_PRIVILEGED;
		control->served = was;
		control->serving = privileged && read_asked(control, m, old, tval);
		if (privileged)
			note_reach(control, m, old, tval);
	} else {
		check_fetched(control, old);
	}
	check_psw(control);
}

void control_system(struct control *control, struct machine *m, const struct psw *before)
{
	struct psw psw = machine_psw(m);
	if (control->vms == 0)
		return;
	check_fetched(control, before);
	if (psw.status & STATUS_M) {
		check_reach(control, &psw);
		check_misplaced(control);
	}
	if ((before->status | psw.status) & STATUS_M)
		check_psw(control);
}

/* ---- what a transfer touches -------------------------------------------- */

enum moves { NOTHING, FROM_STORAGE, TO_STORAGE };

static enum moves moves_data(const struct command_block *block)
{
	static const enum moves moves[][8] = {
#define COMMAND(device, symbol, number, moves, effect) [DEVICE_##device][number] = moves,
#include "machine/isa/devices.def"
	};
	return moves[block->device][block->command];
}

static const char *unit_name(const struct command_block *block) { return block->device == DEVICE_DISK ? _("sector") : _("line"); }

/* The VM of the real machine's monitor in which the machine is. */
static const struct level *outermost(const struct control *control, unsigned machine)
{
	const struct level *levels = control->meter->levels;
	while (levels[machine].parent > 0)
		machine = (unsigned)levels[machine].parent;
	return &levels[machine];
}

static void check_storage(struct control *control, const struct psw *psw, const struct command_block *block,
                          uint32_t owner)
{
	uint64_t last = (uint64_t)block->buffer + block->count - 1;
	uint32_t first_owner = storage_owner(control, block->buffer), last_owner = storage_owner(control, last);
	if (first_owner != last_owner)
		violated(control, psw, BREACH_TRANSFER, _("a transfer at 0x%08x of %u bytes crosses the end of a virtual machine's storage"),
		         block->buffer, block->count);
	else if (first_owner != MONITORS && first_owner != owner)
		violated(control, psw, BREACH_TRANSFER, _("a transfer between a virtual machine's storage, at 0x%08x, and %s %u, which %s"),
		         block->buffer, unit_name(block), block->unit,
		         owner == MONITORS ? _("has not been given to it") : _("is another's"));
	else if (owner != MONITORS && moves_data(block) == TO_STORAGE && block->buffer < CELL_MAGIC)
		violated(control, psw, BREACH_TRANSFER, _("a virtual machine's %s %u was read over the real machine's trap cells"), unit_name(block), block->unit);
}

static uint32_t unit_owner(struct control *control, const struct psw *psw, const struct command_block *block)
{
	if (block->device == DEVICE_CONSOLE)
		return line_owner(control, block->unit);
	uint32_t sectors = block->count / SECTOR;
	uint32_t first = sector_owner(control, block->unit), last = sector_owner(control, block->unit + sectors - 1);
	if (first != last)
		violated(control, psw, BREACH_TRANSFER, _("a transfer of sectors %u to %u crosses the end of a minidisk"), block->unit,
		         block->unit + sectors - 1);
	return first;
}

static void note_misplaced(struct control *control, const struct psw *psw, const struct command_block *block, const struct level *vm)
{
	if (block->buffer > vm->size || block->count > vm->size - block->buffer)
		return;
	control->misplaced = (struct misplaced){ *psw, block->buffer, block->count, vm->real + block->buffer };
	if (moves_data(block) == FROM_STORAGE)
		check_misplaced(control);
}

/* While the monitor does what a VM's SIO asked for, it touches nothing of any other's, and
 * does not take the VM's address for one of its own.  It may do something else first, for
 * a VM that it interprets. */
static void check_served(struct control *control, const struct psw *psw, const struct command_block *block, uint32_t owner)
{
	const struct command_block *asked = &control->asked;
	const struct level *vm = outermost(control, control->served);
	bool serving = control->serving && block->device == asked->device && block->command == asked->command &&
	               block->count == asked->count;
	control->serving = false;
	if (!serving || owner == MONITORS)
		return;
	if (owner != vm->entry.first_sector)
		violated(control, psw, BREACH_TRANSFER, _("a virtual machine's SIO reached %s %u of another's"), unit_name(block), block->unit);
	else if (moves_data(block) && block->buffer == asked->buffer && region_at(control, block->buffer) != vm)
		note_misplaced(control, psw, block, vm);
}

static void check_transfer(struct control *control, const struct machine *m, const struct command_block *block, enum condition cc)
{
	struct psw psw = machine_psw(m);
	if (psw.status & STATUS_M)
		violated(control, &psw, BREACH_MODE, _("a virtual machine's SIO was carried out by the real machine"));
	if (cc >= CC_REFUSED || (block->device == DEVICE_DISK && !moves_data(block)))
		return;
	if (moves_data(block) && block->count == 0)
		return; /* nothing is touched */
	uint32_t owner = unit_owner(control, &psw, block);
	check_served(control, &psw, block, owner);
	if (moves_data(block))
		check_storage(control, &psw, block, owner);
}

/* The SIO will complete: what it did is told as of then. */
void control_transfer(struct control *control, struct machine *m, const struct command_block *block, enum condition cc)
{
	uint64_t before = control->violations;
	if (control->vms > 0)
		check_transfer(control, m, block, cc);
	if (control->violations == before)
		return;
	control->last.steps++;
	control->last.clock++;
	if (before == 0)
		control->first = control->last;
}
