/* A machine on the bench, for tests: 64 KiB, two console lines, code at CODE in
 * supervisor mode under R = (0, all), and a trap handler at HANDLER that is
 * entered the same way.  Output and disk are at hand.  With PLAIN set in the
 * environment the plain executor runs it, else the engine.
 */
#ifndef DROSTE_TESTS_RIG_H
#define DROSTE_TESTS_RIG_H

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "assemble.h"
#include "machine/window.h"

enum {
	CODE = 0x1000, HANDLER = 0x800, DATA = 0x4000, RIG_STORAGE = 0x10000, RIG_LINES = 2,
	RIG_DISK_SECTORS = 8, RIG_OUTPUT = 4096,
};

struct rig {
	struct machine *m;
	uint8_t disk[RIG_DISK_SECTORS * SECTOR];
	struct { char text[RIG_OUTPUT]; size_t n; } output[LINES_MOST];
};

struct rig *rig_new(void);
struct rig *rig_new_as(struct machine_config config); /* lines and storage 0: as above */
void rig_free(struct rig *rig);

/* Words at a real address. */
uint32_t rig_word(const struct rig *rig, uint32_t real);
void rig_put(struct rig *rig, uint32_t real, uint32_t word);
void rig_put_words(struct rig *rig, uint32_t real, const uint32_t *words, size_t n);
struct psw rig_psw_at(const struct rig *rig, uint32_t real);
void rig_put_psw(struct rig *rig, uint32_t real, struct psw psw);

#define RIG_PROGRAM_AT(rig, real, ...) \
	rig_put_words(rig, real, (const uint32_t[]){ __VA_ARGS__ }, \
	              sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))
#define RIG_PROGRAM(rig, ...) RIG_PROGRAM_AT(rig, CODE, __VA_ARGS__)

enum stop rig_run(struct rig *rig, uint64_t steps);

static inline uint32_t rig_x(const struct rig *rig, unsigned x) { return machine_register(rig->m, x); }
static inline void rig_set_x(struct rig *rig, unsigned x, uint32_t value) { machine_set_register(rig->m, x, value); }

/* Parts of the PSW, set without touching the rest. */
void rig_set_pc(struct rig *rig, uint32_t pc);
void rig_set_status(struct rig *rig, uint32_t status);
void rig_set_r(struct rig *rig, uint32_t base, uint32_t bound);
void rig_set_timer(struct rig *rig, uint32_t timer);

/* One step is taken and it is the trap given: old PSW, cause and tval are in
 * their cells, the new PSW is loaded, registers and clock are untouched. */
#define RIG_EXPECT_TRAP(rig, cause, tval) rig_expect_trap(rig, cause, tval, __FILE__, __LINE__)
void rig_expect_trap(struct rig *rig, enum cause cause, uint32_t tval, const char *file, int line);

/* One step is taken and it completes an instruction. */
#define RIG_EXPECT_STEP(rig) rig_expect_step(rig, __FILE__, __LINE__)
void rig_expect_step(struct rig *rig, const char *file, int line);

#define EXPECT_PSW(a, b) expect_psw(a, b, __FILE__, __LINE__)
void expect_psw(struct psw a, struct psw b, const char *file, int line);

/* A command block at DATA for SIO, which is expected at CODE as sio x1, 0(x2),
 * and what came of one step: rd and the result word. */
struct sio_outcome { uint32_t cc, result; };
struct sio_outcome rig_sio(struct rig *rig, struct command_block block);

void rig_input(struct rig *rig, unsigned line, const char *text);

#endif
