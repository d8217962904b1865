/* The allocator, A, for storage, minidisks and console lines.  It works, for guests who ask
 * for nothing that is not theirs: it believes all that they say.  Steps 1 to 4 of the handout
 * make it check every address, unit and count against what the VM was given.
 */

/* Step 2.  Where n bytes at a VM's virtual address stand in our storage; NULL if the bare
 * machine would take a memory trap.  (address_legal, machine/isa/isa.h.) */
void *vm_operand(const struct vm *vm, uint32_t a, uint32_t n)
{
	(void)n;
	return vm_storage(vm, vm->psw.base + a);
}

/* Step 1.  The real R under which the VM runs as if under its virtual one.  An access must be
 * legal under the virtual R in vm->size bytes of storage iff it is legal under this one in
 * ours.  The virtual R is whatever the guest loaded: a base beyond its storage, a bound that wraps. */
void vm_compose_r(const struct vm *vm, struct psw *real)
{
	real->base = vm->region + vm->psw.base;
	real->bound = vm->psw.bound;
}

/* Step 3.  A console line: block->unit is the VM's own number of it, moves says whether data
 * is moved at all.  A line that the VM has not, or a buffer that is not whole inside its storage,
 * is refused (CC_REFUSED), as the bare machine would. */
static enum condition console_sio(struct vm *vm, struct command_block *block, enum moves moves)
{
	(void)moves;
	if (block->command == CONSOLE_ARM || block->command == CONSOLE_DISARM)
		missing("console_sio(): arm and disarm, allocator.c, step 3 of lab 5");
	struct command_block real = *block;
	real.unit += vm->first_line;
	real.buffer += vm->region;
	enum condition cc = sio(&real);
	block->result = real.result;
	return cc;
}

/* Step 4.  The minidisk: block->unit is a sector of the VM's own, count a multiple of SECTOR.
 * Mind sums that wrap around (inside(), above, does). */
static enum condition disk_sio(const struct vm *vm, struct command_block *block, enum moves moves)
{
	if (moves == NOTHING) {
		block->result = vm->sectors;
		return CC_DONE;
	}
	struct command_block real = *block;
	real.unit += vm->first_sector;
	real.buffer += vm->region;
	enum condition cc = sio(&real);
	block->result = real.result;
	return cc;
}
