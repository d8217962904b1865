/* wrong: allocator.c
 * score: 83.03
 * message: or none if base lies beyond
 *
 * The room left from the base is computed without asking whether the base lies inside.
 */
void vm_compose_r(const struct vm *vm, struct psw *real)
{
	uint32_t room = vm->size - vm->psw.base;
	real->base = vm->region + vm->psw.base;
	real->bound = vm->psw.bound < room ? vm->psw.bound : room;
}
