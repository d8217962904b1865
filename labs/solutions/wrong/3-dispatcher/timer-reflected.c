/* wrong: dispatcher.c
 * score: 40.03
 * message: a timer interrupt (CAUSE_TIMER) is ours and nobody else
 *
 * The monitor's own timer interrupt is taken for the guest's.
 */
void dispatcher(void)
{
	struct vm *vm = monitor.running;
	enum cause cause = cells.cause;
	uint32_t tval = cells.tval;

	if (!(cells.old.status & STATUS_M)) {
		say("trapped in its own code", NULL);
		check_stop_machine();
	}
	charge(vm);
	if (cause == CAUSE_PRIVILEGED && !(vm->psw.status & STATUS_M))
		interpret(vm, tval);
	else
		vm_reflect(vm, cause, tval);
	schedule();
}
