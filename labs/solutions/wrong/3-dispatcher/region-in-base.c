/* wrong: interpreter.c
 * score: 91.73
 * message: the virtual R is what the guest loads, without its region's address in it
 *
 * SRB adds the VM's region to the base, and the allocator adds it once more.
 */
ROUTINE(srb, 0)
{
	vm->psw.base = vm->region + (rs1(vm, w) & ~UINT32_C(3));
	vm->psw.bound = vm->x[isa_rs2(w)];
}
