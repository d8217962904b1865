/* The interpreter routines, v_i: one for each privileged instruction.  Each does to the VM's
 * virtual state what the bare machine does to its own (docs/isa.md says what).  Steps 4 and 5
 * of the handout.  WAIT waits for lab 5.
 */

#include "lab.h"

/* Step 5, in any order; `make check` says which one a guest misses.  w is the word: isa_rd(w),
 * isa_rs1(w), isa_rs2(w) are its fields; rs1() and set(), above, read and write the VM's
 * registers. */
ROUTINE(lpsw, sizeof(struct psw)) { missing("LPSW: interpreter.c, step 5"); }
ROUTINE(spsw, sizeof(struct psw)) { missing("SPSW: interpreter.c, step 5"); }

/* Take a copy of the command block, have the allocator carry it out (vm_sio), store its result
 * word, then set rd to the condition code. */
ROUTINE(sio, sizeof(struct command_block)) { missing("SIO: interpreter.c, step 5"); }

/* vm->clock is the VM's own; vm_completed has counted this instruction already. */
ROUTINE(stck, 2 * sizeof(uint32_t)) { missing("STCK: interpreter.c, step 5"); }
ROUTINE(srb, 0) { missing("SRB: interpreter.c, step 5"); }

/* vm_operand says whether an address is legal. */
ROUTINE(lra, 0) { missing("LRA: interpreter.c, step 5"); }

/* Mind rd = rs1, here and in STMR. */
ROUTINE(ssm, 0) { missing("SSM: interpreter.c, step 5"); }
ROUTINE(stmr, 0) { missing("STMR: interpreter.c, step 5"); }
ROUTINE(rtmr, 0) { missing("RTMR: interpreter.c, step 5"); }
ROUTINE(rdst, 0) { missing("RDST: interpreter.c, step 5"); }
ROUTINE(retu, 0) { missing("RETU: interpreter.c, step 5"); }

/* vm_end ends the VM. */
ROUTINE(halt, 0) { missing("HALT: interpreter.c, step 5"); }

/* Step 4.  Find the row of the table.  If the instruction has an operand in storage, ask
 * vm_operand where that stands; if it is not legal, the VM takes a memory trap and nothing else
 * happens.  Else the instruction completes: pc moves on, one instruction is counted
 * (vm_completed, vm->emulated), and the routine does the rest. */
void interpret(struct vm *vm, uint32_t word)
{
	const struct interpreter *i = &interpreters[ISA_SYSTEM_ROW(isa_funct7(word), isa_funct3(word))];

	(void)vm;
	(void)i;
	missing("interpret(): interpreter.c, step 4");
}
