/* wrong: dispatcher.c
 * score: 88.52
 * message: Who sets vm->trapped, and who clears it?
 *
 * A trap storm goes on for ever.
 */
void vm_reflect(struct vm *vm, enum cause cause, uint32_t tval)
{
	struct trap_cells *virtual = vm_storage(vm, 0);
	virtual->old = vm->psw;
	virtual->cause = cause;
	virtual->tval = tval;
	vm->reflected++;
	vm->psw = psw_normal(virtual->new);
	vm->trapped = 1;
}
