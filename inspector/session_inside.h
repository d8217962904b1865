/* Inside a session: its state, and what the session's files ask of each other.  The public
 * door is session.h.
 */
#ifndef DROSTE_SESSION_INSIDE_H
#define DROSTE_SESSION_INSIDE_H

#include <stdatomic.h>

#include "inspector/past.h"
#include "inspector/recording.h"
#include "inspector/session.h"
#include "inspector/tape.h"
#include "inspector/twin.h"

#define POINTS_MOST 64
#define MARKS_MOST 256

/* What the session knows of a point beside what it was told. */
struct place {
	bool known;        /* real is where it is, on the real machine */
	uint32_t real;
	uint32_t value;    /* of the first word there, as last seen */
	bool seen;         /* psw is the machine's as last seen */
	struct psw psw;
};

/* What, besides points, makes a run stop: set by a motion, looked at as things happen. */
struct hunt {
	bool traps;        /* of the real machine; by from, or any if from is -1 */
	int from;
	bool reflections;  /* to the machine level, or any if it is 0 */
	bool causes;       /* trap with cause of the machine level */
	bool violations;   /* of resource control */
	unsigned cause;
	bool turns;        /* level begins or ceases to run, or what it hosts */
	bool waits;        /* time may have jumped */
	bool points;
	unsigned level;
};

struct session {
	struct machine *m;
	uint8_t *disk;
	uint32_t sectors;
	char machine[RECORDED_MACHINE]; /* tells machines apart in files */

	/* Changed as the machine runs; kept in moments. */
	struct levels_meter meter;
	struct control control;          /* told of what the meter has been told of */
	struct twin twin;
	uint8_t trapped_in[LEVELS_MOST]; /* the machine that ran at the last trap of one in machine i */
	size_t given;                    /* of what came from outside */
	struct tape output[LINES_MOST], traps;

	/* What is known of the run. */
	struct recording recording;
	struct past past;
	uint64_t interval;     /* steps between moments */
	uint64_t known;
	uint64_t waits_at;     /* where it comes to disabled wait, if known; else UINT64_MAX */

	/* As last looked at. */
	struct level view[LEVELS_MOST];
	struct level_counts counts[LEVELS_MOST];
	unsigned viewed;

	/* A motion under way. */
	struct hunt hunt;
	unsigned ran;          /* the machine that ran until the present step */
	bool caught;           /* by the hunt */
	uint64_t caught_points; /* a bit for each */
	uint64_t judged;       /* where a break has been dealt with */
	uint64_t awaited;      /* machines that have yet to run, a bit each; then something is caught */
	uint64_t back_from;    /* going back from there, moments lie closer to it; else 0 */
	struct level_state left; /* of the hunt's machine when it last ceased to run; exists: known */
	atomic_bool interrupted;
	void (*progress)(void *self, uint64_t steps, uint64_t to);
	void *progress_self;
	uint64_t untold;       /* steps since progress was told */
	struct witness witness;

	struct point points[POINTS_MOST];
	struct place places[POINTS_MOST]; /* of the points */
	unsigned points_n, points_made;
	struct mark marks[MARKS_MOST];
	unsigned marks_n;
};

/* ---- change.c: what comes from outside ----------------------------------- */

/* What was known to come after now does not come. */
void session_end_future(struct session *s);

/* ---- state.c: machines as they see themselves --------------------------- */

/* The state of machine i of levels if psw were the real machine's, and guest in interpretive
 * execution; NULL: none.  state_now: as they are. */
void state_of(const struct machine *m, const struct level *levels, unsigned i, const struct psw *psw,
              const struct machine_guest *guest, struct level_state *state);
void state_now(const struct machine *m, const struct level *levels, unsigned i, struct level_state *state);

/* True iff a host, by its state, runs its VM with that entry. */
bool state_runs_on(const struct level_state *host, const struct vm_entry *entry);

/* R as a host composes it, in its own storage. */
struct psw state_composed(const struct psw *psw, uint32_t region, uint32_t size);

/* Virtual PSW, clock or trapped differ. */
bool state_advanced(const struct level_state *before, const struct level_state *after);

/* Brings view and counts up to now. */
void session_look(struct session *s);

/* ---- run.c: the real machine, watched ----------------------------------- */

enum went { WENT_THERE, WENT_CAUGHT, WENT_END, WENT_INPUT, WENT_INTERRUPTED };

/* Runs to a step, or until something is caught; remembers what it passes. */
enum went run_to(struct session *s, uint64_t to);

/* As it was at a step, known or not; nothing is caught. */
enum went run_go(struct session *s, uint64_t to);

/* What is under way is caught, after the present step. */
void run_catch(struct session *s);

/* As it was at a moment. */
void run_restore(struct session *s, const struct moment *moment);
bool run_keep(struct session *s);

void run_start(struct session *s, const struct boot_disk *disk);

/* ---- motion.c ----------------------------------------------------------- */

/* One motion of those that session_move counts, not beyond a step. */
struct arrival motion_once(struct session *s, const struct motion *motion, uint64_t to);

/* An interrupted search: back to where it began. */
struct arrival motion_give_up(struct session *s, uint64_t from);

/* ---- calls.c: motion by functions --------------------------------------- */

struct arrival calls_next(struct session *s, const struct motion *motion, uint64_t to);
struct arrival calls_finish(struct session *s, const struct motion *motion, uint64_t to);
struct arrival calls_until(struct session *s, const struct motion *motion, uint64_t to);

/* ---- points.c ----------------------------------------------------------- */

#define POINT_OWN 0 /* the number of a point that a motion sets for itself */

bool points_add_own(struct session *s, const struct point *point);

void points_arm(struct session *s);
void points_disarm(struct session *s);

/* The session stands somewhere else than before. */
void points_begin(struct session *s);

/* True if a step must be looked at by itself; loading: the points from which it loads,
 * should it complete. */
bool points_step(struct session *s, uint64_t *loading);

void points_on_trap(struct session *s, unsigned level, enum cause cause);
void points_on_turn(struct session *s);
void points_on_violation(struct session *s);
void points_on_parting(struct session *s);
void points_on_store(struct session *s, uint32_t real, uint32_t n);

/* After something was caught: true iff some point says stop; which, in arrival. */
bool points_judge(struct session *s, struct arrival *arrival);

/* Counts a hit; true if it is to be passed over. */
bool points_passed_over(struct session *s, unsigned number);

#endif
