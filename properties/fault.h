/* Classes of faults: what each check reports beside its own words, so that whoever teaches
 * need not read those.  faults.def has them all.  efficiency.c, inspection.c, trial.c, trace.c
 * and recursion.c name the class where they see a fault; for the first step at which two machines differ
 * fault_of_step does, and for control.c fault_of_violation.  Called by all of these, by explain.c and by grade_lesson.c.
 */
#ifndef DROSTE_FAULT_H
#define DROSTE_FAULT_H

#include <stdio.h>

enum fault {
	FAULT_NONE,
#define FAULT(symbol, name, part, ours, correct, read) FAULT_##symbol,
#include "properties/faults.def"
#undef FAULT
	FAULTS
};

struct fault_class {
	const char *name;
	const char *part;    /* of a monitor; with places to fill, as the next two */
	const char *ours;    /* where it stands in the reference monitor */
	const char *correct; /* what a correct monitor does there */
	const char *read;    /* the section to read */
};

extern const struct fault_class fault_classes[FAULTS];

struct divergence;
struct violation;

/* The class of a step that differs; FAULT_NONE if the step is not known. */
enum fault fault_of_step(const struct divergence *step);

/* The class of a violation of resource control. */
enum fault fault_of_violation(const struct violation *violation);

/* Writes a text of the table, its places filled with the step's instruction and cause. */
void fault_fill(const char *text, const struct divergence *step, FILE *to);

/* The same from malloc, or NULL. */
char *fault_filled(const char *text, const struct divergence *step);

#endif
