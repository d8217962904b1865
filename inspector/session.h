/* A machine under inspection: run forwards and backwards, at the level of any nested
 * machine, with points at which it stops.  The commands, the views, the gdb stub and
 * the traces all stand on this; none of them runs a machine by itself.
 *
 * Time is counted in steps of the real machine since reset.  A session remembers
 * what arrived from outside and takes snapshots as it runs, so that any step it has
 * been at can be gone to again, bit for bit.  What is done to the machine in its past
 * (input, a changed register) ends the future that was known.
 */
#ifndef DROSTE_SESSION_H
#define DROSTE_SESSION_H

#include "inspector/control.h"

struct session;

/* ---- making -------------------------------------------------------------- */

struct session_config {
	struct machine_config machine;
	const uint8_t *disk; /* copied: what it boots from; or NULL: */
	uint32_t sectors;
	const void *elf; /* what is loaded; the caller keeps it */
	size_t elf_bytes;
	size_t past_most;  /* bytes of memory for snapshots; 0: a default */
	uint64_t interval; /* steps from one to the next; 0: a tenth of the run's time goes into them */
};

/* A machine after IPL, at step 1 if the reset's trap was a step, else 0.  NULL if refused
 * or out of memory. */
struct session *session_new(const struct session_config *config, struct refusal *why);
void session_free(struct session *s);

/* To look at only. */
const struct machine *session_machine(const struct session *s);

/* ---- where it is --------------------------------------------------------- */

uint64_t session_now(const struct session *s);   /* steps since reset */
uint64_t session_known(const struct session *s); /* the most steps it has been at */

/* The machines there are now, the real one first, each after its host; the index of one
 * stays the same as long as it exists. */
const struct level *session_levels(const struct session *s, unsigned *n);
const struct level_counts *session_counts(const struct session *s, unsigned level);
unsigned session_running(const struct session *s); /* the machine that executes now */

/* What has been seen of resource control: of the monitor of the real machine, up to now. */
const struct control *session_control(const struct session *s);

/* A machine as it sees itself.  If it runs on its host now, directly or not, its
 * state is taken from the host's, else from the host's VM table. */
struct level_state {
	bool exists;
	bool running;    /* it runs on its host, and so on down to the real machine */
	uint32_t vm;     /* enum vm_state */
	struct psw psw;  /* virtual */
	struct psw real; /* its pc and R as the real machine has them, or would */
	uint32_t x[32];
	uint64_t clock;
	bool trapped;
};

void session_state(const struct session *s, unsigned level, struct level_state *state);

/* An address on its way down to the real machine. */
struct translation {
	struct {
		unsigned level;       /* of the machine whose storage this is */
		uint32_t address;     /* in it */
		uint32_t base, bound; /* by which the next one was reached: R, or a region */
	} at[LEVELS_MOST + 2];        /* [0]: the virtual address under the machine's own R */
	unsigned n;
	int refuses; /* index in at of the first that refuses; -1: none */
};

/* Returns false if some level refuses.  absolute: past R, as traps and devices see it. */
bool session_translate(const struct session *s, unsigned level, uint32_t address, uint32_t bytes, bool absolute,
                       struct translation *translation);
bool session_read(const struct session *s, unsigned level, uint32_t address, bool absolute, void *to, uint32_t n);

/* ---- what was written ---------------------------------------------------- */

/* What a line has written up to now, as far as it is kept: the last few MiB at most, and
 * less after going back beyond them. */
struct output {
	const uint8_t *bytes;
	size_t n;
	uint64_t before; /* bytes that came before these */
};

struct output session_output(const struct session *s, unsigned line);

/* A trap of the real machine, or one reflected into a nested one. */
struct trap_record {
	uint64_t steps;    /* just after it */
	unsigned level;    /* the machine that took it: 0, or the one it was reflected to */
	unsigned from;     /* the machine that ran when it came */
	enum cause cause;
	uint32_t tval;
	struct psw old;    /* as the machine that took it has it */
};

