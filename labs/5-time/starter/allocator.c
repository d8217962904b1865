/* The allocator, A, for storage, minidisks and console lines: every address, unit and count
 * that a VM names passes through here, is checked against what the VM was given, and comes out
 * as ours.  Called by the interpreter routines, the dispatcher and the scheduler.  Step 3 of the
 * handout of lab 5 lets VMs arm their lines.
 */

#include "lab.h"

/* Lab 5, step 3: monitor.armed has a bit for each real line that is armed for a VM.  Keep it, and what
 * is pending for the VM. */
static enum condition console_sio(struct vm *vm, struct command_block *block, enum moves moves)
{
	if (block->unit >= vm->lines || (moves != NOTHING && !inside(block->buffer, block->count, vm->size)))
		return CC_REFUSED;
	if (block->command == CONSOLE_ARM || block->command == CONSOLE_DISARM)
		missing("console_sio(): arm and disarm, allocator.c, step 3 of lab 5");
	struct command_block real = *block;
	real.unit += vm->first_line;
	real.buffer += vm->region;
	enum condition cc = sio(&real);
	block->result = real.result;
	return cc;
}
