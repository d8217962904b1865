/* A clock on a machine of 1 MIPS: the timer interrupts it at set times, to the
 * instruction, and between them it waits.
 */
// expect-output: "00:00:00.1\n"
// expect-output: "00:00:00.2\n"
// expect-output: "00:00:00.3\n"
// expect-output: "00:00:01.0\n"
// expect-output: "00:01:00.0\n"
// expect-output: "00:59:59.9\n"
// expect-output: "01:11:34.9\n"
// expect-output: "02:00:00.0\n"
#include "droste.h"

enum { TENTH = 100000 }; /* instructions in a tenth of a second */

/* Sets the timer so that it is due when the clock reads due: it is some instructions from
 * the reading to the setting. */
void timer_at(uint32_t due);

__asm__(".section .text.timer_at, \"ax\"\n"
        "timer_at:	stck	0x60(x0)\n"
        "	lw	t0, 0x60(x0)\n"
        "	sub	t0, a0, t0\n"
        "	addi	t0, t0, -4\n"
        "	stmr	x0, t0\n"
        "	ret\n"
        ".text");

static volatile uint32_t strikes;

/* The timer stays due until it is set again, so it is stopped here. */
void trap_handler(struct trap_frame *frame)
{
	if (frame->cause != CAUSE_TIMER)
		trap_panic(frame);
	strikes++;
	frame->psw.status &= ~(uint32_t)STATUS_TE;
}

static void wait_until(uint64_t due)
{
	uint32_t before = strikes;
	timer_at((uint32_t)due);
	ssm(STATUS_IE | STATUS_TE);
	while (strikes == before)
		wait_for_interrupt();
}

static void show(uint64_t now)
{
	uint32_t tenths = (uint32_t)(now / TENTH), seconds = tenths / 10;
	print("%02lu:%02lu:%02lu.%lu\n", seconds / 3600, seconds / 60 % 60, seconds % 60, tenths % 10);
}

int main(void)
{
	/* In tenths of a second.  No wait is longer than 2^32. */
	static const uint32_t times[] = { 1, 2, 3, 10, 600, 35999, 42949, 72000 };
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		wait_until((uint64_t)times[i] * TENTH);
		show(stck());
	}
	return 0;
}
