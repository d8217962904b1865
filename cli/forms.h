/* What `droste forms` is made of: the table forms.def as structs, and what is measured of a row.
 * forms.c parses and prints, forms_measure.c runs.
 */
#ifndef DROSTE_CLI_FORMS_H
#define DROSTE_CLI_FORMS_H

#include "cli.h"
#include "properties/check.h"

/* ---- the table ---------------------------------------------------------- */

enum workload_number {
	NO_WORKLOAD,
#define WORKLOAD(name, ...) WORKLOAD_##name,
#include "forms.def"
	WORKLOADS
};

/* Work that is done bare, too, by an image that is given its size as a line of input. */
struct workload {
	const char *name;
	const char *image; /* as installed; NULL: there is no such image */
	unsigned n;        /* how much is done; then, twice as much */
};

extern const struct workload workloads[WORKLOADS];

/* How a form does a workload. */
struct form_program {
	enum workload_number workload;
	const char *file;  /* the input begins with it; NULL: with nothing */
	const char *input; /* then comes this, %u being the size; NULL: that size as a line, by the workload's own image */
	const char *says;  /* what it answers, if there is nothing bare to compare with */
};

/* By what a form shows that it keeps control. */
enum form_control {
	CONTROL_MONITOR, /* the checker watches its guests: properties/check.h */
	CONTROL_GOES_ON, /* after hostile programs it does its work as before */
	CONTROL_STOPS,   /* a hostile program ends as it says here: by the interpreter, with an exit code for that */
};

enum { FORM_PROGRAMS = 2, FORM_IMAGES = 3 };

struct form {
	const char *name, *title;
	const char *virtualizes;            /* which interface */
	const char *interface, *kind, *on;  /* same or another; system, OS or process; native or hosted */
	const char *run;                    /* how a reader runs it */
	const char *sources;                /* patterns of files, whose lines are counted */
	/* the machine */
	const char *monitor, *profile;      /* beneath the images; NULL: none, strict */
	const char *beneath;                /* the monitor for the levels below; NULL: the reference monitor */
	const char *image[FORM_IMAGES];     /* none: those of the workloads */
	const char *couple[FORM_IMAGES];
	uint32_t memory, spare;             /* 0: as usual */
	/* what it does there */
	struct form_program programs[FORM_PROGRAMS];
	unsigned slower;                    /* do so much less; 0: 1 */
	enum form_control control;
	const char *guests;                 /* that the checker runs; NULL: a set for all */
	const char *hostile, *hostile_file; /* input that comes before the work, or in its place */
	unsigned stops_with;
};

extern const struct form forms[];
extern const unsigned forms_n;

/* ---- what is measured --------------------------------------------------- */

/* Machine instructions for more work, by those that the bare machine, or the guests themselves, need. */
struct form_cost {
	bool measured;
	double times;
};

struct form_measure {
	bool equivalent;   /* it answers as the bare machine does */
	char contrary[64]; /* but this guest of the checker's shows a difference; empty: none does */
	enum verdict control;
	struct form_cost cost[FORM_PROGRAMS];
	bool same_deeper;  /* with monitors below it, to depth 2, all is the same */
};

/* Runs a form.  Complains and returns false if it cannot be run, or its work does not end. */
bool form_measure(struct form_measure *measure, const struct form *form);

/* Lines of code, counted when droste is built (forms_lines.sh); a row without a name ends them. */
extern const struct form_lines {
	const char *name;
	unsigned lines;
} forms_lines[];

unsigned form_lines(const struct form *form);

#endif
