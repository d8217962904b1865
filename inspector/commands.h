/* What an inspector can be told, in one table: the prompt, the views' ':' line, scripts
 * and gdb's `monitor` all give their lines to command_run.
 */
#ifndef DROSTE_COMMANDS_H
#define DROSTE_COMMANDS_H

#include <jansson.h>
#include <stdio.h>

#include "inspector/session.h"
#include "inspector/symbols.h"

/* Who runs where: the program of a machine. */
#define PROGRAMS_MOST 64

struct program_at {
	char vm[NAME_BYTES + 1]; /* its VM's name */
	int host;                /* index of the program that hosts it; -1: the real machine, program 0 */
	uint32_t first_sector, sectors; /* its disk, on the real one; sectors 0: not known */
	unsigned first_line, lines;     /* of the real machine's */
	struct symbols *symbols; /* NULL: not known */
};

struct answer;

/* A session as a person looks at it. */
struct inspector {
	struct session *session;
	unsigned level;            /* looked at: an index in session_levels */
	struct program_at program[PROGRAMS_MOST];
	unsigned programs;
	uint32_t listed;           /* where list and examine go on */
	struct arrival last;       /* how the last motion ended */
	uint64_t most;             /* steps of the real machine that a motion may take; 0: no limit */
	uint64_t shown[LINES_MOST]; /* bytes of each line's output that answers have shown */
	unsigned sourcing;         /* files that command_source is in */
	bool quit;
	/* Compares a guest with the bare machine, for so many steps of that, which the inspector
	 * itself cannot; or NULL. */
	void (*compare)(void *self, struct inspector *inspector, uint64_t steps, struct answer *answer);
	void *compare_self;
};

/* The program that a level's machine runs, an index in program, and its symbols; -1, NULL:
 * not known. */
int inspector_program(const struct inspector *inspector, unsigned level);
const struct symbols *inspector_symbols(const struct inspector *inspector, unsigned level);

/* The last part of the path of a level's program; NULL: not known.  "real machine", or the name of
 * the VM, fit for a terminal.  What it does: "running", "hosting", "halted" ... */
const char *program_name(const struct inspector *inspector, unsigned level);
void level_name(const struct inspector *inspector, unsigned level, char *name, size_t n);
const char *level_status(const struct inspector *inspector, unsigned level);

/* What of a line's output has not been shown yet, and how much of that is not kept; from now on it
 * counts as shown.  What going back takes back will be shown again. */
struct output inspector_output(struct inspector *inspector, unsigned line);

/* The source line at which a level is. */
struct source_line inspector_line(const struct inspector *inspector, unsigned level);

/* Runs until a level, or with -1 a guest, runs for the first time, and looks at whoever runs
 * then.  Takes the place of the session's witness.  False if nothing had to move. */
bool inspector_enter(struct inspector *inspector, int level);

/* What a command answers: text for a person; and, if json is not NULL, the same as a
 * document. */
struct answer {
	FILE *text;
	json_t *json; /* an object that the command fills; or NULL */
	bool failed;  /* text says why, in one line */
};

struct inspector_command {
	const char *name, *alias;     /* name: one word or two; alias: or NULL */
	const char *arguments;        /* as help shows them; or NULL */
	const char *summary;          /* one line */
	const char *more;             /* the rest of its help, or NULL */
	const char *example;
	void (*run)(struct inspector *inspector, const struct inspector_command *self, char *arguments,
	            struct answer *answer);
	/* The n-th word that could stand where word begins; from malloc, NULL: no more. */
	char *(*complete)(const struct inspector *inspector, const char *word, unsigned n);
	uint8_t kind;                 /* enum motion_kind or point_kind, for run */
	bool back, once;              /* of a motion; of a point */
	bool repeats;                 /* an empty line does it again */
	bool takes_text;              /* as it stands, a trailing 'at LEVEL' and all */
	bool takes_file;
	bool waits;                   /* its level need not be there yet */
};

/* The table; ends with a name of NULL. */
extern const struct inspector_command inspector_commands[];

/* Does a line: a command by name, alias or unambiguous beginning, and its arguments, which
 * may end with 'at LEVEL' to look at another level for once.  An empty line does nothing.  Lines come from people, scripts and the network: whatever is in
 * them gets an answer. */
void command_run(struct inspector *inspector, const char *line, struct answer *answer);

/* The machines of other kinds that the program of a level makes, if it describes them: a line
 * for each. */
void inspector_forms(const struct inspector *inspector, unsigned level, struct answer *answer);

/* Why the last motion ended, in a line; nothing if it is where it was to go. */
void inspector_why(struct inspector *inspector, struct answer *answer);

/* The row that a line names; NULL: none. */
const struct inspector_command *command_named(const char *line);

/* The n-th word that could stand where word begins, after the text before it on a line; from
 * malloc, NULL: no more. */
char *command_complete(const struct inspector *inspector, const char *before, const char *word, unsigned n);

/* An address or number: 0x…, decimal, symbol, symbol+offset, FILE:LINE, $register ($pc,
 * $status, $base, $bound, $timer, $clock, x0 … x31 by either name), *address, with + - and
 * parentheses, at a level.  False if it is none of them; why says what is wrong. */
bool command_evaluate(const struct inspector *inspector, unsigned level, const char *text, uint64_t *value,
                      struct refusal *why);

#endif