/* The traps remembered, the oldest first: those before now are the first before. */
const struct trap_record *session_traps(const struct session *s, size_t *n, size_t *before);

/* ---- motion -------------------------------------------------------------- */

enum motion_kind {
	MOVE_STEP,       /* one instruction or trap of the machine; what hosts it runs unseen */
	MOVE_INTO,       /* one step of the real machine */
	MOVE_NEXT,       /* a step of the machine, but a call is one step */
	MOVE_FINISH,     /* until the function it is in returns */
	MOVE_UNTIL,      /* until its pc is argument (virtual) */
	MOVE_CONTINUE,   /* until a point */
	MOVE_EXIT,       /* until the next trap of the real machine; argument 1 + k: that level k caused */
	MOVE_REFLECTION, /* until a trap is reflected to the machine; level 0: to any */
	MOVE_CAUSE,      /* until the machine takes a trap with cause argument */
	MOVE_VIOLATION,  /* until a violation of resource control */
	MOVE_CLOCK,      /* until the machine's clock is argument, or more; back passes over points */
	MOVE_STEPS,      /* until so many steps since reset, either way */
};

struct motion {
	enum motion_kind kind;
	bool back;
	unsigned level;
	uint64_t argument;
	uint64_t count; /* how often; 0: once */
	uint64_t most;  /* steps of the real machine; 0: no limit */
};

enum arrival_why {
	ARRIVED,             /* where it was to go */
	ARRIVED_POINT,       /* at a point */
	ARRIVED_END,         /* the machine has ended */
	ARRIVED_BEGINNING,   /* going back, at the first step */
	ARRIVED_INPUT,       /* it waits for input */
	ARRIVED_INTERRUPTED, /* session_interrupt */
	ARRIVED_LIMIT,       /* so many steps have been taken */
	ARRIVED_GONE,        /* the machine named no longer exists, or has ended */
};

struct arrival {
	enum arrival_why why;
	unsigned level;   /* of the point, or of the machine that ended */
	unsigned point;   /* its number */
	uint32_t old, new; /* of a watched word */
};

struct arrival session_move(struct session *s, const struct motion *motion);

/* Makes a motion under way stop soon; safe in a signal handler. */
void session_interrupt(struct session *s);

/* Told now and then on a long way: where it is, and where it goes to or 0. */
void session_on_progress(struct session *s, void (*progress)(void *self, uint64_t steps, uint64_t to), void *self);

/* Told of each step taken forwards, new or known: of a trap, taken or reflected, and that another
 * machine than from runs now.  Either may be NULL. */
struct witness {
	void *self;
	void (*trap)(void *self, const struct trap_record *record);
	void (*turn)(void *self, unsigned from);
};

/* Takes the place of the one before; NULL: none. */
void session_witness(struct session *s, const struct witness *witness);

/* ---- against the bare machine -------------------------------------------- */

/* Whom a bare twin is to follow. */
struct twin_wish {
	unsigned level;                 /* a machine that there is now */
	uint32_t first_sector, sectors; /* its disk, on the session's */
	unsigned first_line, lines;     /* its console lines, of the real machine's */
};

enum twin_state {
	TWIN_NONE,
	TWIN_WAITS,   /* its guest has not begun */
	TWIN_IN_STEP,
	TWIN_ENDED,   /* both, and alike */
	TWIN_PARTED,  /* they differ, and it follows no further */
	TWIN_CHANGED, /* the guest has been changed by hand: the same */
	TWIN_STATES
};

#define TWIN_WHAT 40

struct twin_view {
	enum twin_state state;
	unsigned level;
	struct session *bare;    /* as the twin is; to look at only */
	const char *what;        /* parted: in what they differ */
	bool stored;             /* that is storage, first the word at: */
	uint32_t address;
	uint64_t agreed, parted; /* steps of the session: when they agreed last; when not */
	uint64_t entries;        /* of the guest, so far */
	uint64_t told;           /* since this step the VM table has not the PSW or clock that it should; 0: it has */
	const char *told_what;
};

