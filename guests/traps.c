/* Every cause of a trap, with its old PSW, cause and tval; what a trapped
 * instruction leaves alone; and which trap comes first where several could.
 */
// input: "x"
// expect-exit: 0
// expect-output: "traps: 260 checks, 0 failed, digest 8cca1d0f\n"
#include "world.h"

enum { RD = 5, RS1 = 6, RS2 = 7 };

#define EACH(type, x, array) (const type *x = array; x < array + sizeof(array) / sizeof(*array); x++)

static const uint32_t modes[] = { 0, STATUS_M, STATUS_TE, STATUS_M | STATUS_TE | STATUS_IE };

/* One instruction, with value in RS1, that does not complete. */
static void traps(uint32_t status, uint32_t word, uint32_t value, enum cause cause, uint32_t tval, const char *what)
{
	world_make(status, &word, 1);
	world_set(RS1, value);
	world_expect(0, cause, tval);
	world_check(what);
}

/* main is called before any other trap. */
static void test_reset(void)
{
	check_equal(*cell(CELL_CAUSE), CAUSE_RESET, "reset: cause");
	check_equal(*cell(CELL_TVAL), storage_size, "reset: tval");
	for (uint32_t a = CELL_OLD_PSW; a < CELL_CAUSE; a += 4)
		check_equal(*cell(a), 0, "reset: old PSW");
}

static void test_calls(void)
{
	for EACH(uint32_t, mode, modes) {
		traps(*mode, OP_ecall, 0, CAUSE_SVC, 0, "svc");
		traps(*mode, OP_ebreak, 0, CAUSE_BREAKPOINT, 0, "breakpoint");
		traps(*mode, 0, 0, CAUSE_ILLEGAL, 0, "illegal");
		traps(*mode, 0x00008067 | 1 << 12, 0, CAUSE_ILLEGAL, 0x00008067 | 1 << 12, "illegal jalr");
	}
}

/* Loads and stores of n bytes, short of the bound by 0 to n bytes. */
static void test_access(uint32_t mode, uint32_t word, uint32_t n, bool is_store)
{
	for (uint32_t a = WORLD_BYTES - n; a <= WORLD_BYTES; a++) {
		world_make(mode, &word, 1);
		world_set(RS1, a);
		world_set(RS2, 0x12345678);
		if (a > WORLD_BYTES - n)
			world_expect(0, CAUSE_MEMORY, a);
		else if (!is_store)
			expected.x[RD] = 0;
		world_check("load or store at the bound");
		if (a > WORLD_BYTES - n)
			check_equal(*world_word(WORLD_BYTES - 4), 0, "store beyond the bound");
	}
	traps(mode, word, 0xFFFFFFFF, CAUSE_MEMORY, 0xFFFFFFFF, "load or store that wraps");
	traps(mode, word, 0x80000000, CAUSE_MEMORY, 0x80000000, "load or store far off");
}

static void test_accesses(void)
{
	for EACH(uint32_t, mode, modes) {
		test_access(*mode, insn(OP_lb, RD, RS1, 0), 1, false);
		test_access(*mode, insn(OP_lhu, RD, RS1, 0), 2, false);
		test_access(*mode, insn(OP_lw, RD, RS1, 0), 4, false);
		test_access(*mode, OP_sb | RS1 << 15 | RS2 << 20, 1, true);
		test_access(*mode, OP_sh | RS1 << 15 | RS2 << 20, 2, true);
		test_access(*mode, OP_sw | RS1 << 15 | RS2 << 20, 4, true);
	}
}

/* The bound may reach beyond storage: then storage ends first. */
static void test_end_of_storage(void)
{
	static const uint32_t bounds[] = { BOUND_ALL, 0x80000000 };
	uint32_t above = storage_size - WORLD, word = insn(OP_lw, RD, RS1, 0);
	for EACH(uint32_t, bound, bounds)
		for (uint32_t a = above - 4; a <= above; a++) {
			world_make(STATUS_M, &word, 1);
			world_set(RS1, a);
			world.psw.bound = *bound;
			world_expect(a == above - 4, a == above - 4 ? CAUSE_SVC : CAUSE_MEMORY, a == above - 4 ? 0 : a);
			if (a == above - 4)
				expected.x[RD] = *(uint32_t *)(uintptr_t)(WORLD + a);
			world_check("load at the end of storage");
		}
}

/* Fetches: running on to the bound, and starting beyond it. */
static void test_fetch(void)
{
	uint32_t nothing[2] = { insn(OP_addi, 0, 0, 0), insn(OP_addi, 0, 0, 0) };
	for (uint32_t bound = WORLD_CODE + 4; bound <= WORLD_CODE + 8; bound++) {
		uint32_t n = (bound - WORLD_CODE) / 4;
		world_make(STATUS_M | STATUS_TE, nothing, 2);
		world.psw.bound = bound;
		world_expect(n, CAUSE_MEMORY, WORLD_CODE + 4 * n);
		world_check("fetch at the bound");
	}
	static const uint32_t places[] = { WORLD_BYTES, 0x80000000, 0xFFFFFFFC };
	for EACH(uint32_t, pc, places) {
		world_make(0, nothing, 2);
		world.psw.pc = *pc;
		world_expect(0, CAUSE_MEMORY, *pc);
		world_check("fetch beyond the bound");
	}
}

