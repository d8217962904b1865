/* The timer at 0, 1, 2 and 2^32 - 1 across every instruction that reads, sets, masks or
 * carries it; expiry while masked; WAIT; and the clock going past 2^32, by counting
 * and by WAIT.
 */
// expect-exit: 0
// expect-output: "timer: 560 checks, 0 failed, digest 3ee27772\n"
#include "world.h"

enum { RD = 5, RS1 = 6 };

#define BOTH (STATUS_IE | STATUS_TE)
#define NOTHING insn(OP_addi, 0, 0, 0)
#define EACH(type, x, array) (const type *x = array; x < array + sizeof(array) / sizeof(*array); x++)

static const uint32_t timers[] = { 0, 1, 2, 3, 0xFFFFFFFF };

/* A world of one instruction followed by three that do nothing. */
static void make(uint32_t status, uint32_t word, uint32_t timer)
{
	const uint32_t code[] = { word, NOTHING, NOTHING, NOTHING };
	world_make(status, code, 4);
	world.psw.timer = timer;
	world_expect(4, CAUSE_SVC, 0);
}

/* The instruction completes, leaves the PSW with this status and timer, and then
 * what follows runs until the timer strikes or the ECALL comes. */
static void then(uint32_t status, uint32_t timer)
{
	bool runs = status & STATUS_TE, strikes = runs && status & STATUS_IE && timer <= 3;
	uint32_t n = strikes ? timer : 3;
	world_expect(1 + n, strikes ? CAUSE_TIMER : CAUSE_SVC, 0);
	expected.psw.status = status;
	expected.psw.timer = timer - (runs ? n < timer ? n : timer : 0);
}

/* True, and the world is set to be interrupted at once, if the timer is due
 * before the first instruction. */
static bool due(uint32_t status, uint32_t timer)
{
	if (status != BOTH || timer != 0)
		return false;
	world_expect(0, CAUSE_TIMER, 0);
	return true;
}

static uint32_t counted(uint32_t status, uint32_t timer)
{
	return timer - (status & STATUS_TE && timer > 0 ? 1 : 0);
}

static const uint32_t statuses[] = { 0, STATUS_IE, STATUS_TE, BOTH };

static void test_plain(uint32_t status, uint32_t timer)
{
	make(status, NOTHING, timer);
	if (!due(status, timer))
		then(status, counted(status, timer));
	world_check("plain instruction");
}

static void test_rtmr(uint32_t status, uint32_t timer)
{
	make(status, insn(OP_rtmr, RD, 0, 0), timer);
	if (!due(status, timer)) {
		then(status, counted(status, timer));
		expected.x[RD] = counted(status, timer);
	}
	world_check("rtmr");
}

static void test_spsw(uint32_t status, uint32_t timer)
{
	make(status, insn(OP_spsw, 0, RS1, 0), timer);
	world_set(RS1, WORLD_DATA);
	if (!due(status, timer))
		then(status, counted(status, timer));
	world_check("spsw");
	if (!due(status, timer))
		check_equal(*world_word(WORLD_DATA + 16), counted(status, timer), "spsw: timer");
}

static void test_stmr(uint32_t status, uint32_t timer)
{
	for EACH(uint32_t, new, timers) {
		make(status, insn(OP_stmr, RD, RS1, 0), timer);
		world_set(RS1, *new);
		if (!due(status, timer)) {
			then(status, *new);
			expected.x[RD] = counted(status, timer);
		}
		world_check("stmr");
	}
}

static void test_ssm(uint32_t status, uint32_t timer)
{
	for EACH(uint32_t, mask, statuses) {
		make(status, insn(OP_ssm, RD, RS1, 0), timer);
		world_set(RS1, *mask);
		if (!due(status, timer)) {
			then(*mask, counted(status, timer));
			expected.x[RD] = status;
		}
		world_check("ssm");
	}
}

static void test_lpsw(uint32_t status, uint32_t timer)
{
	for EACH(uint32_t, new, timers) {
		make(status, insn(OP_lpsw, 0, RS1, 0), timer);
		world_set(RS1, WORLD_DATA);
		*(struct psw *)world_word(WORLD_DATA) =
			(struct psw){ WORLD_CODE + 4, STATUS_M | BOTH, WORLD, WORLD_BYTES, *new };
		if (!due(status, timer))
			then(STATUS_M | BOTH, *new);
		world_check("lpsw");
	}
}

static void test_retu(uint32_t status, uint32_t timer)
{
	make(status, insn(OP_retu, 0, RS1, 0), timer);
	world_set(RS1, WORLD_CODE + 4);
	if (!due(status, timer))
		then(status | STATUS_M, counted(status, timer));
	world_check("retu");
}

