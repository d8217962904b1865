/* The dispatcher of a monitor that does not let every VM use the real processor.  So far it does
 * let them, always: what traps is done once more in software, and all else runs directly, which is
 * right as long as Theorem 1 holds.  Steps 2 and 3 of the handout.
 */

/* Step 3.  Four ways lead here.  A VM that ran directly has trapped (real user mode): it is
 * charged, and unless the trap is ours (timer, attention) its instruction is done once more, in
 * software, where it is emulated or traps as the VM's own: processor_run(vm, 1).  The window
 * has come back (its pc is window): nothing ran, and a slice of the VM is interpreted:
 * processor_run(vm, 0).  Attention: see below, whoever ran.  Anything else is a fault of ours. */
void dispatcher(void)
{
	enum cause cause = cells.cause;
	uint32_t tval = cells.tval;

	if (cells.old.status & STATUS_M) {
		charge(monitor.running);
		if (cause != CAUSE_TIMER && cause != CAUSE_IO)
			processor_run(monitor.running, 1);
	} else if (cause != CAUSE_IO) {
		say("trapped in its own code", NULL);
		check_stop_machine();
	}
	if (cause == CAUSE_IO)
		attention(tval & 0xFFFF);
	schedule();
}

/* Step 2.  The scheduler has chosen a VM and prepared cells.resume for direct execution.  Ask
 * vm_direct how many instructions the VM may execute so: all; some, then the timer must stop
 * it after these (cells.resume.timer and vm->timer_loaded); or none, and then what is resumed is
 * the window instead: in real supervisor mode, interrupts on, base 0 and all bounds, so that
 * what is pending gets its turn, and the next trap brings us back. */
void __wrap_schedule(void)
{
	__real_schedule();
}
