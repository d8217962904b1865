/* Tasks: what a rubric asks for beside a monitor.  An answer to a question, a profile file that must
 * get certain verdicts, a guest that must behave differently, or the same, in two runs.
 * What is true is found out while grading, by running guests and by the classifier, so that a
 * rubric in a student's hands gives nothing away and a rubric changed on the eve needs no new key.  The few answers
 * that no run can tell stand in the rubric as salted hashes.
 * Read by rubric.c, judged for grade.c.
 */
#ifndef DROSTE_TASK_H
#define DROSTE_TASK_H

#include <stdio.h>

#include "machine/window.h"
#include "properties/task_truth.h"

/* ---- what a rubric says ------------------------------------------------- */

enum task_kind { TASK_NONE, TASK_ANSWER, TASK_PROFILE, TASK_GUEST };

/* A guest, and what it runs under. */
struct task_run {
	char guest[64];                /* of the standard set; empty: */
	char *file;                    /* relative to the rubric's folder, or of the submission */
	char *monitor, *input;         /* relative to the rubric's folder; NULL: the monitor that comes with droste; none */
	unsigned depth;
	const struct profile *profile; /* NULL: strict */
	uint32_t memory;               /* bytes; 0: as droste run has it */
	uint64_t limit;                /* steps of the real machine */
};

/* What is true of a question. */
struct truth {
	const struct truth_kind *kind; /* NULL: sealed */
	struct task_run run;           /* if a run tells */
	unsigned level;                /* ... of which machine, 0 the real one */
	int cause;                     /* ... of which exits; -1: of any */
	const struct profile *profile; /* if the classifier tells: of which machine */
	enum insn insn;                /* ... and instruction */
	bool ours;                     /* ... by our reading, not the letter's */
	char salt[32];                 /* if it is sealed */
	uint64_t hash[4];
	unsigned hashes;
};

/* An answer that is wrong in a way that has a name. */
struct mistake {
	struct truth truth;            /* what is answered */
	char say[160];
};

#define MISTAKES_MOST 6
#define WORDS_MOST 12

struct task {
	enum task_kind kind;
	char name[48];
	unsigned part;                 /* index in rubric->part */
	unsigned points;
	bool hidden;
	char needs[48];                /* nothing is earned unless that task is passed; empty: always */
	char ask[160], read[96];       /* the question; where to read on */
	/* an answer */
	struct truth truth;
	unsigned within, near;         /* percent of the truth: for all points, for half of them */
	char word[WORDS_MOST][32];     /* what can be answered, if it is one of few words */
	unsigned words;
	struct mistake mistake[MISTAKES_MOST];
	unsigned mistakes;
	/* a profile or a guest */
	char *file;                    /* of the submission */
	bool unlike;                   /* the profile is to be none of droste's own */
	const struct truth_kind *theorem;
	bool ours, holds;
	struct task_run a, b;
	bool differ;                   /* the two runs are to */
	bool has_code;                 /* a is to end with this exit code: */
	unsigned code;
};

#define PARTS_MOST 10

/* Tasks that are counted together. */
struct task_part {
	char name[32];
	char sentence[160];            /* what it asks for; or empty */
};

struct tasks {
	struct task *task;             /* from malloc */
	unsigned n;
	struct task_part part[PARTS_MOST];
	unsigned parts;
	char answers[64];              /* the file of the answers */
};

void task_run_free(struct task_run *run);
void tasks_free(struct tasks *tasks);
void tasks_drop_hidden(struct tasks *tasks);

/* Sees that all guests whose runs are to be measured are there, and adds their files to the hash. */
bool tasks_read_guests(const struct tasks *tasks, const char *standard, const char *folder, uint64_t *hash, struct refusal *why);

/* ---- judging: task.c ---------------------------------------------------- */

