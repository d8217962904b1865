/* The allocator, A, for storage, minidisks and console lines: every address, unit
 * and count that a VM names passes through here, is checked against what the VM
 * was given, and comes out as ours.  Called by the interpreter routines, the
 * dispatcher and the scheduler.
 */

#include "monitor.h"

/* ---- storage ------------------------------------------------------------ */

void *vm_storage(const struct vm *vm, uint32_t real) { return (void *)(vm->region + real); }

void *vm_operand(const struct vm *vm, uint32_t a, uint32_t n)
{
	if (!address_legal(a, n, vm->psw.base, vm->psw.bound, vm->size))
		return NULL;
	return vm_storage(vm, vm->psw.base + a);
}

/* An access is legal under the virtual R in the VM's storage iff it is under the
 * real R in ours: bound is cut where the VM's storage ends. */
void vm_compose_r(const struct vm *vm, struct psw *real)
{
	uint32_t base = vm->psw.base, bound = vm->psw.bound;
	uint32_t room = base < vm->size ? vm->size - base : 0;
	real->base = room ? vm->region + base : vm->region;
	real->bound = bound < room ? bound : room;
}

/* ---- console lines ------------------------------------------------------ */

static uint32_t line_mask(const struct vm *vm)
{
	return ((UINT32_C(1) << vm->lines) - 1) << vm->first_line;
}

bool vm_may_wake(const struct vm *vm) { return monitor.armed & line_mask(vm); }

void vm_disarm(struct vm *vm)
{
	struct command_block block = { DEVICE_CONSOLE, CONSOLE_DISARM, vm->first_line, 0, 0, 0 };
	for (; block.unit < vm->first_line + vm->lines; block.unit++)
		if (monitor.armed >> block.unit & 1)
			sio(&block);
	monitor.armed &= ~line_mask(vm);
}

void attention(uint32_t real_line)
{
	monitor.armed &= ~(UINT32_C(1) << real_line);
	for (struct vm *vm = monitor.vms; vm < monitor.vms + DIRECTORY_ENTRIES; vm++) {
		uint32_t line = real_line - vm->first_line;
		if (line < vm->lines) {
			vm->pending |= UINT32_C(1) << line;
			vm_wake(vm);
		}
	}
}

/* ---- SIO ---------------------------------------------------------------- */

enum moves { NO_COMMAND, NOTHING, FROM_STORAGE, TO_STORAGE };

#define COMMANDS_MOST 8

static const uint8_t moves_of[][COMMANDS_MOST] = {
#define COMMAND(device, symbol, number, moves, effect) [DEVICE_##device][number] = moves,
#include "machine/isa/devices.def"
};

static bool inside(uint32_t start, uint32_t n, uint32_t size) { return n <= size && start <= size - n; }

static enum condition console_sio(struct vm *vm, struct command_block *block, enum moves moves)
{
	if (block->unit >= vm->lines || (moves != NOTHING && !inside(block->buffer, block->count, vm->size)))
		return CC_REFUSED;
	uint32_t line = block->unit;
	struct command_block real = *block;
	real.unit += vm->first_line;
	real.buffer += vm->region;
	if (block->command == CONSOLE_ARM) {
		monitor.armed |= UINT32_C(1) << real.unit;
	} else if (block->command == CONSOLE_DISARM) {
		monitor.armed &= ~(UINT32_C(1) << real.unit);
		vm->pending &= ~(UINT32_C(1) << line);
	}
	enum condition cc = sio(&real);
	block->result = real.result;
	return cc;
}

static enum condition disk_sio(const struct vm *vm, struct command_block *block, enum moves moves)
{
	if (moves == NOTHING) {
		block->result = vm->sectors;
		return CC_DONE;
	}
	if (!inside(block->buffer, block->count, vm->size) || block->count % SECTOR != 0 ||
	    !inside(block->unit, block->count / SECTOR, vm->sectors))
		return CC_REFUSED;
	struct command_block real = *block;
	real.unit += vm->first_sector;
	real.buffer += vm->region;
	enum condition cc = sio(&real);
	block->result = real.result;
	return cc;
}

enum condition vm_sio(struct vm *vm, struct command_block *block)
{
	block->result = 0;
	if (block->device != DEVICE_CONSOLE && block->device != DEVICE_DISK)
		return CC_NO_DEVICE;
	enum moves moves = block->command < COMMANDS_MOST ? moves_of[block->device][block->command] : NO_COMMAND;
	if (moves == NO_COMMAND)
		return CC_REFUSED;
	return block->device == DEVICE_CONSOLE ? console_sio(vm, block, moves) : disk_sio(vm, block, moves);
}

/* ---- a VM's beginning --------------------------------------------------- */

static void clear_storage(const struct vm *vm)
{
	uint32_t *word = vm_storage(vm, 0), *end = vm_storage(vm, vm->size);
	#pragma GCC unroll 8
	while (word < end)
		*word++ = 0;
}

static bool read_sectors(struct vm *vm, uint32_t n)
{
	struct command_block block = { DEVICE_DISK, DISK_READ, 0, 0, n * SECTOR, 0 };
	return n <= vm->size / SECTOR && vm_sio(vm, &block) == CC_DONE;
}

/* If sector 0 cannot be believed, nothing is loaded: the reset then finds a new
 * PSW of zeros, and check-stop follows, as on the bare machine. */
void vm_ipl(struct vm *vm)
{
	const struct trap_cells *image = vm_storage(vm, 0);
	clear_storage(vm);
	read_sectors(vm, 1);
	if (image->magic != BOOT_MAGIC || image->sectors == 0 || !read_sectors(vm, image->sectors))
		clear_storage(vm);
	vm->state = VM_RUNNABLE;
	vm_reflect(vm, CAUSE_RESET, vm->size);
}
