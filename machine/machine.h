/* Inside a machine: its state, and what the files of machine/ ask of each
 * other.  The public door is window.h.
 */
#ifndef DROSTE_MACHINE_H
#define DROSTE_MACHINE_H

#include <stdatomic.h>

#include "window.h"

#define MUST_CHECK __attribute__((warn_unused_result))

/* Why an instruction does not complete: a cause and its tval, or one of the
 * two below.  A fault is a value; whoever gets one passes it up to step. */
struct fault {
	int cause; /* enum cause, or FAULT_* */
	uint32_t tval;
};

enum {
	FAULT_NONE = -1, /* it does complete */
	FAULT_STOP = -2, /* it neither completes nor traps: WAIT stops the machine */
};

static inline struct fault fault(int cause, uint32_t tval)
{
	return (struct fault){ cause, tval };
}

#define NO_FAULT fault(FAULT_NONE, 0)

static inline bool faulted(struct fault f) { return f.cause != FAULT_NONE; }

struct line {
	uint8_t *input;        /* bytes head to tail wait to be read */
	size_t head, tail, room;
	bool armed, pending;
	bool ended;            /* no more input will arrive */
};

struct disk {
	uint8_t *image;
	uint32_t sectors;
};

/* What granule_flags says of WATCH_GRANULE bytes of storage.  The engine looks
 * only at the granule in which a store begins. */
enum {
	GRANULE_CODE = 1,    /* a store that begins here may change decoded code */
	GRANULE_WATCHED = 2,
	GRANULE_EDGE = 4,    /* the next granule is watched */
};

/* The host of a guest in interpretive execution: what the machine goes on with when that
 * ends. */
struct host {
	struct psw psw;         /* as the SIE left it */
	uint64_t clock;
	uint32_t pending_lines;
	uint32_t description;   /* real address of the guest's state description */
	uint64_t since, user_since; /* counts.instructions at the SIE, itself counted in; and .user_instructions */
};

struct machine {
	/* S = <E, M, P, R>, registers, timer, clock: the architecture.
	 * Changed by the executors, by trap_take and through the window. */
	uint8_t *storage;         /* E */
	uint32_t size;            /* q */
	uint32_t x[33];           /* x[0] is 0; x[32] takes the engine's writes to x0 */
	struct psw psw;
	uint64_t clock;
	bool trapped;             /* a trap was taken, nothing completed since */
	enum machine_end end;
	uint8_t exit_code;

	/* What of storage the program that runs has: all of it; in interpretive execution,
	 * its guest's part.  psw, clock, trapped and pending_lines are then the guest's.
	 * sie.c only. */
	uint32_t origin, extent;
	bool interpretive;
	struct host host;

	/* Devices: devices.c only. */
	unsigned lines;
	struct line line[LINES_MOST];
	uint32_t pending_lines;   /* one bit for each line[].pending; in interpretive
	                           * execution the host's have these bits */
	struct disk disk;
	struct console_host console;

	/* Fixed when the machine is made. */
	const struct profile *profile;
	struct engine *engine;    /* NULL: plain only */

	/* Observers.  granule_flags has a byte for each WATCH_GRANULE bytes of
	 * storage; stores to a granule whose byte is 0 concern nobody. */
	uint8_t *granule_flags;
	struct observer observer;
	struct machine_counts counts;
	atomic_bool asked_to_stop;
	uint32_t *breaks;         /* marked real addresses */
	unsigned breaks_n;
};

static inline bool machine_marked(const struct machine *m, uint32_t real)
{
	for (unsigned i = 0; i < m->breaks_n; i++)
		if (m->breaks[i] == real)
			return true;
	return false;
}

static inline uint64_t machine_total_steps(const struct machine *m)
{
	uint64_t steps = m->counts.instructions;
	for (int cause = 0; cause < CAUSES; cause++)
		steps += m->counts.traps[cause];
	for (int code = 0; code < INTERCEPTIONS; code++)
		steps += m->counts.interceptions[code];
	return steps;
}

/* ---- storage.c ---------------------------------------------------------- */

/* n bytes (1, 2 or 4; or words of any number) at virtual address a, relocated by
 * R.  A memory fault leaves everything as it was. */
MUST_CHECK struct fault storage_load(const struct machine *m, uint32_t a, unsigned n, uint32_t *value);
MUST_CHECK struct fault storage_store(struct machine *m, uint32_t a, unsigned n, uint32_t value);
MUST_CHECK struct fault storage_load_words(const struct machine *m, uint32_t a, unsigned words, uint32_t *to);
MUST_CHECK struct fault storage_store_words(struct machine *m, uint32_t a, unsigned words, const uint32_t *from);

/* A PSW there; loading one leaves it as whatever loads a PSW does. */
MUST_CHECK struct fault storage_load_psw(const struct machine *m, uint32_t a, struct psw *psw);
MUST_CHECK struct fault storage_store_psw(struct machine *m, uint32_t a, const struct psw *psw);

/* Where such words stand in real storage. */
MUST_CHECK struct fault storage_locate_words(const struct machine *m, uint32_t a, unsigned words, uint32_t *real);

