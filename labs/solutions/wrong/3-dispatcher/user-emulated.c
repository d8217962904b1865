/* wrong: dispatcher.c
 * score: 91.99
 * message: Only its supervisor's are interpreted.
 *
 * Every privileged instruction is interpreted, whoever executed it.
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
	if (cause == CAUSE_PRIVILEGED)
		interpret(vm, tval);
	else if (cause != CAUSE_TIMER)
		vm_reflect(vm, cause, tval);
	schedule();
}
