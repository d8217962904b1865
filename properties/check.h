/* Judging a monitor: one function for each property, from a case to a finding.  A check
 * looks on from outside: it reads the machine, never what a guest or a monitor says of
 * itself.  Testing shows faults, not their absence: 'holds' means for the guests run.
 * Called by `droste check`, by the tests of monitors right and wrong, and by grading.
 */
#ifndef DROSTE_CHECK_H
#define DROSTE_CHECK_H

#include "properties/guest_set.h"
#include "properties/scene.h"
#include "properties/trial.h"

enum property {
	PROPERTY_EQUIVALENCE,
	PROPERTY_CONTROL,
	PROPERTY_EFFICIENCY,
	PROPERTY_ISOLATION,
	PROPERTY_RECURSION,
	PROPERTY_INSPECTION,
	PROPERTIES
};

extern const char *const property_names[PROPERTIES];

/* What to judge, and by what. */
struct check_case {
	struct pack_monitor monitor;   /* the judged */
	struct pack_monitor reference; /* one known to be good, for recursion; elf NULL: none */
	struct guest_set guests;       /* the caller's */
	struct guest_set beside;       /* more neighbours, which are not judged themselves */
	uint64_t seed, randoms;        /* random guests: the first one's seed, and how many */
	unsigned depth;                /* how deep recursion goes; others look at depth 1 */
	const struct profile *profile; /* NULL: strict */
	struct coverage *coverage;     /* or NULL */
	bool shrink;                   /* look for small counterexamples, too */
	bool scenes;                   /* take the scene of what fails */
	bool thorough;                 /* isolation: more neighbours, and input that comes late for each */
	bool alone;                    /* watch control in guests alone only, not beside each other */
	uint64_t steps_most;           /* of the real machine, for a guest alone; 0: no bound but trial.h's */
	uint64_t idle_most;            /* work in which a guest must go on; 0: trial.h's */
	uint64_t *work;                /* that may still be done (pair.h); NULL: no bound */
};

enum verdict { HOLDS, FAILS, UNDECIDED };

extern const char *const verdict_names[];

struct finding {
	enum property property;
	enum verdict verdict;
	enum fault fault;             /* if it fails: of which class it is */
	char what[256];               /* why it fails, or is not decided */
	char stack[64];               /* the monitors, from the outermost; empty: the judged alone */
	const struct guest *guest;    /* of the case, or made by it: which shows it; NULL: no one */
	struct guest *made;           /* guest, if the finding must free it */
	struct guest *small;          /* the smallest guest found that shows it, or NULL; freed with the finding */
	struct divergence small_where;
	struct scene scene, small_scene; /* if asked for; freed with the finding */
	char beside[64];              /* the VM beside it */
	const char *beside_path[3];   /* the case's guests among them; NULL: no more */
	bool late;                    /* the guest's input came late */
	unsigned depth;
	uint64_t clock;               /* the guest's, when last in step */
	struct divergence where;
	struct violation violation;
	struct efficiency efficiency; /* of the guest that shows it; or, if it holds, of all */
	struct level_trips trips;     /* at depth */
	char said[160];
	struct stray stray;           /* where the monitor itself came to, if that is why the guest does not go on */
	/* what it took */
	unsigned guests, same;        /* same: that ran to their end, or as far as anybody looks on */
	uint64_t randoms, entries, instructions, real_steps;
};

/* Judges the properties asked for, a bit each, and no further than the first guest
 * that shows a fault in each.  Free each finding. */
void check_run(const struct check_case *c, unsigned properties, struct finding findings[PROPERTIES]);

/* What one guest alone shows of the properties that a single run decides: all but isolation and
 * recursion. */
void check_alone(const struct check_case *c, const struct guest *guest, struct finding findings[PROPERTIES]);

/* The same once more, with a pardon: where the guest's run differs from the bare one it is put in step, so many
 * times at most, and goes on.  So a fault early in a run does not hide what the rest of it shows.
 * Equivalence is left out. */
struct pardoned {
	unsigned n;       /* times that it was put in step */
	bool came_to_end; /* all the same */
	bool used_up;     /* no: it differed once more */
};

struct pardoned check_pardoning(const struct check_case *c, const struct guest *guest, unsigned pardons,
                                struct finding findings[PROPERTIES]);

void finding_free(struct finding *finding);

/* ---- one property ------------------------------------------------------- */

struct finding check_equivalence(const struct check_case *c);
struct finding check_control(const struct check_case *c);
struct finding check_efficiency(const struct check_case *c);
struct finding check_isolation(const struct check_case *c);
struct finding check_recursion(const struct check_case *c);
struct finding check_inspection(const struct check_case *c);

/* ---- from one trial: shared by the above -------------------------------- */

/* Adds to a finding what the trial of a guest at depth shows of its property. */
void finding_judge(struct finding *finding, const struct trial *trial, const struct guest *guest, unsigned depth);

/* If the finding names this guest, made at random, it keeps one like it. */
void finding_keep(struct finding *finding, const struct guest *guest);

/* Takes the scene of a finding, if c asks for it: before the step at which its guest diverges,
 * or at so many steps of the real machine. */
void finding_show(const struct check_case *c, struct finding *finding, const struct pair_case *pair, uint64_t steps);

/* Where the guest's run under these monitors diverges, if it does. */
void finding_locate(struct finding *finding, const struct trial *trial, const struct pair_case *pair);

#endif
