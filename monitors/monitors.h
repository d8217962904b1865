/* Other monitors, to be judged beside the reference monitor and made of its parts:
 *
 *   interpreting.c   executes nothing directly: a complete software interpreter
 *   hybrid.c         Theorem 3: virtual supervisor mode is interpreted, virtual user
 *                    mode is executed directly
 *
 * Each of these is one decision, vm_runs_directly; what they share is
 *
 *   dispatcher.c     in the place of the reference monitor's: whoever may not run
 *                    directly is interpreted, a slice at a time
 *   processor.c      a PG-32 processor in software: machine/execute.c, trap.c and
 *                    storage.c, the machine's own semantics, on a VM's state
 *
 * and from monitor/ the allocator, the scheduler, boot and entry.
 */
#ifndef MONITORS_H
#define MONITORS_H

#include "machine/machine.h"
#include "monitor/monitor.h"

/* ---- interpreting.c, hybrid.c ------------------------------------------- */

/* May a VM with this virtual PSW use the real processor? */
bool vm_runs_directly(const struct psw *psw);

/* ---- processor.c -------------------------------------------------------- */

/* Interprets up to a slice of the VM's quantum; ends early when the VM has moved
 * data, may run directly, waits or has ended. */
void processor_run(struct vm *vm);

/* The trap, or those interrupts that are due, as the machine takes them. */
void processor_trap(struct vm *vm, enum cause cause, uint32_t tval);
void processor_interrupts(struct vm *vm);

/* ---- window.S ----------------------------------------------------------- */

/* A world with interrupts on that does nothing but come back: what is pending on the
 * real machine gets its turn. */
extern const char window[];

#endif
