/* wrong: interpreter.c
 * score: 17.12
 * message: every instruction that completes moves pc on by 4, before the routine is called
 *
 * The instruction is interpreted over and over.
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
	vm_completed(vm, 1);
	vm->emulated++;
	i->routine(vm, word, operand);
}
