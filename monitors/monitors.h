/* Other monitors, to be judged beside the reference monitor and made of its parts:
 *
 *   interpreting.c   executes nothing directly: a complete software interpreter
 *   hybrid.c         Theorem 3: virtual supervisor mode is interpreted, virtual user
 *                    mode is executed directly
 *   stepping.c       looks at every instruction before it lets the real machine
 *                    execute it, a few at a time
 *   patching.c       puts instructions that trap in the place of those that should
 *
 * Each of these is one decision, vm_direct; what they share is
 *
 *   dispatcher.c     in the place of the reference monitor's: what has trapped, or may
 *                    not run directly, is interpreted, a slice at a time
 *   processor.c      a PG-32 processor in software: machine/execute.c, trap.c and
 *                    storage.c, the machine's own semantics, on a VM's state
 *   probe.c, probe.S the profile of the machine beneath, found out by trying
 *
 * and from monitor/ the allocator, the scheduler, boot and entry.  coupling.c stands by itself: the
 * reference monitor as it is, with a wire between its VMs.  docs/monitors.md says
 * what each of them is good for.
 */
#ifndef MONITORS_H
#define MONITORS_H

#include "machine/machine.h"
#include "monitor/monitor.h"

#define ALL UINT32_MAX

/* ---- interpreting.c, hybrid.c, stepping.c, patching.c ------------------- */

/* How many instructions the VM, with this virtual PSW, may execute directly before it is
 * looked at again.  0: the next one is to be interpreted, and then stands in the VM's
 * storage as the guest wrote it. */
uint32_t vm_direct(struct vm *vm, const struct psw *psw);

/* ---- processor.c -------------------------------------------------------- */

/* Interprets up to a slice of the VM's quantum, and at least as many instructions;
 * ends early when the VM has moved data, may run directly, waits or has ended. */
void processor_run(struct vm *vm, uint32_t least);

/* The trap, or those interrupts that are due, as the machine takes them. */
void processor_trap(struct vm *vm, enum cause cause, uint32_t tval);
void processor_interrupts(struct vm *vm);

/* ---- probe.c ------------------------------------------------------------ */

/* The profile of the machine that we run on. */
const struct profile *probed_profile(void);

/* True iff the word is a System instruction that does not always trap in user mode. */
bool escapes(uint32_t word);

/* ---- probe.S ------------------------------------------------------------ */

/* A world with interrupts on that does nothing but come back: what is pending on the
 * real machine gets its turn. */
extern const char window[];

/* Loads the PSW, with a0 as given; returns the cause of the trap that ends the world. */
enum cause probe_enter(const struct psw *psw, uint32_t a0);

#endif
