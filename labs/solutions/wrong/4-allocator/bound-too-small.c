/* wrong: allocator.c
 * score: 77.50
 * message: Is the last byte of the room still within the real bound?
 *
 * A bound is taken for the last legal address.
 */
void vm_compose_r(const struct vm *vm, struct psw *real)
{
	uint32_t base = vm->psw.base, bound = vm->psw.bound;
	uint32_t room = base < vm->size ? vm->size - base : 0;
	real->base = room ? vm->region + base : vm->region;
	real->bound = bound < room ? bound : room ? room - 1 : 0;
}
