/* The coupling monitor: the reference monitor, and a wire between VMs.  Its directory couples
 * console lines in pairs (CP's COUPLE, for virtual channel-to-channel adapters): what a VM
 * writes on one line is input on the other, and never reaches a line of the machine beneath.
 * The machine needs nothing new for it, and a VM that hosts others can deal out a coupled
 * line like any other, so that the ends may lie at different depths.
 *
 * To a VM a coupled line is a console line, but for this: a write moves what finds room,
 * with condition code 1 if nothing does.  When a VM has ended, what it wrote can still be
 * read; then the line's input has ended, and writes on it are refused.
 *
 * Called by the reference monitor's parts, in the place of the functions that the linker wraps.
 */

#include "monitor/monitor.h"

/* Says that it can: whoever couples lines looks for the word at CELL_COUPLES.  What could stand
 * before that, behind the anchor, does not. */
static const uint32_t says_so[] __attribute__((section(".anchor.couples"), used)) = {
	[(CELL_COUPLES - CELL_PATCHES) / sizeof(uint32_t)] = COUPLES_MAGIC,
};

#define INPUT_MOST 512 /* bytes on their way in one direction */

/* One end of a wire, and what has been written at the other. */
struct end {
	struct vm *vm; /* NULL: not in use */
	uint32_t line; /* the VM's */
	bool armed;
	uint32_t put, taken; /* bytes, ever; input is indexed modulo its size */
	uint8_t input[INPUT_MOST];
};

/* ends[2 * i] and ends[2 * i + 1] are coupled, by the directory's i-th entry. */
static struct end ends[2 * DIRECTORY_ENTRIES];

#define EACH_END(end) for (struct end *end = ends; end < ends + 2 * DIRECTORY_ENTRIES; end++)

static struct end *other(const struct end *end) { return &ends[(end - ends) ^ 1]; }
static uint32_t waiting(const struct end *end) { return end->put - end->taken; }
static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

static struct end *end_at(const struct vm *vm, uint32_t line)
{
	EACH_END(end)
		if (end->vm == vm && end->line == line)
			return end;
	return NULL;
}

/* ---- attention ---------------------------------------------------------- */

static void attend(struct end *end)
{
	if (!end->armed || waiting(end) == 0)
		return;
	end->armed = false;
	end->vm->pending |= UINT32_C(1) << end->line;
	vm_wake(end->vm);
}

static void disarm(struct end *end)
{
	end->armed = false;
	end->vm->pending &= ~(UINT32_C(1) << end->line);
}

/* ---- transfers ---------------------------------------------------------- */

static void write(struct end *to, const uint8_t *from, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		to->input[to->put++ % INPUT_MOST] = from[i];
	attend(to);
}

static void read(struct end *end, uint8_t *to, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		to[i] = end->input[end->taken++ % INPUT_MOST];
}

static bool has_ended(const struct vm *vm) { return vm->state != VM_RUNNABLE && vm->state != VM_WAITING; }

/* A write of nothing is done even if there is no room; a read of nothing, if there is input. */
static enum condition transfer(struct end *end, struct command_block *block)
{
	struct end *far = other(end);
	uint8_t *buffer = vm_storage(end->vm, block->buffer);
	if (!address_legal(block->buffer, block->count, 0, BOUND_ALL, end->vm->size))
		return CC_REFUSED;
	if (block->command == CONSOLE_READ) {
		block->result = least(block->count, waiting(end));
		enum condition cc = waiting(end) > 0 ? CC_DONE : CC_NOTHING;
		read(end, buffer, block->result);
		return cc;
	}
	if (has_ended(far->vm))
		return CC_REFUSED;
	block->result = least(block->count, INPUT_MOST - waiting(far));
	write(far, buffer, block->result);
	return block->result > 0 || block->count == 0 ? CC_DONE : CC_NOTHING;
}

static enum condition coupled_sio(struct end *end, struct command_block *block)
{
	block->result = 0;
	switch (block->command) {
	case CONSOLE_QUERY:  block->result = waiting(end); return CC_DONE;
	case CONSOLE_ARM:    end->armed = true; attend(end); return CC_DONE;
	case CONSOLE_DISARM: disarm(end); return CC_DONE;
	case CONSOLE_WRITE:
	case CONSOLE_READ:   return transfer(end, block);
	default:             return CC_REFUSED;
	}
}

enum condition __wrap_vm_sio(struct vm *vm, struct command_block *block);
enum condition __real_vm_sio(struct vm *vm, struct command_block *block);

enum condition __wrap_vm_sio(struct vm *vm, struct command_block *block)
{
	struct end *end = block->device == DEVICE_CONSOLE ? end_at(vm, block->unit) : NULL;
	return end ? coupled_sio(end, block) : __real_vm_sio(vm, block);
}

/* ---- who waits, and who has ended ---------------------------------------- */

bool __wrap_vm_may_wake(const struct vm *vm);
bool __real_vm_may_wake(const struct vm *vm);

bool __wrap_vm_may_wake(const struct vm *vm)
{
	EACH_END(end)
		if (end->vm == vm && end->armed && other(end)->vm != vm && !has_ended(other(end)->vm))
			return true;
	return __real_vm_may_wake(vm);
}

void __real_vm_end(struct vm *vm, enum vm_state end);

static struct vm *hopeless(void)
{
	for (struct vm *vm = monitor.vms; vm < monitor.vms + DIRECTORY_ENTRIES; vm++)
		if (vm->state == VM_WAITING && !vm_may_wake(vm))
			return vm;
	return NULL;
}

/* A VM that waits for one that has ended is in disabled wait, which is an end: others may wait
 * for that one. */
static void end_the_hopeless(void)
{
	for (struct vm *vm; (vm = hopeless());)
		__real_vm_end(vm, VM_DISABLED_WAIT);
}

void __wrap_vm_end(struct vm *vm, enum vm_state end);

void __wrap_vm_end(struct vm *vm, enum vm_state end)
{
	__real_vm_end(vm, end);
	end_the_hopeless();
}

void __wrap_vm_wait(struct vm *vm);
void __real_vm_wait(struct vm *vm);

void __wrap_vm_wait(struct vm *vm)
{
	__real_vm_wait(vm);
	end_the_hopeless();
}

/* ---- the beginning ------------------------------------------------------- */

static bool is_free(uint32_t number, uint32_t line)
{
	const struct vm *vm = &monitor.vms[number - 1];
	return number - 1 < DIRECTORY_ENTRIES && vm->state != VM_EMPTY && line < vm->lines && !end_at(vm, line);
}

static void couple(struct end *pair, const struct coupling *c)
{
	bool to_itself = c->first == c->second && c->first_line == c->second_line;
	if (to_itself || !is_free(c->first, c->first_line) || !is_free(c->second, c->second_line)) {
		say("the directory couples a line that is not there, or not free", NULL);
		return;
	}
	pair[0].vm = &monitor.vms[c->first - 1];
	pair[0].line = c->first_line;
	pair[1].vm = &monitor.vms[c->second - 1];
	pair[1].line = c->second_line;
}

void __wrap_boot(void);
void __real_boot(void);

/* The VMs have been made, and none has run. */
void __wrap_boot(void)
{
	static struct directory_entry directory[DIRECTORY_ENTRIES];
	struct command_block read = { DEVICE_DISK, DISK_READ, cells.directory, (uint32_t)directory, SECTOR, 0 };
	__real_boot();
	sio(&read);
	for (uint32_t i = 0; i < DIRECTORY_ENTRIES; i++)
		if (directory[i].coupling.first)
			couple(&ends[2 * i], &directory[i].coupling);
}
