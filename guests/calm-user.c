/* Every System instruction in user mode: it traps, whatever its operands, and has no effect. */
// expect-output: "user mode: 0 checks, 0 failed, digest cd4e73ae\n"
#include "calm.h"

int main(void)
{
	static const uint32_t plain[] = { OP_lpsw, OP_spsw, OP_stck, OP_retu, OP_halt, OP_srb };
	static const uint32_t with_rd[] = { OP_sio, OP_lra, OP_ssm, OP_stmr };
	static const unsigned none[] = { 0 }, destinations[] = { 0, RD, RS1 };
	for EACH(uint32_t, op, plain)
		calm_try_all(STATUS_M, *op, none, 1);
	for EACH(uint32_t, op, with_rd)
		calm_try_all(STATUS_M, *op, destinations, 3);
	calm_try(STATUS_M, OP_wait, 0, 0);
	calm_try(STATUS_M, OP_rtmr | RD << 7, 0, 0);
	calm_try(STATUS_M, OP_rdst | RD << 7, 0, 0);
	print("user mode: ");
	return check_report();
}
