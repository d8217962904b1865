/* wrong: dispatcher.c
 * score: 40.79
 * message: the old PSW is the VM's own (vm->psw, in which charge() has brought pc up to date), not cells.old
 *
 * The PSW that the machine beneath has stored is passed on as it is: the guest sees the real R and
 * the real mode.
 */
void vm_reflect(struct vm *vm, enum cause cause, uint32_t tval)
{
	struct trap_cells *virtual = vm_storage(vm, 0);
	virtual->old = cells.old;
	virtual->cause = cause;
	virtual->tval = tval;
	vm->reflected++;
	if (vm->trapped) {
		vm_end(vm, VM_CHECK_STOPPED);
		return;
	}
	vm->psw = psw_normal(virtual->new);
	vm->trapped = 1;
}
