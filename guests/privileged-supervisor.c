/* Every System instruction in supervisor mode, as the machine manual says it: what it
 * returns, what it changes and that it changes nothing else; rd = x0 and rd = rs1;
 * operands that are legal but for their last byte; interrupts that follow at once.
 */
// expect-exit: 0
// expect-output: "supervisor mode: 645 checks, 0 failed, digest 09ccc76a\n"
#include "world.h"

/* Registers that the instructions here use. */
enum { RD = 5, RS1 = 6, RS2 = 7 };

static const unsigned destinations[] = { 0, RD, RS1 };
static const uint32_t statuses[] = { 0, STATUS_IE, STATUS_TE, STATUS_IE | STATUS_TE };

#define EACH(type, x, array) (const type *x = array; x < array + sizeof(array) / sizeof(*array); x++)

/* A world of one instruction, with a value in RS1. */
static void one(uint32_t status, uint32_t word, uint32_t value)
{
	world_make(status, &word, 1);
	world_set(RS1, value);
}

static void returns(unsigned rd, uint32_t value)
{
	if (rd != 0)
		expected.x[rd] = value;
}

/* One tick less, if the timer runs. */
static uint32_t counted(uint32_t status) { return WORLD_TIMER - (status & STATUS_TE ? 1 : 0); }

/* ---- PSW ---------------------------------------------------------------- */

static void test_rdst(uint32_t status, unsigned rd)
{
	one(status, insn(OP_rdst, rd, 0, 0), 0);
	returns(rd, status);
	world_check("rdst");
}

static void test_rtmr(uint32_t status, unsigned rd)
{
	one(status, insn(OP_rtmr, rd, 0, 0), 0);
	returns(rd, counted(status));
	world_check("rtmr");
}

static void test_ssm(uint32_t status, unsigned rd)
{
	static const uint32_t masks[] = { 0, 1, 2, 4, 6, 7, 0xFFFFFFFF, 0xFFFFFFF9 };
	for EACH(uint32_t, mask, masks) {
		one(status, insn(OP_ssm, rd, RS1, 0), *mask);
		returns(rd, status & STATUS_MASK);
		expected.psw.status = *mask & STATUS_MASK;
		world_check("ssm");
	}
}

static void test_stmr(uint32_t status, unsigned rd)
{
	static const uint32_t timers[] = { 0, 1, 2, 0x7FFFFFFF, 0xFFFFFFFF };
	for EACH(uint32_t, timer, timers) {
		one(status, insn(OP_stmr, rd, RS1, 0), *timer);
		if (*timer == 0 && status == (STATUS_IE | STATUS_TE))
			world_expect(1, CAUSE_TIMER, 0);
		returns(rd, counted(status));
		expected.psw.timer = *timer;
		world_check("stmr");
	}
}

/* The instructions that read and set one field, with every rd. */
static void test_fields(void)
{
	for EACH(uint32_t, status, statuses)
		for EACH(unsigned, rd, destinations) {
			test_rdst(*status, *rd);
			test_rtmr(*status, *rd);
			test_ssm(*status, *rd);
			test_stmr(*status, *rd);
		}
}

static void test_retu(void)
{
	static const uint32_t targets[] = { 0x200, 0x201, 0x202, 0x203, WORLD_BYTES - 4 };
	for EACH(uint32_t, status, statuses)
		for EACH(uint32_t, target, targets) {
			one(*status, insn(OP_retu, 0, RS1, 0), *target);
			*world_word(*target & ~3u) = OP_ecall;
			expected.psw.pc = *target & ~3u;
			expected.psw.status |= STATUS_M;
			world_check("retu");
		}
}

/* To an address where no instruction can be fetched: RETU completes, the fetch
 * traps in user mode. */
static void test_retu_beyond(void)
{
	static const uint32_t targets[] = { WORLD_BYTES, WORLD_BYTES - 4, 0xFFFFFFFF };
	for EACH(uint32_t, target, targets) {
		one(0, insn(OP_retu, 0, RS1, 0), *target);
		world.psw.bound = expected.psw.bound = WORLD_BYTES - 1;
		expected.psw.pc = *target & ~3u;
		expected.psw.status = STATUS_M;
		expected.cause = CAUSE_MEMORY;
		expected.tval = expected.psw.pc;
		world_check("retu beyond the bound");
	}
}

static void put_psw(uint32_t at, struct psw psw) { *(struct psw *)world_word(at) = psw; }

