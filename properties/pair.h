/* A guest twice: on a bare machine, and in a virtual machine of the same size under
 * monitors.  The nested machine runs from one entry of the guest to the next, and the
 * bare one follows by what is seen from outside: the instructions of the guest that the
 * real machine completed itself, and the guest's traps.  Every property is judged by
 * watching such a pair; what a monitor's tables say is a hint at most, never believed.
 */
#ifndef DROSTE_PAIR_H
#define DROSTE_PAIR_H

#include "inspector/control.h"
#include "inspector/follow.h"
#include "properties/fault.h"

struct coverage;

/* Bytes in memory that somebody else keeps. */
struct bytes {
	const void *at;
	size_t n;
};

/* Bytes that grow. */
struct text {
	uint8_t *at;
	size_t n, room;
};

/* When a guest's input comes. */
enum input_when {
	INPUT_FIRST, /* all of it waits from reset, and then its lines have ended */
	INPUT_LATE,  /* piece by piece, each when the guest waits for input; then its lines end */
	INPUT_OPEN,  /* it waits from reset, and its lines do not end: there may be more */
};

enum { LATE_BYTES = 7, LATE_MOST = 16 }; /* of each line, at a time; how often */

/* What has come late. */
struct late {
	uint64_t steps[LATE_MOST]; /* the machine's, then */
	unsigned times;
	bool ended;
	uint64_t end;              /* steps */
};

/* What to run: a guest, and the monitors above it, the outermost first. */
struct pair_case {
	const struct vm_plan *guest;
	const struct vm_plan *beside;        /* other VMs of the innermost monitor, or NULL */
	unsigned besides;
	bool guest_last;                     /* they come first in the directory */
	const struct pack_monitor *monitors;
	unsigned depth;
	const struct profile *profile;       /* NULL: strict */
	struct bytes input[LINES_MOST];      /* on each of the guest's lines */
	enum input_when when;                /* when it comes */
	uint64_t input_every;                /* so many steps of the real machine, a byte comes for the VM beside; 0: none */
	uint64_t steps_most;                 /* of the real machine, after which nobody looks on; 0: none */
	unsigned slowness;                   /* how much longer the inner monitors take than directly; 0: no longer */
	uint32_t spare_storage;              /* of the real machine, besides what it needs; bytes */
	bool plain;                          /* run the monitors by the plain executor */
	bool no_bare;                        /* nothing is compared: no bare machine follows */
	unsigned pardons;                    /* differences after which the two are put in step again (equivalence.h) */
	uint64_t idle_most;                  /* work without progress of the guest that is waited for; 0: much */
	uint64_t *work;                      /* that may still be done, by this and other runs, which take it from here;
	                                        NULL: no bound */
	struct coverage *coverage;           /* that the guest adds to, or NULL */
};

/* What a guest's instructions came to, up to the last time in step. */
struct pair_counts {
	uint64_t instructions, system;     /* of the bare machine; System instructions among them */
	uint64_t timed;                    /* of these and of its traps, after which the guest's timer runs */
	uint64_t direct, direct_system;    /* that the real machine completed in the guest */
	uint64_t direct_traps;             /* that it took there; no interrupts: */
	uint64_t direct_interrupts;
	uint64_t traps[CAUSES];            /* of the bare machine */
	uint64_t exits[CAUSES];            /* of the guest, by the real machine's causes */
	uint64_t monitor_instructions;     /* of the real machine, outside the guest, since it was first entered */
	int64_t pardoned;                  /* innocuous ones that only one of the two executed, where they were put in step */
};

enum pair_stop {
	PAIR_ENTERED,   /* the guest has been entered, and the bare machine has followed */
	PAIR_ENDED,     /* the nested machine has ended */
	PAIR_UNDER_WAY, /* it is in the guest, which has executed a System instruction directly, or all the
	                   steps given have been taken; the bare machine has followed */
	PAIR_LIMIT,     /* it took all the steps given, and is elsewhere */
	PAIR_WAITS,     /* the nested machine waits for input, of which there will be no more */
	PAIR_BABBLE,    /* it wrote more than anybody can want */
};

