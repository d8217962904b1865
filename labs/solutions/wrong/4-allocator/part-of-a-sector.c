/* wrong: allocator.c
 * score: 97.06
 * message: Is count a multiple of SECTOR?
 *
 * The last sector of a transfer is not checked if it is only a part of one; and the machine
 * beneath is left to refuse.
 */
static enum condition disk_sio(const struct vm *vm, struct command_block *block, enum moves moves)
{
	if (moves == NOTHING) {
		block->result = vm->sectors;
		return CC_DONE;
	}
	if (!inside(block->buffer, block->count, vm->size) || block->unit >= vm->sectors)
		return CC_REFUSED;
	struct command_block real = *block;
	real.unit += vm->first_sector;
	real.buffer += vm->region;
	enum condition cc = sio(&real);
	block->result = real.result;
	return cc;
}
