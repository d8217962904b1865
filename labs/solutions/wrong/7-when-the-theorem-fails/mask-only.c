/* wrong: paravirtual.c
 * score: 65.00
 * message: Ask for nothing that you know already
 *
 * The mask is kept, and the PSW is still asked for.
 */
static void save(struct psw *psw) { __asm__ volatile("spsw 0(%0)" : : "r"(psw) : "memory"); }
