/* wrong: interpreter.c
 * score: 91.73
 * message: in which order (rd may be rs1)
 *
 * SSM writes its destination before it has read its source.
 */
ROUTINE(ssm, 0)
{
	uint32_t old = vm->psw.status;
	set(vm, w, old & STATUS_MASK);
	vm->psw.status = (old & STATUS_M) | (rs1(vm, w) & STATUS_MASK);
}
