/* SRB and LRA: bases and bounds, legal addresses and others. */
// expect-output: "R: 0 checks, 0 failed, digest 008f4d5b\n"
#include "calm.h"

int main(void)
{
	static const unsigned destinations[] = { 0, RD, RS1 };
	static const uint32_t bases[] = { WORLD, WORLD + 1, WORLD + 3, WORLD + 0x200 };
	static const uint32_t bounds[] = { 0, WORLD_CODE + 4, WORLD_CODE + 7, WORLD_CODE + 8, 0x800, BOUND_ALL };
	for EACH(uint32_t, status, calm_statuses)
		for EACH(uint32_t, base, bases)
			for EACH(uint32_t, bound, bounds)
				calm_try(*status, insn(OP_srb, 0, RS1, RS2), *base, *bound);
	calm_try_all(0, OP_lra, destinations, 3);
	print("R: ");
	return check_report();
}
