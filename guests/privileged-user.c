/* Every System instruction in user mode: it traps as privileged whatever its
 * operands, even when they would trap by themselves, and has no effect. What is no
 * instruction is illegal first.  Supervisor calls and breakpoints are user mode's own.
 */
// expect-exit: 0
// expect-output: "user mode: 632 checks, 0 failed, digest 81cd1ead\n"
#include "world.h"

enum { RD = 5, RS1 = 6, RS2 = 7 };

static const unsigned destinations[] = { 0, RD, RS1 };
static const uint32_t values[] = { 0, 1, WORLD_DATA, WORLD_BYTES - 4, WORLD_BYTES, 0xFFFFFFFF };
static const uint32_t statuses[] = { 0, STATUS_IE, STATUS_TE, STATUS_IE | STATUS_TE };

#define EACH(type, x, array) (const type *x = array; x < array + sizeof(array) / sizeof(*array); x++)

static void traps(uint32_t status, uint32_t word, uint32_t value, enum cause cause, uint32_t tval)
{
	world_make(STATUS_M | status, &word, 1);
	world_set(RS1, value);
	world_set(RS2, value);
	world_expect(0, cause, tval);
	world_check(cause == CAUSE_PRIVILEGED ? "privileged" : "not privileged");
}

static void test_privileged(uint32_t status, uint32_t value)
{
	const uint32_t words[] = {
		insn(OP_lpsw, 0, RS1, -4), insn(OP_spsw, 0, RS1, 4), insn(OP_stck, 0, RS1, 0),
		insn(OP_srb, 0, RS1, RS2), insn(OP_retu, 0, RS1, 0), OP_wait, insn(OP_halt, 0, RS1, 0),
	};
	for EACH(uint32_t, word, words)
		traps(status, *word, value, CAUSE_PRIVILEGED, *word);
	for EACH(unsigned, rd, destinations) {
		const uint32_t words_with_rd[] = {
			insn(OP_sio, *rd, RS1, 8), insn(OP_lra, *rd, RS1, 0), insn(OP_ssm, *rd, RS1, 0),
			insn(OP_stmr, *rd, RS1, 0), insn(OP_rtmr, *rd, 0, 0), insn(OP_rdst, *rd, 0, 0),
		};
		for EACH(uint32_t, word, words_with_rd)
			traps(status, *word, value, CAUSE_PRIVILEGED, *word);
	}
}

static void test_others(uint32_t status)
{
	traps(status, OP_ecall, 0, CAUSE_SVC, 0);
	traps(status, OP_ebreak, 0, CAUSE_BREAKPOINT, 0);
	traps(status, OP_halt | 1 << 7, 0, CAUSE_ILLEGAL, OP_halt | 1 << 7);
	traps(status, OP_wait | 1 << 30, 0, CAUSE_ILLEGAL, OP_wait | 1 << 30);
	traps(status, insn(OP_lw, RD, RS1, 0), WORLD_BYTES - 3, CAUSE_MEMORY, WORLD_BYTES - 3);
	traps(status, insn(OP_jalr, RS1, RS1, 0), 0x202, CAUSE_MISALIGNED, 0x202);
}

/* The timer runs on in user mode and interrupts it, at exactly this instruction. */
static void test_timer(uint32_t n)
{
	uint32_t code[8];
	for (int i = 0; i < 8; i++)
		code[i] = insn(OP_addi, RD, RD, 1);
	world_make(STATUS_M | STATUS_IE | STATUS_TE, code, 8);
	world.psw.timer = n;
	world_expect(n, CAUSE_TIMER, 0);
	expected.x[RD] += n;
	world_check("timer in user mode");
}

int main(void)
{
	for EACH(uint32_t, status, statuses) {
		for EACH(uint32_t, value, values)
			test_privileged(*status, *value);
		test_others(*status);
	}
	for (uint32_t n = 0; n <= 7; n++)
		test_timer(n);
	print("user mode: ");
	return check_report();
}
