/* Operands of System instructions at the very end of storage, where only storage itself,
 * not the bound, says stop: legal to the last byte, not one byte more.
 */
// expect-output: "operands at the end: 240 checks, 0 failed, digest b2e2b035\n"
#include "world.h"

enum { RS1 = 6 };

#define EACH(type, x, array) (const type *x = array; x < array + sizeof(array) / sizeof(*array); x++)

struct operand {
	const char *what;
	uint32_t op, bytes;
};

static const struct operand operands[] = {
	{ "lpsw", OP_lpsw, 20 }, { "spsw", OP_spsw, 20 }, { "stck", OP_stck, 8 }, { "sio", OP_sio, 24 },
};

/* An operand that ends beyond the end of storage by some bytes. */
static void test(const struct operand *o, uint32_t base, uint32_t beyond)
{
	uint32_t word = insn(o->op, 0, RS1, 0), a = storage_size - o->bytes + beyond - base;
	world_make(0, &word, 1);
	world.psw.base = base;
	world.psw.bound = BOUND_ALL;
	world.psw.pc = WORLD + WORLD_CODE - base;
	world_set(RS1, a);
	struct psw next = { world.psw.pc + 4, 0, base, BOUND_ALL, WORLD_TIMER };
	if (o->op == OP_lpsw && beyond == 0)
		__builtin_memcpy((void *)(uintptr_t)(base + a), &next, sizeof(next));
	if (o->op == OP_sio && beyond == 0)
		*(uint32_t *)(uintptr_t)(base + a) = 2; /* no such device */
	if (beyond == 0)
		world_expect(1, CAUSE_SVC, 0);
	else
		world_expect(0, CAUSE_MEMORY, a);
	expected.psw.bound = BOUND_ALL;
	expected.psw.base = base;
	world_check(o->what);
}

static int test_all(void)
{
	static const uint32_t bases[] = { 0, 0x100, WORLD };
	for EACH(struct operand, o, operands)
		for EACH(uint32_t, base, bases)
			for (uint32_t beyond = 0; beyond <= o->bytes + 1; beyond++)
				test(o, *base, beyond);
	print("operands at the end: ");
	return check_report();
}

int main(void)
{
	static uint8_t stack[2048] __attribute__((aligned(16)));
	move_stack(stack + sizeof(stack), test_all);
}