/* A place in the code of the monitor of level 0. */
struct stray {
	bool is;
	uint32_t pc;
	bool trapped;        /* there, by a trap of its own: */
	enum cause cause;
	uint32_t tval;
	uint64_t steps;      /* of the real machine before that */
};

struct pair {
	const struct pair_case *c;
	struct machine *bare, *nested;
	struct levels_meter meter;    /* of nested */
	struct control control;       /* of nested */
	unsigned guest;               /* its index in meter.levels; 0: not seen yet */
	uint32_t sector, disk_sector; /* where its minidisk begins: on its host's disk, on the whole */
	unsigned first_line;
	struct late bare_late, late;
	unsigned was;                 /* the machine that ran before the last event */
	bool entered;                 /* the guest, by the last event */
	bool let;                     /* the real machine let it execute a System instruction, or take a trap */
	bool in_step;                 /* registers, pc and trap cells agreed when last entered */
	struct follower follow;       /* of bare */
	uint64_t boot_instructions;   /* of the real machine, before the guest was entered first */
	struct pair_counts counts;    /* up to now */
	struct pair_counts agreed;    /* when last in step */
	uint64_t entries, transfers;  /* of the guest; by devices of the nested machine */
	uint64_t indirect_at;         /* steps of the real machine at which an innocuous instruction was
	                                 first found not to have been executed directly */
	struct text bare_output[LINES_MOST], output[LINES_MOST];
	struct text said;             /* what the monitors wrote on lines of their own */
	struct stray stray;           /* the first trap in the code of level 0's monitor since the guest last ran */
	uint64_t trapped_at;          /* steps of nested, at its last trap */
	bool babbled;
	uint64_t spent;               /* work taken from the case's so far */
	struct boot_disk bare_disk, nested_disk;
	uint8_t *unpatched;           /* room for a copy of the guest's storage */
	struct vm_plan host;
};

/* Both machines, loaded.  Use it where it stands: the machines know its address, and
 * it knows the case's. */
bool pair_start(struct pair *p, const struct pair_case *c, struct refusal *why);
void pair_stop(struct pair *p);

/* What the nested machine has cost, in instructions: a trap, a transfer, and an entry of the guest, at which it is
 * compared, cost as much as many. */
uint64_t pair_work(const struct pair *p);

/* Whether the work that may be done is used up.  Then pair_advance does nothing more. */
bool pair_exhausted(const struct pair *p);

/* Runs on to the guest's next entry or an end.  steps bounds what the real machine
 * may do meanwhile. */
enum pair_stop pair_advance(struct pair *p, uint64_t steps);

/* Runs the bare machine alone for at most so many steps, and gives it late input. */
enum stop pair_run_bare(struct pair *p, uint64_t steps);

/* What waits on a line of the nested machine from reset; *ends: no more will come. */
struct bytes pair_waiting(const struct pair *p, unsigned line, bool *ends);

/* What comes for the VM beside (input_every), and where. */
#define PAIR_BYTE_BESIDE "!"
unsigned pair_line_beside(const struct pair *p);

/* The next piece of late input for a machine, its guest's lines from first on.  False if there
 * is none, nor will be. */
bool late_comes(struct late *late, const struct pair_case *c, struct machine *m, unsigned first);

/* What comes on a line of the guest the n-th time. */
struct bytes late_piece(const struct pair_case *c, unsigned line, unsigned n);

/* The guest has been entered, and the two are not the same: makes the bare machine what the virtual
 * one is, by its registers, storage and VM table, so that the rest of the run can be compared. */
void pair_put_in_step(struct pair *p);

/* Whether the bare machine came to its end by what was seen of the guest, or within a step of it. */
bool pair_end_was_seen(const struct pair *p);

/* The guest's entry in its host's VM table, as of the last pair_advance, and as it is with
 * what the real machine knows better (levels_find); and what that table really says. */
const struct vm_entry *pair_table(const struct pair *p);
const struct vm_entry *pair_told(const struct pair *p);

/* Where the guest's storage begins on the nested machine. */
const uint8_t *pair_storage(const struct pair *p);

/* The same, with those patches undone that its host owns up to (isa.h, struct patch_list):
 * what the guest is meant to have there. */
const uint8_t *pair_storage_unpatched(const struct pair *p);

#endif
