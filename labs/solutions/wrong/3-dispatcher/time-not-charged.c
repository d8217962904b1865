/* wrong: dispatcher.c
 * score: 43.19
 * message: vm_completed() wants that number, once an exit
 *
 * The guest's clock stands while it runs.
 */
static void charge(struct vm *vm)
{
	vm->psw.pc = cells.old.pc;
	vm->exits[cells.cause]++;
}