/* A trapped instruction is not counted. */
static void test_trapped(uint32_t status, uint32_t timer)
{
	make(status, OP_ebreak, timer);
	if (!due(status, timer))
		world_expect(0, CAUSE_BREAKPOINT, 0);
	world_check("breakpoint");
}

static void test_wait(uint32_t status, uint32_t timer)
{
	if (!(status & STATUS_TE))
		return;
	make(status, OP_wait, timer);
	bool at_once = due(status, timer);
	if (!at_once)
		then(status, 0);
	world_check("wait");
	uint32_t waited = timer > 0 ? timer : 1, after = status == BOTH ? 0 : 3;
	check_equal(world_cycles(), at_once ? 0 : waited + after, "wait: cycles");
}

/* Expiry while masked; the interrupt comes after the SSM that lets it in. */
static void test_masked(uint32_t timer)
{
	const uint32_t code[] = { NOTHING, NOTHING, insn(OP_ssm, RD, RS1, 0), NOTHING };
	world_make(STATUS_TE, code, 4);
	world_set(RS1, BOTH);
	world.psw.timer = timer;
	if (timer <= 4)
		world_expect(timer <= 3 ? 3 : 4, CAUSE_TIMER, 0);
	else
		world_expect(4, CAUSE_SVC, 0);
	expected.psw.status = BOTH;
	expected.x[RD] = STATUS_TE;
	world_check("masked expiry, then ssm");
}

/* ---- the clock ---------------------------------------------------------- */

static uint64_t clock_at(uint32_t a) { return *world_word(a) | (uint64_t)*world_word(a + 4) << 32; }

/* WAIT between two STCKs. */
static void test_clock_jump(uint32_t timer)
{
	const uint32_t code[] = { insn(OP_stck, 0, RS1, 0), OP_wait, insn(OP_stck, 0, RS1, 8) };
	world_make(STATUS_TE, code, 3);
	world_set(RS1, WORLD_DATA);
	world.psw.timer = timer;
	world_expect(3, CAUSE_SVC, 0);
	expected.psw.timer = 0;
	world_check("clock: wait");
	uint32_t jump = timer - 1 > 0 ? timer - 1 : 1; /* the first STCK has counted one */
	check(clock_at(WORLD_DATA + 8) - clock_at(WORLD_DATA) == (uint64_t)jump + 1, "clock: jump");
}

enum { READINGS = 128, READING = 2 * WORLD_DATA };

/* A WAIT of timer cycles, then the clock at every instruction.  Returns the first
 * reading's distance from the moment this was called, less timer. */
static uint32_t read_clocks(uint32_t timer_less)
{
	uint32_t code[1 + READINGS] = { OP_wait };
	for (int i = 0; i < READINGS; i++)
		code[1 + i] = insn(OP_stck, 0, RS1, 8 * i);
	world_make(STATUS_TE, code, 1 + READINGS);
	world_set(RS1, READING);
	uint32_t now = (uint32_t)stck();
	world.psw.timer = 0u - now - timer_less;
	world_enter(&world);
	return *world_word(READING) + timer_less;
}

/* Once to see how long the way into the world is, once to arrive half of the
 * readings short of a multiple of 2^32. */
static void test_clock_count(void)
{
	uint32_t way = read_clocks(1000);
	read_clocks(way + READINGS / 2);
	uint32_t turns = 0;
	for (uint32_t a = READING; a < READING + 8 * (READINGS - 1); a += 8) {
		check(clock_at(a + 8) - clock_at(a) == 1, "clock: counts by 1");
		turns += *world_word(a + 12) != *world_word(a + 4);
	}
	check_equal(turns, 1, "clock: goes past 2^32 once");
	check_equal(*world_word(READING + 8 * READINGS / 2), 0, "clock: where it does");
}

int main(void)
{
	for EACH(uint32_t, status, statuses)
		for EACH(uint32_t, timer, timers) {
			test_plain(*status, *timer);
			test_rtmr(*status, *timer);
			test_spsw(*status, *timer);
			test_stmr(*status, *timer);
			test_ssm(*status, *timer);
			test_lpsw(*status, *timer);
			test_retu(*status, *timer);
			test_trapped(*status, *timer);
			test_wait(*status, *timer);
		}
	for (uint32_t timer = 0; timer <= 5; timer++)
		test_masked(timer);
	test_clock_jump(1000);
	test_clock_jump(0xFFFFFFFF);
	test_clock_jump(2);
	test_clock_count();
	print("timer: ");
	return check_report();
}