/* LPSW drops undefined bits of status and the two low bits of pc and base. */
static void test_lpsw(void)
{
	static const uint32_t junk[] = { 0, 0xFFFFFFF8, 0x10, 0x80000000 };
	for EACH(uint32_t, high, junk)
		for (uint32_t status = 0; status < 8; status++) {
			struct psw psw = { 0x203, status | *high, WORLD + 3, 0x800, 77 };
			one(0, insn(OP_lpsw, 0, RS1, -8), WORLD_DATA + 8);
			*world_word(0x200) = OP_ecall;
			put_psw(WORLD_DATA, psw);
			expected.psw = (struct psw){ 0x200, status, WORLD, 0x800, 77 };
			world_check("lpsw");
		}
}

/* A PSW that is due an interrupt when it is loaded. */
static void test_lpsw_due(void)
{
	for (uint32_t mode = 0; mode <= STATUS_M; mode++) {
		struct psw psw = { 0x200, mode | STATUS_IE | STATUS_TE, WORLD, 0, 0 };
		one(0, insn(OP_lpsw, 0, RS1, 0), WORLD_DATA);
		put_psw(WORLD_DATA, psw);
		expected.psw = psw;
		expected.cause = CAUSE_TIMER;
		world_check("lpsw with the timer due");
	}
}

static void test_spsw(void)
{
	for EACH(uint32_t, status, statuses) {
		one(*status, insn(OP_spsw, 0, RS1, 4), WORLD_DATA - 4);
		world_check("spsw");
		check_equal(*world_word(WORLD_DATA), WORLD_CODE + 4, "spsw: pc");
		check_equal(*world_word(WORLD_DATA + 4), *status, "spsw: status");
		check_equal(*world_word(WORLD_DATA + 8), WORLD, "spsw: base");
		check_equal(*world_word(WORLD_DATA + 12), WORLD_BYTES, "spsw: bound");
		check_equal(*world_word(WORLD_DATA + 16), counted(*status), "spsw: timer");
	}
}

/* SPSW over the next instruction: what it stored is what comes next. */
static void test_spsw_ahead(void)
{
	one(0, insn(OP_spsw, 0, RS1, 0), WORLD_CODE + 4);
	world_expect(1, CAUSE_ILLEGAL, WORLD_CODE + 4);
	world_check("spsw over the next instruction");
}

/* ---- R ------------------------------------------------------------------ */

static void test_srb(void)
{
	static const uint32_t bases[] = { WORLD, WORLD + 1, WORLD + 3, WORLD + 0x200 };
	static const uint32_t bounds[] = { 0, WORLD_CODE + 4, WORLD_CODE + 7, WORLD_CODE + 8, 0x800, BOUND_ALL };
	for EACH(uint32_t, base, bases)
		for EACH(uint32_t, bound, bounds) {
			one(STATUS_TE, insn(OP_srb, 0, RS1, RS2), *base);
			world_set(RS2, *bound);
			*world_word(0x200 + WORLD_CODE + 4) = OP_ecall;
			if (*bound < WORLD_CODE + 8)
				world_expect(1, CAUSE_MEMORY, WORLD_CODE + 4);
			expected.psw.base = *base & ~3u;
			expected.psw.bound = *bound;
			world_check("srb");
		}
}

/* Bases at and beyond the end of storage, with the largest bound. */
static void test_srb_beyond(void)
{
	const uint32_t bases[] = { storage_size - WORLD_CODE - 4, storage_size, storage_size + 4, 0xFFFFFFFC };
	for EACH(uint32_t, base, bases) {
		one(0, insn(OP_srb, 0, RS1, RS2), *base);
		world_set(RS2, BOUND_ALL);
		world_expect(1, CAUSE_MEMORY, WORLD_CODE + 4);
		expected.psw.base = *base;
		expected.psw.bound = BOUND_ALL;
		world_check("srb beyond storage");
	}
}

static void test_lra(uint32_t base, uint32_t bound, uint32_t a, bool legal)
{
	for EACH(unsigned, rd, destinations) {
		one(0, insn(OP_lra, *rd, RS1, 0), a);
		world.psw.base = expected.psw.base = base;
		world.psw.bound = expected.psw.bound = bound;
		returns(*rd, legal ? base + a : 0xFFFFFFFF);
		world_check("lra");
	}
}

