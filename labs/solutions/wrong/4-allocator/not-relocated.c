/* wrong: allocator.c
 * score: 66.52
 * message: Then, and only then, unit and buffer become real.
 *
 * The console's buffer is checked, and left where the guest has it.
 */
static enum condition console_sio(struct vm *vm, struct command_block *block, enum moves moves)
{
	if (block->unit >= vm->lines || (moves != NOTHING && !inside(block->buffer, block->count, vm->size)))
		return CC_REFUSED;
	struct command_block real = *block;
	real.unit += vm->first_line;
	enum condition cc = sio(&real);
	block->result = real.result;
	return cc;
}
