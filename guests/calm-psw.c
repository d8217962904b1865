/* LPSW, SPSW and STCK: the whole operand, its ends, and junk in it. */
// expect-output: "PSW: 0 checks, 0 failed, digest eb6486d9\n"
#include "calm.h"

static const uint32_t ops[] = { OP_lpsw, OP_spsw, OP_stck };

int main(void)
{
	static const unsigned none[] = { 0 };
	for EACH(uint32_t, op, ops) {
		calm_try_all(0, *op, none, 1);
		for (uint32_t a = WORLD_BYTES - 24; a <= WORLD_BYTES; a++)
			calm_try(0, insn(*op, 0, RS1, 0), a, 0);
		calm_try(0, insn(*op, 0, RS1, -8), WORLD_DATA + 8, 0);
	}
	print("PSW: ");
	return check_report();
}
