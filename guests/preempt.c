/* Two processes in user mode, each with storage of its own, preempted by the timer.
 * Neither knows of the other.  What they have done when their turn ends depends on
 * the exact number of instructions that each was given.
 */
// expect-output: "-- walker at 0x14, has counted 15 and 123\n"
// expect-output: "-- counter at 0x04, has counted 201 and 0\n"
// expect-output: "-- walker at 0x0c, has counted 25 and 251\n"
// expect-output: "-- counter at 0x10, has counted 401 and 0\n"
// expect-output: "-- walker at 0x1c, has counted 27 and 378\n"
// expect-output: "-- counter at 0x10, has counted 602 and 0\n"
// expect-output: "-- walker at 0x08, has counted 31 and 505\n"
// expect-output: "counter: 700\n"
// expect-output: "-- counter at 0x04, has counted 803 and 0\n"
// expect-output: "walker: 552\n"
// expect-output: "-- walker at 0x10, has counted 37 and 635\n"
// expect-output: "-- counter at 0x00, has counted 1004 and 0\n"
// expect-output: "-- walker at 0x20, has counted 41 and 764\n"
// expect-output: "-- counter at 0x04, has counted 1207 and 0\n"
// expect-output: "-- walker at 0x10, has counted 46 and 894\n"
// expect-output: "counter: 1400\n"
// expect-output: "-- counter at 0x10, has counted 1408 and 0\n"
// expect-output: "-- walker at 0x08, has counted 49 and 1024\n"
// expect-output: "-- counter at 0x10, has counted 1611 and 0\n"
// expect-output: "-- walker at 0x24, has counted 54 and 1154\n"
// expect-output: "-- counter at 0x04, has counted 1815 and 0\n"
// expect-output: "-- walker at 0x18, has counted 55 and 1283\n"
// expect-output: "-- counter at 0x00, has counted 2018 and 0\n"
// expect-output: "-- walker at 0x30, has counted 59 and 1414\n"
// expect-output: "counter: 2100\n"
// expect-output: "-- counter at 0x04, has counted 2222 and 0\n"
// expect-output: "-- walker at 0x08, has counted 62 and 1544\n"
// expect-output: "-- counter at 0x10, has counted 2426 and 0\n"
// expect-output: "-- walker at 0x0c, has counted 63 and 1675\n"
// expect-output: "-- counter at 0x10, has counted 2631 and 0\n"
// expect-output: "walker: 1696\n"
// expect-output: "-- walker at 0x0c, has counted 70 and 1808\n"
// expect-output: "counter: 2800\n"
// expect-output: "-- counter at 0x04, has counted 2836 and 0\n"
// expect-output: "-- walker at 0x18, has counted 72 and 1940\n"
// expect-output: "-- counter at 0x00, has counted 3041 and 0\n"
// expect-output: "-- walker at 0x18, has counted 74 and 2071\n"
// expect-output: "-- counter at 0x04, has counted 3248 and 0\n"
// expect-output: "-- walker at 0x10, has counted 79 and 2204\n"
// expect-output: "-- counter at 0x10, has counted 3454 and 0\n"
// expect-output: "-- walker at 0x14, has counted 82 and 2337\n"
// expect-output: "counter: 3500\n"
// expect-output: "counter ends with 798 left of its turn\n"
// expect-output: "-- walker at 0x20, has counted 85 and 2469\n"
// expect-output: "-- walker at 0x20, has counted 91 and 2604\n"
// expect-output: "-- walker at 0x1c, has counted 94 and 2737\n"
// expect-output: "-- walker at 0x08, has counted 95 and 2868\n"
// expect-output: "walker: 2949\n"
// expect-output: "walker ends with 412 left of its turn\n"
// expect-output: "counter had 18 turns, walker 23\n"
#include "droste.h"

enum { PROCESSES = 2, ROOM = 512, A0 = 10, A1 = 11 };

/* What a process asks for by ECALL, in a1. */
enum { SAY = 1, END = 2 };

/* Both live at virtual address 0.  One counts; the other walks the Collatz
 * sequences, whose paths are uneven. */
extern const char counter[], counter_end[], walker[], walker_end[];

