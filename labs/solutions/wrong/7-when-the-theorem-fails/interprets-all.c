/* wrong: hybrid.c
 * score: 85.00
 * message: that is an interpreter, and no monitor
 *
 * Nothing is executed directly.
 */
uint32_t vm_direct(struct vm *vm, const struct psw *psw)
{
	(void)vm;
	(void)psw;
	return 0;
}
