/* The hybrid monitor of Theorem 3 (Popek and Goldberg 1974, section 6): all of a VM's
 * virtual supervisor mode is interpreted, its virtual user mode is executed directly.
 * So a machine will do on which an instruction is sensitive in supervisor mode only
 * and yet does not trap in user mode, like JRST 1 of the PDP-10.
 */

#include "monitors.h"

uint32_t vm_direct(struct vm *vm, const struct psw *psw)
{
	(void)vm;
	return psw->status & STATUS_M ? ALL : 0;
}
