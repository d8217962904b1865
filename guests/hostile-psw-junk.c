/* Junk in every field of PSWs: in those that LPSW loads, and in the new PSW that a trap
 * loads.  Undefined bits are dropped, and what is left is obeyed.
 */
// expect-output: "junk: 355 checks, 0 failed, digest 9be4f1cf\n"
#include "world.h"

static uint32_t random_state = 1;

static uint32_t random_word(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

/* What the trap of a world that begins with this PSW must be. */
static void expect_from(struct psw psw)
{
	expected.psw = (struct psw){ psw.pc & ~3u, psw.status & STATUS_BITS, psw.base & ~3u, psw.bound, psw.timer };
	uint32_t end = expected.psw.pc + 4, real = expected.psw.base + expected.psw.pc;
	bool fetched = end > 3 && end <= psw.bound && real >= expected.psw.pc && real <= storage_size - 4;
	bool due = (psw.status & STATUS_IE) && (psw.status & STATUS_TE) && psw.timer == 0;
	expected.cause = due ? CAUSE_TIMER : fetched ? CAUSE_SVC : CAUSE_MEMORY;
	expected.tval = expected.cause == CAUSE_MEMORY ? expected.psw.pc : 0;
}

/* PSWs that are junk but for a pc, and perhaps a base, in the world's own code: there
 * is an ECALL wherever it may come to. */
static void test_lpsw(uint32_t kept_base)
{
	struct psw psw = {
		(random_word() & 0x7FF) | (kept_base ? 0 : random_word() & 0x80000000), random_word(),
		kept_base | (random_word() & 3), random_word(), random_word() & 8 ? 0 : random_word(),
	};
	world_make(0, NULL, 0);
	for (uint32_t a = 0; a < 0x800; a += 4)
		*world_word(a) = OP_ecall;
	world.psw = psw;
	expect_from(psw);
	if (kept_base == 0 && expected.cause == CAUSE_SVC)
		return;
	world_check("junk in a PSW");
}

/* Junk that LPSW has loaded is gone when SPSW stores the PSW. */
static void test_spsw(void)
{
	uint32_t code[] = { insn(OP_spsw, 0, 0, WORLD_DATA), insn(OP_lpsw, 0, 0, WORLD_DATA + 0x40) };
	world_make(0, code, 2);
	struct psw back = { WORLD_CODE + 8, 0, WORLD, WORLD_BYTES, 5 };
	*(struct psw *)world_word(WORLD_DATA + 0x40) = back;
	world.psw = (struct psw){ WORLD_CODE | 3, 0xFFFFFFF8, WORLD | 3, WORLD_BYTES, 0xFFFFFFFF };
	world_expect(2, CAUSE_SVC, 0);
	expected.psw = back;
	world_check("junk, then SPSW");
	check_equal(*world_word(WORLD_DATA), WORLD_CODE + 4, "SPSW: pc");
	check_equal(*world_word(WORLD_DATA + 4), 0, "SPSW: status");
	check_equal(*world_word(WORLD_DATA + 8), WORLD, "SPSW: base");
	check_equal(*world_word(WORLD_DATA + 16), 0xFFFFFFFF, "SPSW: timer");
}

void junk_handler(void);
void junk_return(void);

/* Reached through a new PSW full of junk: stores the PSW it runs under, and goes
 * where the word at 0x90 says, by LPSW. */
__asm__(".section .text.junk_handler, \"ax\"\n"
        ".balign 4\n"
        "junk_handler:	spsw	0x60(x0)\n"
        "	lpsw	0x80(x0)\n"
        "junk_return:	ret\n"
        ".text");

static void trap_with_junk(uint32_t pc_junk, uint32_t status_junk, uint32_t base_junk)
{
	struct psw kept = *(struct psw *)cell(CELL_NEW_PSW);
	struct psw junk = {
		(uint32_t)(uintptr_t)junk_handler | pc_junk, status_junk, base_junk, BOUND_ALL, 0xABCDEF01,
	};
	struct psw back = { (uint32_t)(uintptr_t)junk_return, 0, 0, BOUND_ALL, 0 };
	*(struct psw *)cell(CELL_NEW_PSW) = junk;
	*(struct psw *)cell(0x80) = back;
	/* As a call that comes back by way of the trap. */
	__asm__ volatile("la ra, 1f\n ecall\n1:" : : : "ra", "memory");
	struct psw seen = *(struct psw *)cell(0x60);
	*(struct psw *)cell(CELL_NEW_PSW) = kept;
	check_equal(seen.pc - (uint32_t)(uintptr_t)junk_handler, 4, "new PSW: pc");
	check_equal(seen.status, 0, "new PSW: status");
	check_equal(seen.base, 0, "new PSW: base");
	check_equal(seen.timer, 0xABCDEF01, "new PSW: timer");
}

int main(void)
{
	for (int i = 0; i < 200; i++) {
		test_lpsw(WORLD);
		test_lpsw(0);
	}
	test_spsw();
	trap_with_junk(0, 0, 0);
	trap_with_junk(1, 8, 1);
	trap_with_junk(3, 0xFFFFFFF8, 3);
	trap_with_junk(2, 0x80000000, 2);
	print("junk: ");
	return check_report();
}
