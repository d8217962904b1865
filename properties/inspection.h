/* Inspection: what a monitor's anchor and VM table say is true.  Compared, whenever the
 * guest is entered, with what the real machine shows and with the bare machine, which is
 * then in step; and once more at the end.  Nothing here decides any other property.
 */
#ifndef DROSTE_INSPECTION_H
#define DROSTE_INSPECTION_H

#include "properties/pair.h"

/* The first thing said that is not so. */
struct lie {
	enum fault fault;
	char what[200];  /* empty: none */
	uint64_t clock;  /* the bare machine's */
	uint64_t steps;  /* of the real machine */
};

/* When the guest has been entered and the pair is in step. */
void inspection_entered(struct lie *lie, const struct pair *p);

/* When both have ended, the same. */
void inspection_ended(struct lie *lie, const struct pair *p);

#endif
