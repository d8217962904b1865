/* wrong: interpreter.c
 * score: 87.44
 * message: the clock advances by what is left of the timer
 *
 * WAIT sets the timer to 0, and the clock stands.
 */
ROUTINE(wait, 0)
{
	if (!vm->pending)
		vm->psw.timer = 0;
}
