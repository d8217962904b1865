/* One processor in software for all VMs: a struct machine that is loaded with a VM's
 * state, takes steps by the machine's own plain executor, and is stored back.  Its
 * storage is the VM's region, and its devices are what the allocator gave the VM.
 * Called by dispatcher.c; calls machine/trap.c.
 */

#include "monitors.h"

/* Instructions, before the real machine's interrupts get their turn. */
#define SLICE 1000

static struct machine processor;
static struct vm *loaded;  /* the VM whose state it has */
static bool moved;         /* an SIO was carried out since it was loaded */

/* ---- a VM's state in and out -------------------------------------------- */

static void load(struct vm *vm)
{
	processor.storage = vm_storage(vm, 0);
	processor.size = processor.extent = vm->size;
	for (int i = 1; i < 32; i++)
		processor.x[i] = vm->x[i];
	processor.psw = vm->psw;
	processor.clock = (uint64_t)vm->clock[1] << 32 | vm->clock[0];
	processor.trapped = vm->trapped;
	processor.pending_lines = vm->pending;
	processor.end = MACHINE_RUNNING;
	processor.profile = probed_profile();
	processor.counts.instructions = 0;
	for (int cause = 0; cause < CAUSES; cause++)
		processor.counts.traps[cause] = 0;
	loaded = vm;
	moved = false;
}

static void end(struct vm *vm)
{
	if (processor.end == MACHINE_HALTED) {
		vm->exit_code = processor.exit_code;
		vm_end(vm, VM_HALTED);
	} else if (processor.end == MACHINE_CHECK_STOPPED) {
		vm_end(vm, VM_CHECK_STOPPED);
	} else if (processor.end == MACHINE_DISABLED_WAIT) {
		vm_end(vm, VM_DISABLED_WAIT);
	}
}

static void store(struct vm *vm)
{
	uint32_t completed = (uint32_t)processor.counts.instructions;
	for (int i = 1; i < 32; i++)
		vm->x[i] = processor.x[i];
	vm->psw = processor.psw;
	vm->clock[0] = (uint32_t)processor.clock;
	vm->clock[1] = (uint32_t)(processor.clock >> 32);
	vm->trapped = processor.trapped;
	vm->pending = processor.pending_lines;
	vm->emulated += completed;
	vm->reflected += (uint32_t)machine_total_steps(&processor) - completed;
	monitor.quantum = less(monitor.quantum, completed);
	end(vm);
}

/* ---- what the dispatcher asks for --------------------------------------- */

static bool goes_on(struct vm *vm, uint32_t n, uint32_t least)
{
	if (moved || processor.end != MACHINE_RUNNING || n >= SLICE || n >= monitor.quantum)
		return false;
	return vm_direct(vm, &processor.psw) == 0 || n < least;
}

void processor_run(struct vm *vm, uint32_t least)
{
	load(vm);
	bool waits = false;
	for (uint32_t n = 0; !waits && goes_on(vm, n, least); n++)
		waits = !step(&processor) && processor.end == MACHINE_RUNNING;
	store(vm);
	if (waits)
		vm_wait(vm);
}

void processor_trap(struct vm *vm, enum cause cause, uint32_t tval)
{
	load(vm);
	trap_take(&processor, cause, tval);
	store(vm);
}

void processor_interrupts(struct vm *vm)
{
	load(vm);
	while (processor.end == MACHINE_RUNNING && trap_interrupt_due(&processor))
		step(&processor);
	store(vm);
}

/* ---- what machine/ asks for --------------------------------------------- */

enum condition device_sio(struct machine *m, struct command_block *block)
{
	loaded->pending = m->pending_lines;
	enum condition cc = vm_sio(loaded, block);
	m->pending_lines = loaded->pending;
	moved = true;
	return cc;
}

bool device_may_wake(struct machine *m)
{
	(void)m;
	return vm_may_wake(loaded);
}

unsigned device_take_attention(struct machine *m)
{
	unsigned line = 0;
	while (!(m->pending_lines >> line & 1))
		line++;
	m->pending_lines &= m->pending_lines - 1;
	return line;
}

/* Its profiles have no SIE. */
void storage_confine(struct machine *m, uint32_t origin, uint32_t extent) { (void)m, (void)origin, (void)extent; }

/* Nobody keeps anything made from a VM's storage. */
void storage_changed(struct machine *m, uint32_t real, uint32_t n) { (void)m, (void)real, (void)n; }
