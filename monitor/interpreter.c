/* The interpreter routines, v_i: one for each privileged instruction, by the
 * table.  Each does to the VM's virtual state what the bare machine does to
 * its own (machine/execute.c); what it needs of resources it asks of the allocator.
 * Called by the dispatcher when a VM's supervisor has trapped on such a word.
 */

#include "monitor.h"

static uint32_t rs1(const struct vm *vm, uint32_t w) { return vm->x[isa_rs1(w)]; }

static void set(struct vm *vm, uint32_t w, uint32_t value)
{
	if (isa_rd(w) != 0)
		vm->x[isa_rd(w)] = value;
}

/* A routine is called when its instruction is certain to complete and has been
 * counted: psw.pc is the next one's.  operand is where the VM's operand, of the
 * given number of bytes, stands in our storage. */
#define UNUSED __attribute__((unused))
#define ROUTINE(name, operand_bytes) \
	enum { OPERAND_##name = (operand_bytes) }; \
	static void interpret_##name(UNUSED struct vm *vm, UNUSED uint32_t w, UNUSED void *operand)

ROUTINE(lpsw, sizeof(struct psw)) { vm->psw = psw_normal(*(struct psw *)operand); }
ROUTINE(spsw, sizeof(struct psw)) { *(struct psw *)operand = vm->psw; }

ROUTINE(sio, sizeof(struct command_block))
{
	struct command_block *theirs = operand, block = *theirs;
	enum condition cc = vm_sio(vm, &block);
	theirs->result = block.result;
	set(vm, w, cc);
}

ROUTINE(stck, 2 * sizeof(uint32_t))
{
	uint32_t *words = operand;
	words[0] = vm->clock[0];
	words[1] = vm->clock[1];
}

ROUTINE(srb, 0)
{
	vm->psw.base = rs1(vm, w) & ~UINT32_C(3);
	vm->psw.bound = vm->x[isa_rs2(w)];
}

ROUTINE(lra, 0)
{
	uint32_t a = rs1(vm, w);
	set(vm, w, vm_operand(vm, a, 1) ? vm->psw.base + a : UINT32_MAX);
}

ROUTINE(ssm, 0)
{
	uint32_t mask = rs1(vm, w) & STATUS_MASK, old = vm->psw.status;
	vm->psw.status = (old & STATUS_M) | mask;
	set(vm, w, old & STATUS_MASK);
}

ROUTINE(stmr, 0)
{
	uint32_t timer = rs1(vm, w), old = vm->psw.timer;
	vm->psw.timer = timer;
	set(vm, w, old);
}

ROUTINE(rtmr, 0) { set(vm, w, vm->psw.timer); }
ROUTINE(rdst, 0) { set(vm, w, vm->psw.status); }

ROUTINE(retu, 0)
{
	vm->psw.status |= STATUS_M;
	vm->psw.pc = rs1(vm, w) & ~UINT32_C(3);
}

/* It ends at once, or time jumps to the timer's expiry: this VM's time only. */
ROUTINE(wait, 0)
{
	if (!vm->pending)
		vm_completed(vm, vm->psw.timer);
}

ROUTINE(halt, 0)
{
	vm->exit_code = rs1(vm, w) & 0xFF;
	vm_end(vm, VM_HALTED);
}

#define FIXED(funct7, funct3, opcode) ISA_SYSTEM_ROW(funct7, funct3)

static const struct interpreter {
	void (*routine)(struct vm *vm, uint32_t word, void *operand);
	uint32_t operand_bytes;
} interpreters[SYSTEM_INSNS] = {
#define INSN(name, format, match, class, effect)
#define SYSTEM(name, format, match, class, effect) [match] = { interpret_##name, OPERAND_##name },
#define ASSIST(name, format, match, class, effect)
#include "machine/isa/isa.def"
};

/* WAIT neither completes nor traps when nothing can end it yet. */
static bool must_wait(const struct vm *vm)
{
	return !vm->pending && !(vm->psw.status & STATUS_TE);
}

void interpret(struct vm *vm, uint32_t word)
{
	if (isa_funct3(word) > 4) { /* from INSN_ASSIST on: our VMs do not have it */
		vm_reflect(vm, CAUSE_ILLEGAL, word);
		return;
	}
	const struct interpreter *i = &interpreters[ISA_SYSTEM_ROW(isa_funct7(word), isa_funct3(word))];
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
	vm_completed(vm, 1);
	vm->emulated++;
	i->routine(vm, word, operand);
}
