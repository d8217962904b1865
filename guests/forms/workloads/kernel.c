/* A small kernel: one process in user mode under an R of its own, which asks for a service from time
 * to time, and is interrupted by the timer in between.
 */

#include "workload.h"

enum { ROOM = 64, TURN = 3000 };

/* Some 2000 instructions, and a call. */
extern const char process[], process_end[];

__asm__(".section .rodata.process, \"a\"\n"
        ".balign 4\n"
        "process:\n"
        "	li	t0, 1000\n"
        "1:	addi	t0, t0, -1\n"
        "	bnez	t0, 1b\n"
        "	addi	a0, a0, 1\n"
        "	ecall\n"
        "	j	process\n"
        "process_end:\n");

static uint32_t storage[ROOM / 4], calls, calls_most, turns;

static _Noreturn void end(void)
{
	print("%lu calls in %lu turns\n", calls, turns);
	halt(0);
}

static void begin(struct trap_frame *frame)
{
	__builtin_memcpy(storage, process, (size_t)(process_end - process));
	frame->psw = (struct psw){ 0, STATUS_M | STATUS_IE | STATUS_TE, (uint32_t)(uintptr_t)storage, ROOM, TURN };
	frame->x[10] = 0;
}

/* main's own call comes from supervisor mode. */
void trap_handler(struct trap_frame *frame)
{
	if (frame->cause == CAUSE_TIMER) {
		turns++;
		frame->psw.timer = TURN;
	} else if (frame->cause == CAUSE_SVC && !(frame->psw.status & STATUS_M)) {
		begin(frame);
	} else if (frame->cause == CAUSE_SVC) {
		frame->psw.pc += 4;
		calls++;
		check_equal(frame->x[10], calls, "what the process has counted");
		if (calls == calls_most)
			end();
	} else {
		trap_panic(frame);
	}
}

int main(void)
{
	calls_most = read_number();
	__asm__ volatile("ecall");
	return 1;
}
