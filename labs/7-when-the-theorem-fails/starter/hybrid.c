/* Your hybrid monitor's one decision.  Step 1 of the handout.
 */

/* How many instructions the VM, with this virtual PSW, may execute directly before you look at it
 * again; 0: its next one is to be interpreted.  What does Theorem 3 ask of each mode? */
uint32_t vm_direct(struct vm *vm, const struct psw *psw)
{
	(void)vm;
	(void)psw;
	return ALL;
}
