/* What the twins do, unmodified.c and paravirtual.c: a small supervisor that opens and closes
 * its interrupt mask, asks in which mode it is, where its storage really is and what
 * its PSW is.  Each twin has these four in its own way, and includes this.
 */
#include "droste.h"

/* Sets IE and TE; returns what they were. */
static uint32_t mask(uint32_t bits);

/* M, IE and TE. */
static uint32_t status(void);

/* Where a virtual address of ours is in real storage. */
static uint32_t real_address(uint32_t a);

/* Stores the PSW; whatever pc says. */
static void save(struct psw *psw);

/* The interrupt that has come has stopped the timer. */
static void timer_stopped(void);

static volatile uint32_t interrupts;

void trap_handler(struct trap_frame *frame)
{
	if (frame->cause != CAUSE_TIMER)
		trap_panic(frame);
	interrupts++;
	frame->psw.status &= ~(uint32_t)STATUS_TE;
	timer_stopped();
}

static void spin(uint32_t n)
{
	for (volatile uint32_t i = 0; i < n; i++)
		;
}

static void test_mask(void)
{
	stmr(50);
	check_equal(mask(STATUS_TE), 0, "the mask is closed at first");
	spin(100);
	check_equal(interrupts, 0, "no interrupt while the mask is closed");
	check_equal(mask(STATUS_IE | STATUS_TE), STATUS_TE, "the timer runs");
	spin(10);
	check_equal(interrupts, 1, "the interrupt once the mask is open");
	check_equal(mask(0), STATUS_IE, "the handler has stopped the timer");
}

static void test_state(void)
{
	struct psw psw;
	check_equal(status(), 0, "supervisor mode, all closed");
	check_equal(real_address(0x100), 0x100, "base 0");
	save(&psw);
	check_equal(psw.status, 0, "the PSW's status");
	check_equal(psw.base, 0, "the PSW's base");
	check_equal(psw.bound, BOUND_ALL, "the PSW's bound");
}

int main(void)
{
	test_mask();
	test_state();
	return check_report();
}
