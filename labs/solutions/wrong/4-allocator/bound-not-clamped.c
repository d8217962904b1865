/* wrong: allocator.c
 * score: 43.90
 * message: What it can reach must end where its storage ends
 *
 * The region is added to the base, and the bound is believed.
 */
void vm_compose_r(const struct vm *vm, struct psw *real)
{
	real->base = vm->region + vm->psw.base;
	real->bound = vm->psw.bound;
}
