/* The stepping monitor: a VM runs directly only as far as its code has just been looked
 * at, and instructions that should trap but do not are interpreted.  It changes
 * nothing in the VM, so a guest may read, make and change its code as it likes.  The
 * price is an exit for every few instructions: for each jump and each store, since
 * nobody knows what comes after.
 */

#include "monitors.h"

#define FAR 1000 /* instructions; reached by jumps in a circle only */

/* Behind such an instruction, code may be another than what can be seen now.  From ECALL
 * on the table has only what traps. */
static bool may_surprise(enum insn insn)
{
	enum format format = (enum format)isa_insns[insn].format;
	return format == FORMAT_B || format == FORMAT_I_JUMP || format == FORMAT_STORE || insn >= INSN_ecall;
}

/* Where what may not be fetched, or is no instruction, would be executed, the real
 * machine traps. */
uint32_t vm_direct(struct vm *vm, const struct psw *psw)
{
	uint32_t a = psw->pc, n = 0;
	while (n < FAR && address_legal(a, 4, psw->base, psw->bound, vm->size)) {
		uint32_t word = *(uint32_t *)vm_storage(vm, psw->base + a);
		if (escapes(word))
			return n;
		enum insn insn = isa_decode(word);
		if (insn == INSN_NONE || may_surprise(insn))
			break;
		a += insn == INSN_jal ? isa_imm_j(word) : 4;
		n++;
	}
	return n + 1;
}
