/* wrong: allocator.c
 * score: 93.69
 * message: the VM has vm->lines console lines, 0 and on by its own numbers
 *
 * Any line that the real machine has is as good as the VM's own.
 */
static enum condition console_sio(struct vm *vm, struct command_block *block, enum moves moves)
{
	if (moves != NOTHING && !inside(block->buffer, block->count, vm->size))
		return CC_REFUSED;
	struct command_block real = *block;
	real.unit += vm->first_line;
	real.buffer += vm->region;
	enum condition cc = sio(&real);
	block->result = real.result;
	return cc;
}
