/* wrong: dispatcher.c
 * score: 0.00
 * message: Your monitor has trapped in its own code
 *
 * Exits are counted by tval, not by cause: an index far beyond the table, and no storage there.
 */

static void charge(struct vm *vm)
{
	vm->psw.pc = cells.old.pc;
	vm_completed(vm, vm->timer_loaded - cells.old.timer);
	vm->exits[cells.tval]++;
}
