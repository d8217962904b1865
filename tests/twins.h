/* Two machines made alike, one run by the engine and one by the plain executor,
 * and the comparison of everything that a program or an observer could see.
 * differential.c and the fuzzer of machines drive them.
 */
#ifndef DROSTE_TESTS_TWINS_H
#define DROSTE_TESTS_TWINS_H

#include "machine/window.h"

enum { TWIN_DISK_SECTORS = 4 };

struct twin {
	struct machine *m;
	uint64_t output[LINES_MOST]; /* a running hash of what each line wrote */
	uint64_t events;             /* the same of what an observer was told */
	enum stop stop;              /* of the last run */
	uint8_t disk[TWIN_DISK_SECTORS * SECTOR];
};

struct twins {
	struct twin fast, plain;
};

/* Exits if there is no memory. */
struct twins *twins_new(uint32_t storage, unsigned lines, const struct profile *profile);
void twins_free(struct twins *twins);

/* Does the same to both. */
void twins_set_psw(struct twins *twins, struct psw psw);
void twins_set_register(struct twins *twins, unsigned x, uint32_t value);
void twins_set_clock(struct twins *twins, uint64_t clock, bool trapped);
void twins_write(struct twins *twins, uint32_t real, const void *bytes, size_t n);
void twins_input(struct twins *twins, unsigned line, const void *bytes, size_t n);
void twins_input_ends(struct twins *twins, unsigned line);
void twins_observe(struct twins *twins, bool on);
void twins_watch(struct twins *twins, uint32_t real, bool on);
void twins_break(struct twins *twins, uint32_t real, bool on);
void twins_ipl(struct twins *twins);

/* Runs both for steps. */
void twins_run(struct twins *twins, uint64_t steps);

/* True iff they are the same in everything; else one line in why says in what not. */
bool twins_same(const struct twins *twins, char *why, size_t n);

#endif
