/* The reference monitor, in the parts of Popek and Goldberg (1974, section 3):
 *
 *   entry.S        one trip: registers saved, the dispatcher called, a world resumed
 *   dispatcher.c   D: who owns this trap: emulate, reflect or schedule
 *   interpreter.c  v_i: one interpreter routine for each privileged instruction
 *   allocator.c    A: storage, minidisks, console lines: R composed, I/O translated
 *   scheduler.c    A for time: who runs next, for how long, and how it all ends
 *   boot.c         the directory read, the VMs made
 *
 * It runs in supervisor mode with base 0, interrupts off and the timer stopped;
 * its VMs run in user mode under an R inside their regions, with interrupts on and
 * the timer running.  Nothing here knows an absolute address, the depth, or the
 * time of day, so it is itself a guest as good as any.
 */
#ifndef MONITOR_H
#define MONITOR_H

#include <stdbool.h>

#include "machine/isa/isa.h"

/* A VM is its entry in the VM table and nothing more. */
#define vm vm_entry

/* What E[0 ..] holds of the machine beneath, and the cells of our own that
 * entry.S reaches from x0. */
struct trap_cells {
	struct psw old;
	uint32_t cause, tval, reserved;
	struct psw new;
	uint32_t magic, sectors, directory;
	uint32_t saved_x31;
	uint32_t *registers;   /* x0 ... x31 of the world that runs */
	struct psw resume;     /* the PSW that ends every trip */
};

#define CELL_SAVED_X31 0x40
#define CELL_REGISTERS 0x44
#define CELL_RESUME    0x48

_Static_assert(offsetof(struct trap_cells, saved_x31) == CELL_SAVED_X31, "entry.S");
_Static_assert(offsetof(struct trap_cells, registers) == CELL_REGISTERS, "entry.S");
_Static_assert(offsetof(struct trap_cells, resume) == CELL_RESUME, "entry.S");

extern struct trap_cells cells; /* at real address 0, by monitor.ld */
extern struct anchor anchor;

/* The monitor's own state. */
struct monitor {
	struct vm *running;               /* NULL: idle */
	uint32_t quantum;                 /* what is left of the running VM's, in instructions */
	uint32_t armed;                   /* real console lines armed for VMs, a bit each */
	struct vm *last;                  /* the last that came to an end */
	struct vm vms[DIRECTORY_ENTRIES]; /* the VM table that the anchor names */
};

extern struct monitor monitor;

/* ---- a VM's time -------------------------------------------------------- */

static inline uint32_t less(uint32_t a, uint32_t n) { return n < a ? a - n : 0; }

/* The VM has completed n instructions: its clock and its timer count them, and so
 * does its quantum, whether they were executed directly or emulated. */
static inline void vm_completed(struct vm *vm, uint32_t n)
{
	if (n == 0)
		return;
	vm->clock[0] += n;
	vm->clock[1] += vm->clock[0] < n;
	vm->trapped = 0;
	monitor.quantum = less(monitor.quantum, n);
	if (vm->psw.status & STATUS_TE)
		vm->psw.timer = less(vm->psw.timer, n);
}

static inline bool vm_timer_due(const struct vm *vm)
{
	return vm->psw.status & STATUS_TE && vm->psw.timer == 0;
}

/* ---- dispatcher.c ------------------------------------------------------- */

/* Every trap comes here, with the registers of the world that ran saved; on
 * return entry.S resumes the world that cells.registers and cells.resume name. */
void dispatcher(void);

/* The trap is the VM's own: E'[0] <- old PSW, PSW <- E'[1], in its storage. */
void vm_reflect(struct vm *vm, enum cause cause, uint32_t tval);

/* Reflects the interrupts that the VM has due and lets in. */
void vm_reflect_interrupts(struct vm *vm);

/* ---- interpreter.c ------------------------------------------------------ */

/* Does to the VM what a bare machine in supervisor mode does on this word. */
void interpret(struct vm *vm, uint32_t word);

/* ---- allocator.c -------------------------------------------------------- */

/* Where n bytes at a VM's virtual address stand in our storage, or NULL if the
 * bare machine would take a memory trap. */
void *vm_operand(const struct vm *vm, uint32_t a, uint32_t n);

/* n bytes at a VM's real address, known to be inside. */
void *vm_storage(const struct vm *vm, uint32_t real);

/* The real R under which the VM runs as if under its virtual one. */
void vm_compose_r(const struct vm *vm, struct psw *real);

/* Carries out a VM's command block on what it has been given. */
enum condition vm_sio(struct vm *vm, struct command_block *block);

/* True iff an attention may yet come from one of the VM's lines. */
bool vm_may_wake(const struct vm *vm);

/* Attention came from a real line: it is pending for the VM that has it. */
void attention(uint32_t line);

/* Disarms those of the VM's lines that are armed. */
void vm_disarm(struct vm *vm);

/* Initial program load of a VM whose entry says what it has been given. */
void vm_ipl(struct vm *vm);

/* ---- scheduler.c -------------------------------------------------------- */

/* Chooses who runs, and prepares cells for it. */
void schedule(void);

/* The VM is in WAIT for an attention, or now has it. */
void vm_wait(struct vm *vm);
void vm_wake(struct vm *vm);

/* The VM has come to an end and gives back its lines. */
void vm_end(struct vm *vm, enum vm_state end);

/* ---- boot.c ------------------------------------------------------------- */

/* From start in entry.S: makes the VMs and schedules the first. */
void boot(void);

/* One line of our own, on console line 0; name may be NULL. */
void say(const char *what, const char *name);

/* ---- entry.S ------------------------------------------------------------ */

extern const char trap_entry[], idle[];
void halt_machine(uint32_t code) __attribute__((noreturn));
void check_stop_machine(void) __attribute__((noreturn));
enum condition sio(struct command_block *block);

#endif
