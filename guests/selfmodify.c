/* Code that changes: the next instruction, a loop's body while it runs, a function after
 * many calls, code made anew in a place where other code was, across the borders that a
 * fast executor may draw.  Every fetch sees every store.
 */
// expect-output: "self-modifying: 120 checks, 0 failed, digest f23eb887\n"
#include "world.h"

enum { A0 = 10, T0 = 5, T1 = 6, RET = 0x00008067 };

typedef uint32_t function(uint32_t);

static uint32_t code[256] __attribute__((aligned(64)));

static function *at(const uint32_t *place) { return (function *)(uintptr_t)place; }

/* a0 <- a0 + n. */
static uint32_t add(int32_t n) { return insn(OP_addi, A0, A0, n); }

/* An instruction stores into the one that follows it. */
static void test_next(void)
{
	uint32_t patch = add(100);
	const uint32_t words[] = {
		insn(OP_addi, T0, 12, 0),  /* mv t0, a2 */
		store(T0, 8, 11),          /* sw t0, 8(a1): the next */
		add(1),
		RET,
	};
	for (int i = 0; i < 4; i++)
		code[i] = words[i];
	uint32_t (*f)(uint32_t, uint32_t *, uint32_t) = (uint32_t (*)(uint32_t, uint32_t *, uint32_t))(uintptr_t)code;
	check_equal(f(1, code, patch), 101, "the next instruction");
	check_equal(f(1, code, add(7)), 8, "the next instruction, again");
}

/* A loop whose body is changed by each turn: the sum of what it added. */
static void test_loop(void)
{
	const uint32_t words[] = {
		add(1),                          /* code[0]: the body */
		insn(OP_lw, T0, 11, 0),
		insn(OP_addi, T1, 12, 0),        /* a2, which is 1 in the place of imm */
		OP_add | T0 << 7 | T0 << 15 | T1 << 20,
		store(T0, 0, 11),
		insn(OP_addi, 13, 13, -1),
		OP_bne | 13 << 15 | 0xFE000480,  /* bne a3, x0, . - 24 */
		RET,
	};
	for (int i = 0; i < 8; i++)
		code[i] = words[i];
	uint32_t (*f)(uint32_t, uint32_t *, uint32_t, uint32_t) =
		(uint32_t (*)(uint32_t, uint32_t *, uint32_t, uint32_t))(uintptr_t)code;
	check_equal(f(0, code, 1 << 20, 100), 5050, "a loop that changes its body");
}

/* A function changed after it has been called often. */
static void test_hot(void)
{
	code[0] = add(1);
	code[1] = RET;
	uint32_t sum = 0;
	for (int i = 0; i < 3000; i++) {
		if (i % 1000 == 0)
			code[0] = add(i / 1000 + 1);
		sum = at(code)(sum);
	}
	check_equal(sum, 6000, "a function changed while it is hot");
}

/* One byte, one halfword of an instruction. */
static void test_parts(void)
{
	code[0] = add(1);
	code[1] = RET;
	check_equal(at(code)(0), 1, "before a part is changed");
	((uint8_t *)code)[3] = 0x01;  /* the upper 8 bits of its 12: 0x001 -> 0x011 */
	check_equal(at(code)(0), 0x11, "a byte");
	((uint16_t *)(void *)code)[1] = (uint16_t)(add(0x7FF) >> 16);
	check_equal(at(code)(0), 0x7FF, "a halfword");
	uint32_t shifted[2] = { add(5), RET };
	__builtin_memcpy((uint8_t *)code + 1, (uint8_t *)shifted + 1, 6);
	check_equal(at(code)(0), 5, "bytes across two instructions");
}

/* Straight-line code over several lines of 64 bytes, changed at each place in
 * turn. */
static void test_places(void)
{
	enum { LONG = 200 };
	for (int i = 0; i < LONG; i++)
		code[i] = add(1);
	code[LONG] = RET;
	for (int i = 0; i < LONG; i += 7) {
		code[i] = add(2);
		check_equal(at(code)(0), LONG + 1, "a place in straight-line code");
		check_equal(at(code + i)(0), (uint32_t)(LONG - i + 1), "entered where it was changed");
		code[i] = add(1);
	}
	code[50] = RET;
	check_equal(at(code)(0), 50, "made shorter");
	code[50] = add(1);
	check_equal(at(code)(0), LONG, "made longer");
}

/* Code on the stack, at the same addresses each time. */
static __attribute__((noinline)) uint32_t on_stack(int32_t n)
{
	volatile uint32_t words[2] = { add(n), RET };
	return ((function *)(uintptr_t)words)(1);
}

static void test_stack(void)
{
	for (int32_t n = 0; n < 50; n++)
		check_equal(on_stack(n), (uint32_t)n + 1, "code on the stack");
}

/* The same real storage under another base, and changed through it. */
static void test_other_base(void)
{
	uint32_t word = add(1);
	world_make(0, &word, 1);
	world_set(A0, 10);
	expected.x[A0] = 11;
	world_check("before a change through another base");
	*world_word(WORLD_CODE) = add(3);
	world.psw = (struct psw){ WORLD_CODE - 16, STATUS_M, WORLD + 16, WORLD_BYTES, WORLD_TIMER };
	world_expect(1, CAUSE_SVC, 0);
	expected.x[A0] = 14;
	world_check("changed through another base");
}

int main(void)
{
	test_next();
	test_loop();
	test_hot();
	test_parts();
	test_places();
	test_stack();
	test_other_base();
	print("self-modifying: ");
	return check_report();
}