/* At a real address known to be inside storage. */
void storage_read_psw(const struct machine *m, uint32_t real, struct psw *psw);
void storage_read_real(const struct machine *m, uint32_t real, unsigned words, uint32_t *to);
void storage_write_real(struct machine *m, uint32_t real, unsigned words, const uint32_t *from);

/* The trap cells of the program that runs. */
void storage_write_trap(struct machine *m, enum cause cause, uint32_t tval);

/* ---- execute.c ---------------------------------------------------------- */

/* Carries out one instruction word.  On entry psw.pc is the next instruction's
 * and timer and clock have counted this one; if it faults, the caller puts them
 * back, and nothing else has changed. */
typedef struct fault execute_function(struct machine *m, uint32_t word);

extern execute_function *const execute_functions[INSNS];

/* ---- trap.c ------------------------------------------------------------- */

/* One step of the plain executor: an interrupt, or an instruction, or the trap
 * that it comes to.  Does nothing once the machine has ended.  Returns false if
 * no step was taken, for want of input. */
bool step(struct machine *m);

/* The same, where that step is known to be the instruction word at pc, a row of
 * the table or INSN_NONE. */
bool step_found(struct machine *m, enum insn insn, uint32_t word);

/* E[0] <- old PSW, cause and tval stored; PSW <- E[1]. */
void trap_take(struct machine *m, enum cause cause, uint32_t tval);

static inline bool trap_timer_due(const struct machine *m)
{
	return m->psw.status & STATUS_TE && m->psw.timer == 0;
}

/* True iff the program that runs has an interrupt due, and lets it in. */
static inline bool trap_interrupt_due(const struct machine *m)
{
	return m->psw.status & STATUS_IE && (trap_timer_due(m) || m->pending_lines);
}

/* ---- sie.c: interpretive execution -------------------------------------- */

/* Begins it, after an SIE whose operand is at host.description has completed; or says in
 * the operand that it is not valid. */
void sie_enter(struct machine *m);

/* True iff the guest may not go on, since an interrupt of its host is pending; then the next
 * step is sie_interrupt. */
bool sie_interrupted(const struct machine *m);
void sie_interrupt(struct machine *m);

/* True iff the guest's host must do the instruction.  sie_intercept then ends it; or the
 * operand is not legal, and that is the guest's own trap. */
bool sie_intercepts(const struct machine *m, enum insn insn);
MUST_CHECK struct fault sie_intercept(struct machine *m, enum insn insn, uint32_t word);

/* Ends it. */
void sie_end(struct machine *m, enum interception code, uint32_t parameter);

/* Instructions that the guest has completed; all of these count as the real machine's in user mode. */
static inline uint64_t sie_completed(const struct machine *m) { return m->counts.instructions - m->host.since; }
static inline uint64_t sie_user_instructions(const struct machine *m) { return m->host.user_since + sie_completed(m); }

/* The host's clock and timer as they are now. */
uint64_t sie_clock(const struct machine *m);
uint32_t sie_timer(const struct machine *m);

/* The PSW under which the program that runs acts on real storage: see machine_psw. */
struct psw sie_psw(const struct machine *m);

/* True iff the next step is an interrupt, or ends interpretive execution for one. */
static inline bool step_interrupts(const struct machine *m)
{
	return trap_interrupt_due(m) || (m->interpretive && sie_interrupted(m));
}

/* ---- devices.c ---------------------------------------------------------- */

/* Carries out block (its result is filled in) and returns the condition code. */
enum condition device_sio(struct machine *m, struct command_block *block);

/* True iff input may yet arrive on some armed line. */
bool device_may_wake(struct machine *m);

/* The lowest pending line, no longer pending. */
unsigned device_take_attention(struct machine *m);

void device_reset(struct machine *m);

/* ---- machine.c ---------------------------------------------------------- */

/* The state after power-on; the disk and the input that waits stay. */
void machine_clear(struct machine *m);

/* n bytes from real have been changed: the engine forgets what it decoded
 * there, and an observer is told if they are watched. */
void storage_changed(struct machine *m, uint32_t real, uint32_t n);

/* What of storage the program that runs has: the engine looks anew where it may go. */
void storage_confine(struct machine *m, uint32_t origin, uint32_t extent);

/* ---- engine/engine.c: the fast executor --------------------------------- */

/* NULL if it cannot be had: the machine then runs plainly. */
struct engine *engine_new(struct machine *m);
void engine_free(struct engine *engine);

/* How far the engine came, and what it found there: the instruction word at
 * psw.pc, if insn is not NOT_FOUND. */
struct stretch {
	uint64_t completed; /* instructions */
	uint32_t word;
	int insn; /* enum insn, or NOT_FOUND */
};

#define NOT_FOUND (-1)

/* Completes up to budget instructions from psw.pc.  Stops
 * before any instruction that traps, is of the System ISA, stores into decoded
 * or watched storage, or that it would rather leave to the plain executor; it
 * may stop earlier.  Changes storage, x and psw.pc; the caller accounts for
 * timer, clock and counts.  No interrupt is due, and none becomes due in fewer
 * than budget instructions; so none is due before what it found. */
struct stretch engine_run(struct machine *m, uint64_t budget);

/* The storage that the program has is now another. */
void engine_confine(struct machine *m);

/* Storage from real, n bytes, has changed. */
void engine_forget(struct machine *m, uint32_t real, uint32_t n);

#endif
