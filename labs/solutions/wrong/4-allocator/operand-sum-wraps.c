/* wrong: allocator.c
 * score: 88.14
 * message: sums must not wrap
 *
 * The sums are made in 32 bits.
 */
void *vm_operand(const struct vm *vm, uint32_t a, uint32_t n)
{
	uint32_t real = vm->psw.base + a;
	if (a + n > vm->psw.bound || real + n > vm->size)
		return NULL;
	return vm_storage(vm, real);
}
