/* wrong: scheduler.c
 * score: 82.75
 * message: vm_wake() make it runnable again
 *
 * The WAIT is completed, and its VM is left waiting: by what is typed before, it is not noticed.
 */
void vm_wake(struct vm *vm)
{
	if (vm->state != VM_WAITING)
		return;
	vm->psw.pc += 4;
	vm_completed(vm, 1);
	vm->emulated++;
}
