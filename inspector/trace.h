/* What happened, as a stream: traps, reflections and entries of the machines of a session, and
 * samples of who executes what, written in one of several formats while the machine runs.
 * Nothing is kept but what a format needs to know, so that runs can be long.  Called by
 * the command line.
 */
#ifndef DROSTE_TRACE_H
#define DROSTE_TRACE_H

#include "inspector/commands.h"

enum trace_kind {
	TRACE_TRAP,       /* the real machine took a trap */
	TRACE_REFLECTION, /* a monitor gave one to a machine that it hosts */
	TRACE_ENTRY,      /* another machine runs from here on, by the real machine's PSW */
	TRACE_END,        /* of the run, or of the window */
	TRACE_KINDS
};

extern const char *const trace_kind_names[TRACE_KINDS];

struct trace_event {
	enum trace_kind kind;
	uint64_t steps, clock; /* of the real machine, just after it */
	unsigned level;        /* takes the trap, or runs from here on */
	unsigned from;         /* ran until here */
	unsigned caused;       /* ran when the trap that is reflected came; else from */
	enum cause cause;      /* of a trap or reflection */
	uint32_t tval;
	struct psw psw;        /* old PSW of a trap or reflection; that of who is entered */
	bool wanted;           /* is what was asked for, not only part of who runs when */
	const char *why;       /* TRACE_END: in words */
};

/* What is asked for. */
struct trace_wish {
	int level;            /* -1: all; else what this level takes or causes, and its entries */
	unsigned cause;       /* CAUSES: any; else only traps and reflections with it */
	uint32_t first, last; /* addresses in which the old pc is */
	uint64_t from, to;    /* clocks of the real machine */
	uint64_t limit;       /* steps since reset */
	uint64_t every;       /* steps from sample to sample */
	unsigned machines;    /* how many there will be, as far as is known */
};

struct trace;

/* A way to write it.  Those with a function for samples get samples, those with one for events
 * events. */
struct trace_format {
	const char *name, *summary;
	size_t own; /* bytes of its own state, at first 0 */
	bool (*begin)(struct trace *trace); /* any may be NULL; false: no memory */
	void (*event)(struct trace *trace, const struct trace_event *event);
	bool (*sample)(struct trace *trace, const char *stack, uint64_t steps);
	void (*end)(struct trace *trace);
};

/* The table; ends with NULL. */
extern const struct trace_format *const trace_formats[];
const struct trace_format *trace_format_named(const char *name); /* NULL: none */

struct trace {
	struct inspector *inspector;
	const struct trace_wish *wish;
	const struct trace_format *format;
	FILE *to;
	void *own; /* the format's */
	unsigned runs; /* who has run until the event that is told */
	const char *title;
};

/* Runs the session from where it is to its end, the limit or the window's end, and writes what
 * happens.  False if memory runs out.  progress may be NULL; it returns false to stop. */
bool trace_run(struct inspector *inspector, const struct trace_wish *wish, const struct trace_format *format,
               const char *title, FILE *to, bool (*progress)(void *self, uint64_t clock), void *self);

/* ---- for the formats ----------------------------------------------------- */

/* A machine's program, or its name. */
void trace_name(const struct trace *trace, unsigned level, char *to, size_t n);
const char *trace_symbol(const struct trace *trace, unsigned level, uint32_t pc, uint32_t *offset);
unsigned trace_depth(const struct trace *trace, unsigned level);

/* Frames of a sample's stack are apart by this, which no name has and which sorts before all
 * that they have. */
#define TRACE_FRAME '\1'

/* One file each. */
extern const struct trace_format trace_text, trace_jsonl, trace_chrome, trace_folded, trace_flame, trace_vcd, trace_score;

/* A level's colour in pictures, as a hue of 0 to 359. */
unsigned trace_hue(unsigned level);

/* ---- trace_stacks.c: how often each stack was seen ------------------------ */

struct trace_stacks {
	void *tree;
	uint64_t total;
};

bool trace_stacks_add(struct trace_stacks *stacks, const char *stack, uint64_t n);
void trace_stacks_walk(const struct trace_stacks *stacks, void (*visit)(void *self, const char *stack, uint64_t n), void *self);
void trace_stacks_free(struct trace_stacks *stacks);

#endif
