/* wrong: interpreter.c
 * score: 91.99
 * message: the VM takes a memory trap with that address
 *
 * An operand that is not legal is taken for one at address 0.
 */
void interpret(struct vm *vm, uint32_t word)
{
	const struct interpreter *i = &interpreters[ISA_SYSTEM_ROW(isa_funct7(word), isa_funct3(word))];
	void *operand = NULL;

	if (i->operand_bytes) {
		operand = vm_operand(vm, rs1(vm, word) + isa_imm_i(word), i->operand_bytes);
		if (!operand)
			operand = vm_storage(vm, 0);
	}
	vm->psw.pc += 4;
	vm_completed(vm, 1);
	vm->emulated++;
	i->routine(vm, word, operand);
}
