/* Making worlds and comparing them with what was expected.  The entry and exit is in
 * enter.S.
 */

#include "world.h"

struct trap_frame world, expected;

static void clear_storage(void)
{
	for (uint32_t *word = world_word(0); word < world_word(WORLD_BYTES); word += 8)
		word[0] = word[1] = word[2] = word[3] = word[4] = word[5] = word[6] = word[7] = 0;
}

void world_make(uint32_t status, const uint32_t *code, size_t n)
{
	clear_storage();
	for (size_t i = 0; i < n; i++)
		*world_word(WORLD_CODE + 4 * i) = code[i];
	*world_word(WORLD_CODE + 4 * n) = OP_ecall;
	for (uint32_t i = 0; i < 32; i++)
		world.x[i] = 0x80000000 + 0x01010101 * i;
	world.x[0] = 0;
	world.psw = (struct psw){ WORLD_CODE, status, WORLD, WORLD_BYTES, WORLD_TIMER };
	expected = world;
	world_expect(n, CAUSE_SVC, 0);
}

void world_expect(size_t n, enum cause cause, uint32_t tval)
{
	expected.psw = world.psw;
	expected.psw.pc += 4 * n;
	if (world.psw.status & STATUS_TE)
		expected.psw.timer -= n < world.psw.timer ? n : world.psw.timer;
	expected.cause = cause;
	expected.tval = tval;
}

void world_set(unsigned x, uint32_t value)
{
	if (x != 0)
		world.x[x] = expected.x[x] = value;
}

/* The frame's words in the order of struct trap_frame. */
static const char *const psw_names[] = { "pc", "status", "base", "bound", "timer", "cause", "tval" };

static void report(const char *what, unsigned i, uint32_t is, uint32_t should_be)
{
	if (i < 32)
		print("failed: %s: x%u is 0x%lx, should be 0x%lx\n", what, i, is, should_be);
	else
		print("failed: %s: %s is 0x%lx, should be 0x%lx\n", what, psw_names[i - 32], is, should_be);
}

void world_check(const char *what)
{
	world_enter(&world);
	const uint32_t *is = (const uint32_t *)&world, *should_be = (const uint32_t *)&expected;
	size_t n = sizeof(world) / sizeof(*is);
	bool same = true;
	for (unsigned i = 1; i < n; i++) {
		if (is[i] != should_be[i])
			report(what, i, is[i], should_be[i]);
		same &= is[i] == should_be[i];
	}
	check_saw(is + 1, n - 1);
	uint32_t cycles = world_cycles();
	check_saw(&cycles, 1);
	check(same, what);
}
