/* wrong: hybrid.c
 * score: 75.40
 * message: In virtual supervisor mode nothing may run directly
 *
 * The wrong half is interpreted.
 */
uint32_t vm_direct(struct vm *vm, const struct psw *psw)
{
	(void)vm;
	return psw->status & STATUS_M ? 0 : ALL;
}