static void test_lras(void)
{
	uint32_t above = storage_size - WORLD;
	test_lra(WORLD, WORLD_BYTES, 0, true);
	test_lra(WORLD, WORLD_BYTES, 1, true);
	test_lra(WORLD, WORLD_BYTES, WORLD_BYTES - 1, true);
	test_lra(WORLD, WORLD_BYTES, WORLD_BYTES, false);
	test_lra(WORLD, WORLD_BYTES, WORLD_BYTES + 1, false);
	test_lra(WORLD, WORLD_BYTES, 0xFFFFFFFF, false);
	test_lra(WORLD, BOUND_ALL, above - 1, true);
	test_lra(WORLD, BOUND_ALL, above, false);
	test_lra(WORLD, BOUND_ALL, 0u - WORLD, false);
	test_lra(WORLD, above + 4, above, false);
}

/* ---- operands in storage ------------------------------------------------ */

/* The last byte of an operand of n bytes decides. */
static void test_operand(const char *what, uint32_t op, uint32_t n)
{
	for (uint32_t short_of = 0; short_of <= n; short_of++) {
		uint32_t a = WORLD_BYTES - n + short_of;
		one(0, insn(op, 0, RS1, -4), a + 4);
		if (op == OP_lpsw && short_of == 0) {
			put_psw(a, (struct psw){ WORLD_CODE + 4, 0, WORLD, WORLD_BYTES, WORLD_TIMER });
		} else if (op == OP_sio && short_of == 0) {
			*world_word(a) = DEVICE_DISK;
		} else if (short_of > 0) {
			world_expect(0, CAUSE_MEMORY, a);
		}
		world_check(what);
	}
	static const uint32_t wrapping[] = { 0xFFFFFFFF, 0xFFFFFFFC, 0xFFFFFFEC, 0x80000000 };
	for EACH(uint32_t, a, wrapping) {
		one(0, insn(op, 0, RS1, 0), *a);
		world_expect(0, CAUSE_MEMORY, *a);
		world_check(what);
	}
}

static void test_operands(void)
{
	test_operand("lpsw at the bound", OP_lpsw, 20);
	test_operand("spsw at the bound", OP_spsw, 20);
	test_operand("stck at the bound", OP_stck, 8);
	test_operand("sio at the bound", OP_sio, 24);
}

/* ---- clock and devices -------------------------------------------------- */

/* Two clocks with an instruction between them are two apart. */
static void test_stck(void)
{
	const uint32_t code[] = {
		insn(OP_stck, 0, RS1, 0), insn(OP_addi, 0, 0, 0), insn(OP_stck, 0, RS1, 9),
	};
	world_make(0, code, 3);
	world_set(RS1, WORLD_DATA + 3);
	world_check("stck");
	uint32_t first, second;
	__builtin_memcpy(&first, (char *)world_word(WORLD_DATA) + 3, 4);
	second = *world_word(WORLD_DATA + 12);
	check_equal(second - first, 2, "stck: instructions between");
}

struct sio_case {
	const char *what;
	struct command_block block;
	enum condition cc;
};

static void test_sio(const struct sio_case *c)
{
	for EACH(unsigned, rd, destinations) {
		one(STATUS_TE, insn(OP_sio, *rd, RS1, 8), WORLD_DATA - 8);
		*(struct command_block *)world_word(WORLD_DATA) = c->block;
		returns(*rd, c->cc);
		world_check(c->what);
		check_equal(*world_word(WORLD_DATA + 20), 0, c->what);
		check_equal(*world_word(WORLD_DATA + 16), c->block.count, c->what);
	}
}

