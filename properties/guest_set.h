/* The standard set of guests: programs of which each has a file NAME.expect beside it
 * that says how it is to be run (guests/README.md: the lines of its source, without the
 * slashes).  Read by `droste check` and by whoever judges monitors.
 */
#ifndef DROSTE_GUEST_SET_H
#define DROSTE_GUEST_SET_H

#include <stdio.h>

#include "properties/pair.h"

/* A guest and how it is to be run. */
struct guest {
	char name[64];
	const char *call;         /* a rubric's own: its file, as commands name it; NULL: by its name */
	char *path;               /* of its ELF file or boot disk, from malloc; NULL: made here */
	uint8_t *file;            /* from malloc: the file's bytes; NULL: made here */
	size_t file_size;
	struct vm_plan plan;      /* with a disk of its own */
	struct text input[2];     /* on line 0, and on each of the others */
	bool late;                /* input comes when it is waited for, not first */
	uint64_t seed;            /* of a random guest */
	uint64_t limit;           /* steps after which nobody looks on; 0: none */
};

struct guest_set {
	struct guest *guest; /* from malloc */
	unsigned n;
};

/* All of a folder that have both files, by name. */
bool guest_set_read(struct guest_set *set, const char *folder, struct refusal *why);
void guest_set_free(struct guest_set *set);

/* One of any file; as its .expect says, if there is one, else with the memory and lines
 * given. */
bool guest_read(struct guest *guest, const char *path, uint32_t memory, unsigned lines, struct refusal *why);
void guest_free(struct guest *guest);

/* What the .expect beside the guest's boot disk must say, so that it is run as this one is. */
void guest_write_expectations(const struct guest *guest, FILE *to);

/* Adds the guest to a hash: its boot disk, which is the same wherever it was built, as its file's debug information
 * is not; and how it is run.  False if out of memory. */
bool guest_hash(const struct guest *guest, uint64_t *hash);

/* A whole file, with a 0 behind it that is not counted; at is from malloc. */
bool text_read(struct text *to, const char *path, struct refusal *why);

/* True iff there is input for it: it can come first, or late. */
bool guest_reads(const struct guest *guest);

/* The case of this guest under these monitors, the outermost first. */
struct pair_case guest_case(const struct guest *guest, const struct pack_monitor *monitors, unsigned depth);

#endif