/* What is wrong with a task's work: grade_lesson.c says what that means. */
enum task_fault {
	TASK_RIGHT,
	TASK_NO_FILE,        /* a file is missing, or cannot be read */
	TASK_NO_ANSWER,      /* there is no such line */
	TASK_OPEN,           /* there is one, without a value */
	TASK_UNREADABLE,     /* the answer is no number, or not one of the words; a file has an error */
	TASK_WRONG,          /* the answer is not what is so */
	TASK_VERDICT,        /* the classifier says otherwise of the profile */
	TASK_COPY,           /* the profile is one of droste's own */
	TASK_RUN,            /* the guest does not run to its end */
	TASK_COMPARE,        /* the two runs are not what they should be to each other */
	TASK_LOCKED,         /* another task is needed first */
	TASK_CUT,            /* grading was cut off */
};

#define TASK_WHOLE 1000000u

struct task_verdict {
	enum task_fault fault;
	unsigned share;              /* of TASK_WHOLE */
	char where[96];              /* "answers.txt:3:12" */
	char what[256];
	char again[256];             /* the command that shows it; or empty */
};

/* Where everything is. */
struct task_case {
	const struct tasks *tasks;
	const char *submission;      /* the student's folder */
	const char *folder;          /* the rubric's */
	const char *standard;        /* of the guests that come with droste */
	struct pack_monitor monitor; /* the one that comes with droste: measures are its */
	bool (*stopped)(void *self);
	void *self;
};

/* A verdict for each task, in order.  False if out of memory. */
bool tasks_judge(const struct task_case *c, struct task_verdict *verdicts);

/* XXH64 of all files of the submission that the tasks read. */
uint64_t tasks_hash(const struct task_case *c, uint64_t seed);

/* The hash of an answer as a rubric seals it. */
uint64_t task_seal(const char *salt, const char *name, const char *answer);

/* ---- files of a submission: task_file.c ---------------------------------- */

/* Reads a regular file of a folder that somebody else filled: no link is followed.  From malloc,
 * with a 0 behind it; NULL, and why, if it cannot be read or has more than most bytes. */
char *task_read(const char *folder, const char *name, size_t most, size_t *n, struct refusal *why);

/* ---- answers: task_answers.c -------------------------------------------- */

/* "name = value  # remark", a line each. */
struct answer {
	char name[48];
	char value[200];
	unsigned line, column;       /* of the value */
};

struct answers {
	struct answer *answer;       /* from malloc */
	unsigned n;
	char error[160];             /* the first line that is none, with its place; or empty */
	unsigned errors;
};

bool answers_parse(struct answers *to, const char *text, size_t n);
const struct answer *answers_find(const struct answers *answers, const char *name);

/* The name among the answers that is most like it, and none of tasks'; or NULL. */
const struct answer *answers_like(const struct answers *answers, const char *name, const struct tasks *tasks);

/* A number in thousandths: decimal, with up to three places, or hexadecimal. */
bool answer_number(const char *text, int64_t *thousandths);

/* ---- runs: task_run.c --------------------------------------------------- */

#define TASK_LEVELS 8

/* What a run came to. */
struct measured {
	enum machine_end end;
	unsigned code;
	uint64_t clock;
	uint64_t instructions, privileged;              /* the guest's */
	uint64_t machine[TASK_LEVELS], own[TASK_LEVELS]; /* instructions of each level; by its own software */
	uint64_t traps[TASK_LEVELS][CAUSES];
	uint64_t trips[2][2];                           /* SIO, others: instructions, exits */
	char *output;                                   /* from malloc, of the guest */
	size_t bytes;
	bool babbled;                                   /* it wrote more than anybody can want */
};

/* False, and why, if no machine can be made of it. */
/* The properties that the monitor fails with the guest, as words.  The same. */
bool task_judge(const struct task_case *c, const struct task_run *run, char *to, size_t room, struct refusal *why);

bool task_measure(struct measured *to, const struct task_case *c, const struct task_run *run, struct refusal *why);
void measured_free(struct measured *m);

#endif
