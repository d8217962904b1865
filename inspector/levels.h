/* Nested machines, found from outside by following anchors (isa/isa.h) from the
 * real machine inward, and a meter of what each of them executes.  An anchor and a
 * VM table are data from an untrusted program: every word is checked before
 * it is used, and what does not hold is not followed.
 */
#ifndef DROSTE_LEVELS_H
#define DROSTE_LEVELS_H

#include "machine/window.h"

#define LEVELS_MOST 64

extern const char *const vm_state_names[VM_STATES];

/* One machine of the tree: the real one, or a VM. */
struct level {
	int parent;             /* index of the machine that hosts it; -1: the real one */
	unsigned depth;         /* 0: the real machine */
	unsigned vm;            /* its index in the parent's VM table */
	uint32_t real, size;    /* its storage, in real storage of the real machine, bytes */
	struct vm_entry entry;  /* what the parent's table says of it; zeros for the real one */
	struct vm_entry told;   /* the same, where the real machine knows better (see levels_find) */
	bool hosts;             /* it has an anchor that holds: it runs a monitor */
	struct anchor anchor;   /* if it hosts */
	const char *lie;        /* it has an anchor that does not hold, and why; or NULL */
};

/* Finds up to most machines, each after its parent and the real one first.  Of a guest in
 * interpretive execution the real machine knows more than its host's table: its entry has the
 * PSW, clock, trapped bit and pending lines as they are now.  Returns how many. */
unsigned levels_find(const struct machine *m, struct level *found, unsigned most);

/* The same, again: machines known before keep their place in known, new ones are put after
 * them.  Returns how many are known now. */
unsigned levels_find_again(const struct machine *m, struct level *known, unsigned n);

/* The VM that a machine of found last ran or, if its table names none, its first;
 * -1 if it hosts none. */
int levels_inner(const struct level *found, unsigned n, unsigned machine);

/* The innermost machine of found whose storage holds the real address. */
unsigned levels_at(const struct level *found, unsigned n, uint32_t real);

/* True iff machine is host, or in it at any depth. */
bool levels_within(const struct level *found, unsigned machine, unsigned host);

/* What a machine did. */
struct level_counts {
	uint64_t direct;        /* instructions of its own that the real machine completed */
	uint64_t privileged;    /* its System instructions: trapped, or completed directly */
	uint64_t traps[CAUSES]; /* that it took */
	uint64_t interceptions[INTERCEPTIONS]; /* ends of interpretive execution: the real machine's only */
};

/* What the privileged instructions of innermost VMs cost: how often one of a kind
 * trapped, or was intercepted, and its VM ran on, and the exits (traps and interceptions) of
 * the real machine until then, its own among them.  One that the real machine completes in
 * interpretive execution costs none. */
struct level_trips {
	uint64_t instructions, exits;
};

/* An observer that tells which machine executes what, by real R: a machine runs
 * while the real base is in its storage, and in none of its VMs'; in interpretive execution,
 * too, but that a guest's supervisor is always that guest itself. */
struct levels_meter {
	struct machine *m;
	struct level levels[LEVELS_MOST];
	struct level_counts counts[LEVELS_MOST];
	unsigned n;
	unsigned running;      /* index of the machine that executes now */
	unsigned takes;        /* the machine that takes its traps: the real one, or a guest */
	unsigned took;         /* the one that took the last trap */
	uint64_t have_run;     /* machines that have executed something, a bit each */
	uint64_t counted;      /* instructions attributed so far */
	struct levels_guest {  /* in interpretive execution, or is false */
		bool is;
		struct machine_guest then; /* as of the last event */
	} guest, was;          /* after the last event; and just before it */
	uint32_t known_bases[64];
	uint64_t reflecting;   /* bit i: machine i has been given a cause since somebody cleared the bit */
	struct level_trips trips[SYSTEM_ROWS]; /* by insn - INSN_SYSTEM */
	struct {
		int machine;   /* that trapped last, of those that host none; -1: it runs again */
		enum insn insn;
		uint64_t exits;
	} trip;
	void (*on_entry)(void *self, struct machine *m, unsigned machine);
	void *on_entry_self;
	struct observer next;
};

/* Starts before the machine is loaded; takes the place of its observer. */
void levels_meter_start(struct levels_meter *meter, struct machine *m);

/* From now on tells which VM, an index in levels, the real machine has turned to. */
void levels_meter_on_entry(struct levels_meter *meter, void (*on_entry)(void *self, struct machine *m, unsigned machine),
                           void *self);

/* From now on tells next of everything, too, each time after the meter has taken it in. */
void levels_meter_also(struct levels_meter *meter, const struct observer *next);

/* Watches again what it has to, after somebody has changed what the machine watches. */
void levels_meter_watch(const struct levels_meter *meter);

/* Brings counts up to now. */
void levels_meter_settle(struct levels_meter *meter);

/* Brings levels and counts up to now. */
void levels_meter_read(struct levels_meter *meter);

/* The cause by which a guest would have trapped to its host, had that not had SIE. */
enum cause levels_cause(enum interception code, uint32_t parameter);

/* Traps that the real machine took, and ends of interpretive execution. */
uint64_t levels_exits(const struct levels_meter *meter);

/* Instructions that a machine completed, its VMs' and the emulated ones among
 * them. */
uint64_t levels_instructions(const struct levels_meter *meter, unsigned machine);

#endif
