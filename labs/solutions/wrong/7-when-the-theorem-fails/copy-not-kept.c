/* wrong: paravirtual.c
 * score: 65.00
 * message: it is to end with code 0, but bare on x86 it says "failed: the handler has stopped
 *
 * The trap handler changes the mask, and the guest's own copy does not follow: wrong everywhere alike.
 */
static void timer_stopped(void) {}
