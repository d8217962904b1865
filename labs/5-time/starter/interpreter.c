/* The interpreter routines, v_i: one for each privileged instruction, by the table.  Each
 * does to the VM's virtual state what the bare machine does to its own; what it needs of
 * resources it asks of the allocator.  Called by the dispatcher when a VM's supervisor has
 * trapped on such a word.  Step 2 of the handout of lab 5 adds WAIT.
 */

#include "lab.h"

/* Lab 5, step 2.  It ends at once if a line is pending; else time jumps to the timer's expiry.  Of
 * this VM only.  A WAIT that nothing can end yet never comes here: see must_wait. */
ROUTINE(wait, 0) { missing("WAIT: interpreter.c, step 2 of lab 5"); }

/* Lab 5, step 2: WAIT neither completes nor traps when nothing can end it yet; then vm_wait(vm), and
 * nothing else.  When is that? */
static bool must_wait(const struct vm *vm)
{
	(void)vm;
	return false;
}