/* From now on, and from the beginning, a bare machine follows the level, wherever the session goes; a
 * POINT_PARTED stops where they differ.  Goes through the run again. */
bool session_twin_start(struct session *s, const struct twin_wish *wish, struct refusal *why);
void session_twin_stop(struct session *s);
struct twin_view session_twin(const struct session *s);

/* Both, if there are two: the guest, if its monitor has control, as it has left it. */
void session_twin_states(const struct session *s, struct level_state *guest, struct level_state *bare);

/* Trap cells of the two, in the order of their addresses. */
#define TRAP_CELLS 7 /* words: old PSW, cause, tval */
extern const char *const session_cell_names[TRAP_CELLS];
void session_twin_cells(const struct session *s, uint32_t guest[TRAP_CELLS], uint32_t bare[TRAP_CELLS]);

/* ---- points -------------------------------------------------------------- */

enum point_kind {
	POINT_BREAK,  /* before an instruction of the machine, not of its VMs, at address (virtual) */
	POINT_WRITE,  /* the machine stores there, or a device or who hosts it does */
	POINT_READ,   /* it loads from there: every step is looked at */
	POINT_ACCESS, /* either */
	POINT_CAUSE,  /* it takes a trap with the cause */
	POINT_PSW,    /* its status, base or bound changes */
	POINT_CONTROL, /* resource control is violated, in whatever machine */
	POINT_PARTED, /* a level differs from its bare twin */
};

struct point {
	unsigned number; /* from 1; given by session_add_point */
	enum point_kind kind;
	unsigned level;
	uint32_t address, bytes;
	bool absolute;          /* address is in the machine's real storage */
	unsigned cause;         /* POINT_CAUSE; CAUSES: any */
	bool disabled, once;
	uint64_t hits, ignore;  /* ignore: so many more hits are passed over */
	/* NULL, or what must hold, too; asked when all else does. */
	bool (*condition)(void *self, const struct session *s, const struct point *point);
	void *self;
	char text[96];          /* the condition as it was written, for lists */
};

unsigned session_add_point(struct session *s, const struct point *point); /* 0: no room */
bool session_remove_point(struct session *s, unsigned number);
struct point *session_point(struct session *s, unsigned number); /* NULL: none */
const struct point *session_points(const struct session *s, unsigned *n);

/* ---- from outside -------------------------------------------------------- */

/* Each is remembered with the step at which it came, and ends the known future. */
bool session_input(struct session *s, unsigned line, const void *bytes, size_t n);
void session_input_ends(struct session *s, unsigned line);
bool session_write(struct session *s, unsigned level, uint32_t address, bool absolute, const void *from, uint32_t n);
bool session_set_register(struct session *s, unsigned level, unsigned x, uint32_t value);

/* The words of a PSW, in its order. */
enum psw_field { PSW_PC, PSW_STATUS, PSW_BASE, PSW_BOUND, PSW_TIMER, PSW_FIELDS };

/* Sets a word of the machine's own PSW, and what its hosts have composed from it.  A host that keeps
 * more than its VM table says does not know of it. */
bool session_set_psw(struct session *s, unsigned level, enum psw_field field, uint32_t value, struct refusal *why);

/* ---- marks and files ----------------------------------------------------- */

#define MARK_BYTES 32

struct mark {
	char name[MARK_BYTES];
	uint64_t steps;
};

bool session_mark(struct session *s, const char *name); /* here; a name is kept once */
const struct mark *session_marks(const struct session *s, unsigned *n);

/* What came from outside, marks and place, as text; with the same config, session_load
 * goes through the same run again. */
bool session_save(const struct session *s, const char *path, struct refusal *why);
bool session_load(struct session *s, const char *path, struct refusal *why);

#endif
