/* Every System instruction, over and over, with what it answers hashed into storage: a
 * host that treats the ten thousandth trap otherwise than the first shows it there.  Supervisor and user mode, traps
 * and timer interrupts take turns.
 */
// memory: 2097152
// expect-output: "4000 rounds\n"
#include "droste.h"

enum { ROUNDS = 4000 };

static uint32_t digest, back;

static void hash(uint32_t word) { digest = digest * 0x01000193 + word; }

/* Whatever traps in the program of user mode comes back to the supervisor behind it. */
void trap_handler(struct trap_frame *frame)
{
	hash(frame->cause);
	hash(frame->tval);
	hash(frame->psw.status);
	hash(frame->psw.timer);
	if (frame->cause == CAUSE_SVC)
		frame->psw = (struct psw){ back, 0, 0, BOUND_ALL, 0 };
	else if (frame->cause == CAUSE_TIMER)
		frame->psw.timer = 5000;
	else
		frame->psw.pc += 4;
}

static void visit_user_mode(void)
{
	__asm__ volatile("la	x30, 2f\n"
	                 "sw	x30, %0\n"
	                 "la	x30, 1f\n"
	                 "retu	x30\n"
	                 "1:	rtmr	x30\n"  /* privileged there */
	                 "lw	x30, -4(x0)\n"  /* memory */
	                 ".word	0\n"            /* illegal */
	                 "ecall\n"
	                 "2:\n" : "=m"(back) : : "x30", "memory");
}

static void ask(uint32_t round)
{
	struct command_block query = { DEVICE_DISK, DISK_QUERY, 0, 0, 0, 0 };
	struct psw psw;
	uint32_t real;
	hash(sio(&query));
	hash(query.result);
	hash((uint32_t)stck());
	hash(rdst());
	hash(stmr(round));
	hash(rtmr());
	hash(ssm(0));
	__asm__ volatile("lra	%0, %1" : "=r"(real) : "r"(round));
	hash(real);
	__asm__ volatile("spsw	0(%0)" : : "r"(&psw) : "memory");
	hash(psw.pc ^ psw.status ^ psw.base ^ psw.bound ^ psw.timer);
	__asm__ volatile("srb	x0, %0" : : "r"(BOUND_ALL - round) : "memory");
	__asm__ volatile("srb	x0, %0" : : "r"(BOUND_ALL) : "memory");
}

/* The interrupt comes between any two of a few instructions. */
static void be_interrupted(uint32_t round)
{
	stmr(2 + round % 8);
	ssm(STATUS_IE | STATUS_TE);
	for (int i = 0; i < 4; i++)
		hash(rtmr());
	wait_for_interrupt();
	ssm(0);
}

int main(void)
{
	for (uint32_t round = 0; round < ROUNDS; round++) {
		ask(round);
		visit_user_mode();
		be_interrupted(round);
	}
	print("%d rounds\n", ROUNDS);
	return 0;
}
