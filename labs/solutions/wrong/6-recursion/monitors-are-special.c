/* wrong: interpreter.c
 * score: 20.00
 * message: Does it treat a guest that is a monitor otherwise than another?
 *
 * A guest that has an anchor is not charged for its world switches.
 */
void interpret(struct vm *vm, uint32_t word)
{
	const struct interpreter *i = &interpreters[ISA_SYSTEM_ROW(isa_funct7(word), isa_funct3(word))];
	const struct anchor *theirs = vm_storage(vm, CELL_ANCHOR);
	void *operand = NULL;

	if (i->operand_bytes) {
		uint32_t a = rs1(vm, word) + isa_imm_i(word);
		operand = vm_operand(vm, a, i->operand_bytes);
		if (!operand) {
			vm_reflect(vm, CAUSE_MEMORY, a);
			return;
		}
	} else if (i->routine == interpret_wait && must_wait(vm)) {
		vm_wait(vm);
		return;
	}
	vm->psw.pc += 4;
	if (theirs->magic != ANCHOR_MAGIC || i->routine != interpret_lpsw)
		vm_completed(vm, 1);
	vm->trapped = 0;
	vm->emulated++;
	i->routine(vm, word, operand);
}
