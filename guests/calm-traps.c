/* Traps of each cause but interrupts, in both modes, with the timer running and not. */
// expect-output: "traps: 0 checks, 0 failed, digest 020e8f0d\n"
#include "calm.h"

int main(void)
{
	const uint32_t words[] = {
		OP_ecall, OP_ebreak, 0, OP_halt | 1 << 7, insn(OP_lw, RD, RS1, 0), insn(OP_lb, RS1, RS1, 0), store(RS2, 0, RS1),
		insn(OP_jalr, RS1, RS1, 0),
	};
	for (uint32_t mode = 0; mode <= STATUS_M; mode++)
		for EACH(uint32_t, status, calm_statuses)
			for EACH(uint32_t, word, words)
				for EACH(uint32_t, value, calm_values)
					calm_try(mode | *status, *word, *value, 0x12345678);
	print("traps: ");
	return check_report();
}
