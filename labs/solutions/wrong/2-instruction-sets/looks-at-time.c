/* wrong: tell.c
 * score: 70.00
 * message: bare on x86 and under a monitor on x86 it does the same
 * It expects that a virtual machine is slower; its clock is exact.
 */
static bool is_virtual(void)
{
	uint64_t before = stck();
	for (volatile int i = 0; i < 1000; i++)
		rdst();
	return stck() - before > 100000;
}
