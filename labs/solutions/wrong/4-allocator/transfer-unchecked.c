/* wrong: allocator.c
 * score: 83.03
 * message: the machine was told to move data to or from a place that is not the VM's
 *
 * The disk's sectors are checked, the buffer is not.
 */
static enum condition disk_sio(const struct vm *vm, struct command_block *block, enum moves moves)
{
	if (moves == NOTHING) {
		block->result = vm->sectors;
		return CC_DONE;
	}
	if (block->count % SECTOR != 0 || !inside(block->unit, block->count / SECTOR, vm->sectors))
		return CC_REFUSED;
	struct command_block real = *block;
	real.unit += vm->first_sector;
	real.buffer += vm->region;
	enum condition cc = sio(&real);
	block->result = real.result;
	return cc;
}
