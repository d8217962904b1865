/* The hybrid monitor of Theorem 3 (Popek and Goldberg 1974, section 6): all of a VM's
 * virtual supervisor mode is interpreted, its virtual user mode is executed directly.
 * So a machine will do on which an instruction is sensitive in supervisor mode only
 * and yet does not trap in user mode, like JRST 1 of the PDP-10.
 */

#include "monitors.h"

bool vm_runs_directly(const struct psw *psw) { return psw->status & STATUS_M; }