/* Jumps to addresses that are no multiple of 4; rd is not written. */
static void test_misaligned(void)
{
	static const uint32_t jal_to_2 = 0x006002EF;       /* jal x5, . + 6 */
	static const uint32_t beq_to_2 = 0x00000163;       /* beq x0, x0, . + 2 */
	static const uint32_t bne_to_2 = 0x00001163;       /* bne x0, x0, . + 2 */
	for EACH(uint32_t, mode, modes) {
		traps(*mode, jal_to_2, 0, CAUSE_MISALIGNED, WORLD_CODE + 6, "misaligned jal");
		traps(*mode, beq_to_2, 0, CAUSE_MISALIGNED, WORLD_CODE + 2, "misaligned branch");
		traps(*mode, insn(OP_jalr, RD, RS1, 0), 0x202, CAUSE_MISALIGNED, 0x202, "misaligned jalr");
		traps(*mode, insn(OP_jalr, RD, RS1, 4), 0xFFFFFFFF, CAUSE_MISALIGNED, 2, "misaligned jalr");
		world_make(*mode, &bne_to_2, 1);
		world_check("branch not taken");
	}
	uint32_t word = insn(OP_jalr, RS1, RS1, 3);
	world_make(0, &word, 1);
	world_set(RS1, WORLD_CODE + 2);
	expected.x[RS1] = WORLD_CODE + 4;
	world_check("jalr drops the lowest bit");
}

/* ---- which comes first -------------------------------------------------- */

/* A pending line, and with the timer due as well; the world's PSW is left to
 * the caller. */
static void attention_and(uint32_t status, uint32_t timer)
{
	struct command_block arm = { DEVICE_CONSOLE, CONSOLE_ARM, 0, 0, 0, 0 };
	world_make(status, NULL, 0);
	world.psw.timer = timer;
	sio(&arm);
}

static void test_interrupts(void)
{
	attention_and(STATUS_TE | STATUS_IE | STATUS_M, 0);
	world_expect(0, CAUSE_TIMER, 0);
	world_check("timer before I/O");

	world_make(STATUS_IE, NULL, 0);
	world.psw.bound = 0;
	world_expect(0, CAUSE_IO, DEVICE_CONSOLE << 16);
	world_check("I/O before the fetch");

	world_make(STATUS_IE, NULL, 0);
	world_check("I/O once");

	world_make(STATUS_IE | STATUS_TE, NULL, 0);
	world.psw.timer = 0;
	world.psw.pc = 0xFFFFFFFC;
	world_expect(0, CAUSE_TIMER, 0);
	world_check("timer before the fetch");

	attention_and(STATUS_M | STATUS_TE, 0);
	world_expect(0, CAUSE_SVC, 0);
	world_check("masked interrupts");
	world_make(0, (const uint32_t[]){ OP_wait }, 1);
	world_check("WAIT with a masked line pending");
	check_equal(world_cycles(), 1, "WAIT with a masked line pending: cycles");
	struct command_block disarm = { DEVICE_CONSOLE, CONSOLE_DISARM, 0, 0, 0, 0 };
	sio(&disarm);
	world_make(STATUS_IE, NULL, 0);
	world_check("disarmed line");
}

static void test_order(void)
{
	traps(STATUS_M, insn(OP_lpsw, 1, RS1, 0), WORLD_BYTES, CAUSE_ILLEGAL, insn(OP_lpsw, 1, RS1, 0),
	      "illegal before privileged");
	traps(STATUS_M, insn(OP_lpsw, 0, RS1, 0), WORLD_BYTES, CAUSE_PRIVILEGED, insn(OP_lpsw, 0, RS1, 0),
	      "privileged before memory");
	world_make(STATUS_M, (const uint32_t[]){ OP_halt }, 1);
	world.psw.bound = WORLD_CODE + 3;
	world_expect(0, CAUSE_MEMORY, WORLD_CODE);
	world_check("fetch before privileged");
}

/* The old PSW as code: bound and timer of one world are instructions of the
 * next. */
static void test_old_psw_as_code(void)
{
	*cell(0x1C) = 0x600DCE11;
	world_make(0, NULL, 0);
	world.psw.bound = insn(OP_addi, RD, RD, 1);
	world.psw.timer = OP_ecall;
	world_expect(0, CAUSE_SVC, 0);
	world_check("trap with instructions for a PSW");

	world.psw = (struct psw){ 0x0C, STATUS_M, 0, 0x14, 0 };
	world_expect(1, CAUSE_SVC, 0);
	expected.x[RD]++;
	world_check("old PSW as code");
	check_equal(*cell(0x1C), 0x600DCE11, "reserved cell");
}

int main(void)
{
	test_reset();
	test_calls();
	test_accesses();
	test_end_of_storage();
	test_fetch();
	test_misaligned();
	test_interrupts();
	test_order();
	test_old_psw_as_code();
	print("traps: ");
	return check_report();
}
