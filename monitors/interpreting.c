/* The interpreting monitor: no VM ever uses the real processor.  Equivalence and resource
 * control come by themselves, on any machine at all; efficiency is given up, which is why
 * Popek and Goldberg ask for it (1974, section 3).
 */

#include "monitors.h"

uint32_t vm_direct(struct vm *vm, const struct psw *psw)
{
	(void)vm, (void)psw;
	return 0;
}