static void test_sios(void)
{
	const uint32_t q = storage_size;
	const struct sio_case cases[] = {
		{ "console query", { DEVICE_CONSOLE, CONSOLE_QUERY, 0, q, 9, 7 }, CC_DONE },
		{ "console write of nothing", { DEVICE_CONSOLE, CONSOLE_WRITE, 0, q, 0, 7 }, CC_DONE },
		{ "console write beyond storage", { DEVICE_CONSOLE, CONSOLE_WRITE, 0, q, 1, 7 }, CC_REFUSED },
		{ "console write that wraps", { DEVICE_CONSOLE, CONSOLE_WRITE, 0, 0xFFFFFFFF, 2, 7 }, CC_REFUSED },
		{ "console read of nothing", { DEVICE_CONSOLE, CONSOLE_READ, 0, 0, 0, 7 }, CC_NOTHING },
		{ "console read with no input", { DEVICE_CONSOLE, CONSOLE_READ, 0, WORLD, 8, 7 }, CC_NOTHING },
		{ "console read beyond storage", { DEVICE_CONSOLE, CONSOLE_READ, 0, q - 1, 2, 7 }, CC_REFUSED },
		{ "console arm", { DEVICE_CONSOLE, CONSOLE_ARM, 0, q, 9, 7 }, CC_DONE },
		{ "console disarm", { DEVICE_CONSOLE, CONSOLE_DISARM, 0, q, 9, 7 }, CC_DONE },
		{ "no such line", { DEVICE_CONSOLE, CONSOLE_QUERY, 32, 0, 0, 7 }, CC_REFUSED },
		{ "no such line", { DEVICE_CONSOLE, CONSOLE_ARM, 0xFFFFFFFF, 0, 0, 7 }, CC_REFUSED },
		{ "no such console command", { DEVICE_CONSOLE, 5, 0, WORLD, 0, 7 }, CC_REFUSED },
		{ "no such disk command", { DEVICE_DISK, 3, 0, WORLD, 0, 7 }, CC_REFUSED },
		{ "disk read of nothing", { DEVICE_DISK, DISK_READ, 0, q, 0, 7 }, CC_DONE },
		{ "disk read of half a sector", { DEVICE_DISK, DISK_READ, 0, WORLD, 256, 7 }, CC_REFUSED },
		{ "disk read beyond the disk", { DEVICE_DISK, DISK_READ, 0xFFFFFFFF, WORLD, 512, 7 }, CC_REFUSED },
		{ "disk write beyond storage", { DEVICE_DISK, DISK_WRITE, 0, q - 508, 512, 7 }, CC_REFUSED },
		{ "no such device", { 2, 0, 0, 0, 0, 7 }, CC_NO_DEVICE },
		{ "no such device", { 0xFFFFFFFF, 0, 0, 0, 0, 7 }, CC_NO_DEVICE },
	};
	for EACH(struct sio_case, c, cases)
		test_sio(c);
}

/* WAIT with the timer running: time jumps to its expiry. */
static void test_wait(void)
{
	static const uint32_t timers[] = { 1, 2, 1000000, 0xFFFFFFFF };
	for EACH(uint32_t, timer, timers) {
		one(STATUS_TE, OP_wait, 0);
		world.psw.timer = *timer;
		world_expect(1, CAUSE_SVC, 0);
		expected.psw.timer = 0;
		world_check("wait");
		check_equal(world_cycles(), *timer, "wait: cycles");
	}
	one(STATUS_TE, OP_wait, 0);
	world.psw.timer = expected.psw.timer = 0;
	world_check("wait with the timer due");
	check_equal(world_cycles(), 1, "wait with the timer due: cycles");
}

/* ---- what is no instruction --------------------------------------------- */

/* Fields that are not named must be 0, in either mode. */
static void test_illegal(void)
{
	const uint32_t words[] = {
		insn(OP_lpsw, 1, RS1, 0), insn(OP_spsw, 31, RS1, 0), insn(OP_stck, 1, RS1, 0),
		insn(OP_srb, 1, RS1, RS2), insn(OP_lra, RD, RS1, 1), insn(OP_ssm, RD, RS1, 31),
		insn(OP_stmr, RD, RS1, 1), insn(OP_rtmr, RD, 1, 0), insn(OP_rtmr, RD, 0, 1),
		insn(OP_rdst, RD, 31, 0), insn(OP_retu, 1, RS1, 0), insn(OP_retu, 0, RS1, 1),
		insn(OP_wait, 1, 0, 0), insn(OP_wait, 0, 1, 0), insn(OP_wait, 0, 0, 1),
		insn(OP_halt, 1, RS1, 0), insn(OP_halt, 0, RS1, 1), OP_halt + (1 << 25),
		OP_halt | 0xFE000000, 0x0000500B, 0x0000600B, 0x0000700B, 0, 0xFFFFFFFF, OP_ecall | 1 << 7,
	};
	for (uint32_t mode = 0; mode <= STATUS_M; mode++)
		for EACH(uint32_t, word, words) {
			one(mode | STATUS_TE, *word, WORLD_DATA);
			world_expect(0, CAUSE_ILLEGAL, *word);
			world_check("illegal");
		}
}

int main(void)
{
	test_fields();
	test_retu();
	test_retu_beyond();
	test_lpsw();
	test_lpsw_due();
	test_spsw();
	test_spsw_ahead();
	test_srb();
	test_srb_beyond();
	test_lras();
	test_operands();
	test_stck();
	test_sios();
	test_wait();
	test_illegal();
	print("supervisor mode: ");
	return check_report();
}
