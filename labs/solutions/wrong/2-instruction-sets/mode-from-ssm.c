/* wrong: tell.c
 * score: 70.00
 * message: bare on x86 and under a monitor on x86 it does the same
 * SSM shows masks only; M is not among them.
 */
static bool is_virtual(void)
{
	return (ssm(0) & STATUS_M) != 0;
}
