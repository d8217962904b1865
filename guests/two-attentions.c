/* An attention that is pending stays so when its line has been read out and is armed again,
 * ends WAIT before a timer that runs, and is counted in by none.  Then two lines are pending,
 * and the new PSW of the first interrupt lets the second in: no instruction has completed, so
 * the machine stops.
 */
// lines: 2
// input: "first"
// input-on-1: "2"
// expect-end: check-stop
// expect-output: "attentions: 7 checks, 0 failed, digest 435e4f14\n"
#include "world.h"

static void command(uint32_t command, unsigned line)
{
	struct command_block block = { DEVICE_CONSOLE, command, line, 0, 0, 0 };
	check_equal(sio(&block), CC_DONE, "arm or disarm");
}

/* Whatever is pending, and under a timer that runs. */
static void wait_in_world(void)
{
	enum { RD = 7 };
	const uint32_t code[] = { OP_wait, insn(OP_rtmr, RD, 0, 0) };
	world_make(STATUS_TE, code, 2);
	world_expect(2, CAUSE_SVC, 0);
	expected.x[RD] = WORLD_TIMER - 2;
	world_check("WAIT ends at once");
}

int main(void)
{
	char byte;
	command(CONSOLE_ARM, 0);
	wait_for_interrupt(); /* until there is input on both */
	command(CONSOLE_DISARM, 0);
	command(CONSOLE_ARM, 1);
	check_equal(console_poll(1, &byte, 1), 1, "all there is on line 1");
	command(CONSOLE_ARM, 1);
	wait_in_world();
	command(CONSOLE_ARM, 0);
	print("attentions: ");
	check_report();
	*cell(CELL_NEW_PSW + 4) = STATUS_IE;
	ssm(STATUS_IE);
	return 1;
}
