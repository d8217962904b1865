/* SSM, RDST and RETU: mode and masks. */
// expect-output: "mode: 0 checks, 0 failed, digest 9598ad9c\n"
#include "calm.h"

int main(void)
{
	static const unsigned destinations[] = { 0, RD, RS1 }, none[] = { 0 };
	calm_try_all(0, OP_ssm, destinations, 3);
	calm_try_all(0, OP_retu, none, 1);
	for EACH(uint32_t, status, calm_statuses)
		for EACH(unsigned, rd, destinations)
			calm_try(*status, insn(OP_rdst, *rd, 0, 0), 0, 0);
	print("mode: ");
	return check_report();
}
