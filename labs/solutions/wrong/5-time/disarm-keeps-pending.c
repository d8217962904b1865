/* wrong: allocator.c
 * score: 97.88
 * message: DISARM also takes back what is pending for the VM
 *
 * An attention that came before DISARM still interrupts after it.
 */
static enum condition console_sio(struct vm *vm, struct command_block *block, enum moves moves)
{
	if (block->unit >= vm->lines || (moves != NOTHING && !inside(block->buffer, block->count, vm->size)))
		return CC_REFUSED;
	struct command_block real = *block;
	real.unit += vm->first_line;
	real.buffer += vm->region;
	if (block->command == CONSOLE_ARM)
		monitor.armed |= UINT32_C(1) << real.unit;
	else if (block->command == CONSOLE_DISARM)
		monitor.armed &= ~(UINT32_C(1) << real.unit);
	enum condition cc = sio(&real);
	block->result = real.result;
	return cc;
}
