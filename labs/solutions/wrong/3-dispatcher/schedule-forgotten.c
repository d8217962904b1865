/* wrong: dispatcher.c
 * score: 38.06
 * message: every way through it ends in schedule()
 *
 * A timer interrupt is not the guest's, so nothing is done about it: not even the guest's new PSW prepared.
 */

void dispatcher(void)
{
	struct vm *vm = monitor.running;

	charge(vm);
	if (cells.cause == CAUSE_TIMER)
		return;
	if (cells.cause == CAUSE_PRIVILEGED && !(vm->psw.status & STATUS_M))
		interpret(vm, cells.tval);
	else
		vm_reflect(vm, cells.cause, cells.tval);
	schedule();
}
