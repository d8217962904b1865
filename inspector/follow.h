/* A bare machine that follows a guest of a nested one, by what is seen from outside: the
 * instructions of the guest that the real machine completed itself, and the guest's traps.
 * What the guest's host says in its tables is a hint at most.  Called by whoever keeps such
 * a pair: a session (inspector/twin.c), and the judges of properties/.
 */
#ifndef DROSTE_FOLLOW_H
#define DROSTE_FOLLOW_H

#include "inspector/levels.h"

/* How the guest was left last. */
struct guest_exit {
	bool is;            /* false: it has not run since it was entered last, or not at all */
	struct psw real;
	enum cause cause;
	uint32_t tval;
	uint32_t x[32];
};

/* What the two have done when last in step. */
struct pace {
	uint64_t events;    /* of the bare machine: instructions, and traps but interrupts */
	uint64_t direct;    /* instructions of the guest that the real machine completed */
	uint64_t direct_traps; /* that it took in the guest, interrupts left out */
	uint64_t reflected; /* as the VM table says */
	uint64_t clock;
};

struct follower {
	const struct levels_meter *meter;        /* of the nested machine */
	unsigned guest;                          /* its index there; what it hosts is part of it */
	const struct machine *bare;
	bool (*run)(void *self, uint64_t steps); /* the bare machine; false: not all of them */
	void *self;
	bool no_hint;                            /* follow by what is seen only */
	struct guest_exit exit;
	struct pace pace;
};

/* The guest has trapped, and the real machine's registers are still its own. */
void follow_note_exit(struct follower *f, const struct psw *real, enum cause cause, uint32_t tval);

/* Instructions of the guest that the real machine has completed itself, as the meter has counted. */
uint64_t follow_direct(const struct follower *f);

/* The bare machine catches up with the guest that has been entered, or is under way, and has completed
 * direct instructions itself and taken direct_traps.  True iff they agree, which keeps the pace. */
bool follow_catch_up(struct follower *f, uint64_t direct, uint64_t direct_traps);

/* The two have been made the same: what has been seen until now is done with. */
void follow_keep_pace(struct follower *f, uint64_t direct, uint64_t direct_traps);

/* How many instructions and traps the bare machine is ahead of what has been seen of the guest. */
int64_t follow_ahead(const struct follower *f, uint64_t direct, uint64_t direct_traps);

/* It goes on to where the guest has been left.  True iff pc and registers are the guest's, else *what
 * says which are not. */
bool follow_to_exit(struct follower *f, uint64_t direct, uint64_t direct_traps, const char **what);

/* Timer and I/O. */
bool follow_interrupted(enum cause cause);

/* True iff registers, pc and trap cells of guest and bare machine agree; else *what says what
 * does not. */
bool follow_agrees(const struct follower *f, const char **what);

/* True iff an interrupt is a machine's next step. */
bool follow_interrupt_due(const struct machine *m);

/* A machine's own PSW: while it runs a guest in interpretive execution, that of its host. */
struct psw follow_psw(const struct machine *m);

#endif
