/* wrong: allocator.c
 * score: 77.17
 * message: The guest was not even loaded
 *
 * Bytes are compared with sectors.
 */
static enum condition disk_sio(const struct vm *vm, struct command_block *block, enum moves moves)
{
	if (moves == NOTHING) {
		block->result = vm->sectors;
		return CC_DONE;
	}
	if (!inside(block->buffer, block->count, vm->size) || block->count % SECTOR != 0 ||
	    !inside(block->unit, block->count, vm->sectors))
		return CC_REFUSED;
	struct command_block real = *block;
	real.unit += vm->first_sector;
	real.buffer += vm->region;
	enum condition cc = sio(&real);
	block->result = real.result;
	return cc;
}
