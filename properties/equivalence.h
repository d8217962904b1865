/* Equivalence (Popek and Goldberg 1974, section 3): a program under a monitor does
 * what it does on the bare machine.  Here, at every entry of the guest, the virtual
 * machine is compared with a bare machine of the same size that has come as far:
 * registers, pc, storage, output; at the end also how both ended, and the disk.  The
 * rest of the PSW and the clock are compared where they can be seen: where the guest
 * stores them, and in what they do.  PG-32 is exact, so the paper's exceptions for
 * timing and resources are not used.
 */
#ifndef DROSTE_EQUIVALENCE_H
#define DROSTE_EQUIVALENCE_H

#include "properties/pair.h"

enum equivalence_verdict {
	EQUIVALENCE_SAME,       /* so far */
	EQUIVALENCE_ENDED,      /* both have ended, the same */
	EQUIVALENCE_DIFFERS,    /* what says in what */
	EQUIVALENCE_UNDECIDED,  /* the guest was not entered again within the steps given */
};

struct equivalence {
	struct pair pair;
	enum fault fault;    /* its class, as far as what differs tells */
	char what[96];       /* the first difference */
	uint64_t whole;      /* entries up to which everything was compared and the same */
	uint64_t compared;   /* the bare machine's instructions then */
	bool thorough;       /* compare all of storage at every entry */
	bool heed;           /* compare what the VM table says of the PSW and the clock, too */
	uint64_t told;       /* entries up to which that was so */
	bool told_wrong;     /* at the next it was not */
	unsigned pardons;    /* differences after which the two may be put in step again */
	unsigned pardoned;   /* so many were */
};

/* Use it where it stands: the machines know its address. */
bool equivalence_start(struct equivalence *e, const struct pair_case *c, struct refusal *why);

/* Runs on to the guest's next entry, or its end, or as many steps of the real machine,
 * and compares; all of storage only as often as the run pays for it, unless thorough. */
enum equivalence_verdict equivalence_advance(struct equivalence *e, uint64_t steps);

/* True, and one more pardon, iff the guest has come to its end as on the bare machine, and its monitor goes on. */
bool equivalence_pardon_end(struct equivalence *e);

void equivalence_stop(struct equivalence *e);

/* ---- where it diverges -------------------------------------------------- */

/* A machine at one moment. */
struct moment {
	struct psw psw;
	uint32_t x[32];
	uint64_t clock;
	bool trapped;
	uint32_t old_pc, cause, tval; /* as its trap cells have them */
	enum machine_end end;
	unsigned exit_code;
};

/* The first step of the guest after which the two are no longer the same. */
struct divergence {
	bool found;
	bool at_start;               /* already when the guest was entered first */
	char what[96];
	uint64_t steps;              /* that the guest had taken: instructions and traps */
	struct moment before;        /* both machines' */
	struct moment bare, virtual; /* after; the virtual PSW but for pc, and the clock, by the VM table */
	bool has_word, interrupt;    /* interrupt: the bare machine's step was one */
	uint32_t word;               /* the instruction at before.psw.pc */
	bool direct;                 /* the real machine executed it; else the guest trapped: */
	enum cause cause;            /* the real machine's cause */
	uint32_t tval;
	bool came_back;              /* the guest was entered again */
	bool stale;                  /* not where its VM table's PSW is, or though it has come to an end: no new PSW was prepared */
	uint64_t different;          /* bytes of storage */
	uint32_t address;            /* the first of them */
	uint8_t bare_bytes[16], virtual_bytes[16]; /* from there on */
	uint64_t real_steps;         /* of the real machine, to the exit: for --limit */
};

/* Runs c again, thoroughly after the first good entries, and finds the divergence.  That
 * there is one is known; so where the VM table was right for told entries (more than 0) and
 * then no longer, that is taken for the place, if it comes before.  steps: of the nested machine,
 * by which it has shown. */
void equivalence_locate(struct divergence *d, const struct pair_case *c, uint64_t good, uint64_t told, uint64_t steps);

#endif
