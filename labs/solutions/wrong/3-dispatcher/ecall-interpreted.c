/* wrong: dispatcher.c
 * score: 46.36
 * message: has this trap been interpreted?
 *
 * Whatever traps in virtual supervisor mode is taken for a privileged instruction.
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
	if (cause == CAUSE_TIMER)
		;
	else if (!(vm->psw.status & STATUS_M))
		interpret(vm, tval);
	else
		vm_reflect(vm, cause, tval);
	schedule();
}