__asm__(".section .rodata.processes, \"a\"\n"
        ".balign 4\n"
        "counter:\n"
        "	addi	s0, s0, 1\n"
        "	sw	s0, 0x100(x0)\n"
        "	li	t0, 700\n"
        "	remu	t1, s0, t0\n"
        "	bnez	t1, counter\n"
        "	mv	a0, s0\n"
        "	li	a1, 1\n"
        "	ecall\n"
        "	li	t0, 3500\n"
        "	bne	s0, t0, counter\n"
        "	li	a1, 2\n"
        "	ecall\n"
        "counter_end:\n"
        "walker:\n"
        "	addi	s0, s0, 1\n"       /* n */
        "	mv	s1, s0\n"
        "1:	li	t0, 1\n"
        "	beq	s1, t0, 3f\n"
        "	addi	s2, s2, 1\n"       /* steps of all */
        "	andi	t1, s1, 1\n"
        "	srli	s1, s1, 1\n"
        "	beqz	t1, 1b\n"
        "	slli	t1, s1, 1\n"       /* s1 was 2k + 1: 3 (2k + 1) + 1 = 6k + 4 */
        "	add	s1, s1, t1\n"
        "	slli	s1, s1, 1\n"
        "	addi	s1, s1, 4\n"
        "	j	1b\n"
        "3:	li	t0, 32\n"
        "	remu	t1, s0, t0\n"
        "	bnez	t1, walker\n"
        "	mv	a0, s2\n"
        "	li	a1, 1\n"
        "	ecall\n"
        "	li	t0, 96\n"
        "	bne	s0, t0, walker\n"
        "	li	a1, 2\n"
        "	ecall\n"
        "walker_end:\n");

static struct process {
	const char *name, *code, *code_end;
	bool ended;
	uint32_t turns;
	struct trap_frame state; /* while another one runs */
	uint32_t storage[ROOM / 4];
} processes[PROCESSES] = {
	{ .name = "counter", .code = counter, .code_end = counter_end },
	{ .name = "walker", .code = walker, .code_end = walker_end },
};

static uint32_t running, quantum = 1000;

static void make(struct process *p)
{
	__builtin_memcpy(p->storage, p->code, (size_t)(p->code_end - p->code));
	p->state.psw = (struct psw){ 0, STATUS_M | STATUS_IE | STATUS_TE, (uint32_t)(uintptr_t)p->storage, ROOM, 0 };
}

/* Gives the machine to the next process that has not ended, for a turn a little
 * longer than the last. */
static void dispatch(struct trap_frame *frame)
{
	for (uint32_t i = 0; i < PROCESSES; i++) {
		running = (running + 1) % PROCESSES;
		struct process *p = &processes[running];
		if (p->ended)
			continue;
		*frame = p->state;
		frame->psw.timer = quantum++;
		p->turns++;
		return;
	}
	print("%s had %lu turns, %s %lu\n", processes[0].name, processes[0].turns, processes[1].name,
	      processes[1].turns);
	halt(0);
}

static void preempt(struct trap_frame *frame)
{
	struct process *p = &processes[running];
	p->state = *frame;
	print("-- %s at 0x%02lx, has counted %lu and %lu\n", p->name, frame->psw.pc, frame->x[8], frame->x[18]);
	dispatch(frame);
}

static void serve(struct trap_frame *frame)
{
	struct process *p = &processes[running];
	frame->psw.pc += 4;
	if (frame->x[A1] == SAY) {
		print("%s: %lu\n", p->name, frame->x[A0]);
		return;
	}
	print("%s ends with %lu left of its turn\n", p->name, frame->psw.timer);
	p->ended = true;
	dispatch(frame);
}

void trap_handler(struct trap_frame *frame)
{
	if (frame->cause == CAUSE_TIMER)
		preempt(frame);
	else if (frame->cause == CAUSE_SVC && !(frame->psw.status & STATUS_M))
		dispatch(frame); /* main's own: begin */
	else if (frame->cause == CAUSE_SVC)
		serve(frame);
	else
		trap_panic(frame);
}

int main(void)
{
	for (int i = 0; i < PROCESSES; i++)
		make(&processes[i]);
	__asm__ volatile("ecall");
	return 1;
}
