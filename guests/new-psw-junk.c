/* Every trap, and emulated instructions, around the clocks at which its low word changes sign
 * and wraps; and with junk in the bits of the new PSW that a trap drops.
 */
// expect-exit: 0
// expect-output: "new PSW: 50 checks, 0 failed, digest 32c8e819\n"
#include "world.h"

enum { COUNT = 5, BAD = 6, RD = 7, TURNS = 200 };

/* Time jumps until the clock's low word is this. */
static void jump_to(uint32_t low)
{
	stmr(low - (uint32_t)stck());
	ssm(STATUS_TE);
	wait_for_interrupt();
	ssm(0);
}

/* The clock passes low while a loop runs, which ends in the trap. */
static void trap(uint32_t low, uint32_t status, uint32_t word, enum cause cause, uint32_t tval)
{
	const uint32_t code[] = { insn(OP_addi, COUNT, COUNT, -1), 0xFE029EE3 /* bne x5, x0, -4 */, word };
	world_make(status, code, 3);
	world_set(COUNT, TURNS);
	world_set(BAD, UINT32_MAX);
	world_expect(2 * TURNS, cause, tval);
	expected.psw.pc = WORLD_CODE + 8;
	expected.x[COUNT] = 0;
	jump_to(low - TURNS);
	uint64_t before = stck();
	world_check("trap");
	uint64_t after = stck();
	check(before < after && after - before < 10000, "the clock counts on");
}

static void traps(uint32_t low, uint32_t mode)
{
	trap(low, mode, OP_ecall, CAUSE_SVC, 0);
	trap(low, mode, OP_ebreak, CAUSE_BREAKPOINT, 0);
	trap(low, mode, 0, CAUSE_ILLEGAL, 0);
	trap(low, mode, insn(OP_lw, RD, BAD, 0), CAUSE_MEMORY, UINT32_MAX);
	trap(low, mode, insn(OP_jalr, RD, 0, 2), CAUSE_MISALIGNED, 2);
	if (mode)
		trap(low, mode, insn(OP_rdst, RD, 0, 0), CAUSE_PRIVILEGED, insn(OP_rdst, RD, 0, 0));
	else
		trap(low, mode, insn(OP_lpsw, 0, BAD, 0), CAUSE_MEMORY, UINT32_MAX);
}

/* The clock passes low while nothing but emulated instructions go by. */
static void emulated(uint32_t low)
{
	uint32_t timer;
	jump_to(low - 32);
	uint64_t before = stck();
	__asm__ volatile(".rept 64\n\trtmr %0\n\t.endr" : "=r"(timer) : : "memory");
	uint64_t after = stck();
	check(before < after && after - before < 100, "the clock counts on");
}

int main(void)
{
	static const uint32_t lows[] = { UINT32_C(1) << 31, 0 };
	*cell(CELL_NEW_PSW) |= 3;
	*cell(CELL_NEW_PSW + 4) = UINT32_MAX << 3;
	*cell(CELL_NEW_PSW + 8) = 3;
	for (int i = 0; i < 2; i++) {
		traps(lows[i], 0);
		traps(lows[i], STATUS_M);
		emulated(lows[i]);
	}
	print("new PSW: ");
	return check_report();
}
