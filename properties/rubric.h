/* Rubrics: which guests a monitor is graded with, for which properties, which tasks there are beside it, and what each is
 * worth.  A rubric is a JSON document (docs/rubric.schema.json); whatever is wrong with
 * one is said with its place, before anything is graded.  Called by grade.c and by
 * `droste grade`.
 */
#ifndef DROSTE_RUBRIC_H
#define DROSTE_RUBRIC_H

#include "properties/check.h"
#include "properties/task.h"

/* One line of a rubric: a guest, or so many random ones. */
struct rubric_guest {
	char name[64];
	char *file;              /* from malloc, relative to the rubric's folder; NULL: of the standard set */
	unsigned weight;         /* within each property that it is for */
	unsigned properties;     /* a bit each */
	bool hidden;             /* no student hears of it but through weight and property */
	bool required;           /* failing it, a property earns half its points at most */
	uint64_t randoms, seed;  /* so many random guests from this seed on; 0: a program */
	uint64_t budget;         /* steps of the real machine; 0: what the guest itself asks for */
	uint32_t memory;         /* bytes; 0: as its .expect says */
	unsigned lines;
	bool late;               /* its input comes when it waits for it, not first */
	struct guest guest;      /* if it is a program: read by rubric_read_guests, as are: */
	struct guest_set beside; /* guests of the standard set that isolation has it beside, too */
};

/* Twelve times what the reference monitor takes for the rubric that comes with droste, and more than interpreters
 * of every instruction do. */
#define RUBRIC_BUDGET (UINT64_C(12) << 30)

struct rubric {
	char title[96];
	unsigned points[PROPERTIES];
	struct rubric_guest *guest; /* from malloc */
	unsigned guests;
	struct tasks tasks;         /* what is asked beside a monitor */
	unsigned depth;             /* how deep recursion goes */
	uint64_t budget;            /* work (pair.h) that a submission may cause in all */
	const struct profile *profile;
	uint64_t hash;              /* XXH64 of the document, then of every guest's boot disk and how it is run */
};

/* Refuses with LINE: or GUEST: and what is wrong there.  Free it in any case. */
bool rubric_parse(struct rubric *rubric, const void *text, size_t n, struct refusal *why);

/* Those without a file come from the folder of the standard set, the others from the rubric's. */
bool rubric_read_guests(struct rubric *rubric, const char *standard, const char *folder, struct refusal *why);

void rubric_free(struct rubric *rubric);

/* A property's name, which no part of the tasks can have. */
bool rubric_is_property(const char *name);

/* The weights of all guests that are for a property. */
unsigned rubric_weight(const struct rubric *rubric, enum property property);

#endif
