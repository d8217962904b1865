/* wrong: allocator.c
 * score: 87.38
 * message: all n bytes must be legal, not only the first
 *
 * Only the first byte of an operand is checked.
 */
void *vm_operand(const struct vm *vm, uint32_t a, uint32_t n)
{
	if (!address_legal(a, n ? 1 : 0, vm->psw.base, vm->psw.bound, vm->size))
		return NULL;
	return vm_storage(vm, vm->psw.base + a);
}
