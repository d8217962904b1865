/* wrong: interpreter.c
 * score: 44.92
 * message: when the routine is called, and the instruction is counted
 *
 * The routines see the time before their instruction, not after it.
 */
void interpret(struct vm *vm, uint32_t word)
{
	const struct interpreter *i = &interpreters[ISA_SYSTEM_ROW(isa_funct7(word), isa_funct3(word))];
	void *operand = NULL;

	if (i->operand_bytes) {
		uint32_t a = rs1(vm, word) + isa_imm_i(word);
		operand = vm_operand(vm, a, i->operand_bytes);
		if (!operand) {
			vm_reflect(vm, CAUSE_MEMORY, a);
			return;
		}
	}
	vm->psw.pc += 4;
	i->routine(vm, word, operand);
	vm_completed(vm, 1);
	vm->emulated++;
}
