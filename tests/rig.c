/* The bench of rig.h. */

#include "rig.h"

#include <stdlib.h>

static void take_output(void *self, unsigned line, const uint8_t *bytes, size_t n)
{
	struct rig *rig = self;
	cr_assert(line < LINES_MOST && n <= RIG_OUTPUT - rig->output[line].n);
	memcpy(rig->output[line].text + rig->output[line].n, bytes, n);
	rig->output[line].n += n;
}

struct rig *rig_new_as(struct machine_config config)
{
	struct rig *rig = calloc(1, sizeof(*rig));
	cr_assert(rig != NULL);
	if (!config.storage)
		config.storage = RIG_STORAGE;
	if (!config.lines)
		config.lines = RIG_LINES;
	struct refusal why;
	rig->m = machine_new(&config, &why);
	cr_assert(rig->m != NULL, "%s", why.text);
	machine_set_console(rig->m, &(struct console_host){ rig, take_output, NULL });
	machine_attach_disk(rig->m, rig->disk, RIG_DISK_SECTORS);
	machine_set_psw(rig->m, (struct psw){ CODE, 0, 0, BOUND_ALL, 0 });
	rig_put_psw(rig, CELL_NEW_PSW, (struct psw){ HANDLER, 0, 0, BOUND_ALL, 0 });
	return rig;
}

struct rig *rig_new(void) { return rig_new_as((struct machine_config){ 0 }); }

void rig_free(struct rig *rig)
{
	machine_free(rig->m);
	free(rig);
}

uint32_t rig_word(const struct rig *rig, uint32_t real)
{
	uint8_t b[4];
	cr_assert(machine_read(rig->m, real, b, 4), "no storage at 0x%x", real);
	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

void rig_put(struct rig *rig, uint32_t real, uint32_t word)
{
	uint8_t b[4] = { (uint8_t)word, (uint8_t)(word >> 8), (uint8_t)(word >> 16), (uint8_t)(word >> 24) };
	cr_assert(machine_write(rig->m, real, b, 4), "no storage at 0x%x", real);
}

void rig_put_words(struct rig *rig, uint32_t real, const uint32_t *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		rig_put(rig, real + 4 * (uint32_t)i, words[i]);
}

struct psw rig_psw_at(const struct rig *rig, uint32_t real)
{
	return (struct psw){ rig_word(rig, real), rig_word(rig, real + 4), rig_word(rig, real + 8),
	                     rig_word(rig, real + 12), rig_word(rig, real + 16) };
}

void rig_put_psw(struct rig *rig, uint32_t real, struct psw psw)
{
	rig_put_words(rig, real, (const uint32_t[]){ psw.pc, psw.status, psw.base, psw.bound, psw.timer }, 5);
}

enum stop rig_run(struct rig *rig, uint64_t steps)
{
	return getenv("PLAIN") ? machine_run_plain(rig->m, steps) : machine_run(rig->m, steps);
}

/* ---- the PSW ------------------------------------------------------------ */

void rig_set_pc(struct rig *rig, uint32_t pc)
{
	struct psw psw = machine_psw(rig->m);
	psw.pc = pc;
	machine_set_psw(rig->m, psw);
}

void rig_set_status(struct rig *rig, uint32_t status)
{
	struct psw psw = machine_psw(rig->m);
	psw.status = status;
	machine_set_psw(rig->m, psw);
}

void rig_set_r(struct rig *rig, uint32_t base, uint32_t bound)
{
	struct psw psw = machine_psw(rig->m);
	psw.base = base;
	psw.bound = bound;
	machine_set_psw(rig->m, psw);
}

void rig_set_timer(struct rig *rig, uint32_t timer)
{
	struct psw psw = machine_psw(rig->m);
	psw.timer = timer;
	machine_set_psw(rig->m, psw);
}

/* ---- expectations ------------------------------------------------------- */

void expect_psw(struct psw a, struct psw b, const char *file, int line)
{
	cr_expect(a.pc == b.pc && a.status == b.status && a.base == b.base && a.bound == b.bound && a.timer == b.timer,
	          "%s:%d: PSW is (0x%x, %u, 0x%x, 0x%x, %u), not (0x%x, %u, 0x%x, 0x%x, %u)", file, line,
	          a.pc, a.status, a.base, a.bound, a.timer, b.pc, b.status, b.base, b.bound, b.timer);
}

static void copy_registers(const struct rig *rig, uint32_t x[32])
{
	for (unsigned i = 0; i < 32; i++)
		x[i] = rig_x(rig, i);
}

/* What LPSW would make of the words in E[1]. */
static struct psw new_psw(const struct rig *rig) { return psw_normal(rig_psw_at(rig, CELL_NEW_PSW)); }

void rig_expect_trap(struct rig *rig, enum cause cause, uint32_t tval, const char *file, int line)
{
	uint32_t before[32], after[32], reserved = rig_word(rig, 0x1C);
	struct psw old = machine_psw(rig->m);
	struct machine_counts counts = machine_counts(rig->m);
	uint64_t clock = machine_clock(rig->m);
	copy_registers(rig, before);
	cr_expect(rig_run(rig, 1) == STOP_STEPS, "%s:%d: the machine stopped", file, line);
	copy_registers(rig, after);
	EXPECT_PSW(rig_psw_at(rig, CELL_OLD_PSW), old);
	uint32_t c = rig_word(rig, CELL_CAUSE), t = rig_word(rig, CELL_TVAL);
	cr_expect(c == (uint32_t)cause && t == tval, "%s:%d: trap %u with tval 0x%x, not %u with 0x%x",
	          file, line, c, t, cause, tval);
	expect_psw(machine_psw(rig->m), new_psw(rig), file, line);
	cr_expect(memcmp(before, after, sizeof(before)) == 0, "%s:%d: the trap touched registers", file, line);
	cr_expect(machine_trapped(rig->m), "%s:%d: not trapped", file, line);
	cr_expect(machine_clock(rig->m) == clock, "%s:%d: the trapped instruction was counted", file, line);
	cr_expect(rig_word(rig, 0x1C) == reserved, "%s:%d: the reserved word was stored to", file, line);
	counts.traps[cause]++;
	struct machine_counts now = machine_counts(rig->m);
	cr_expect(memcmp(&counts, &now, sizeof(now)) == 0, "%s:%d: the trap is not counted once", file, line);
}

void rig_expect_step(struct rig *rig, const char *file, int line)
{
	uint64_t clock = machine_clock(rig->m), instructions = machine_counts(rig->m).instructions;
	rig_run(rig, 1);
	cr_expect(machine_counts(rig->m).instructions == instructions + 1 && machine_clock(rig->m) > clock,
	          "%s:%d: no instruction completed (cause %u, tval 0x%x)",
	          file, line, rig_word(rig, CELL_CAUSE), rig_word(rig, CELL_TVAL));
	cr_expect(not(machine_trapped(rig->m)), "%s:%d: still trapped", file, line);
}

/* ---- devices ------------------------------------------------------------ */

struct sio_outcome rig_sio(struct rig *rig, struct command_block b)
{
	RIG_PROGRAM_AT(rig, DATA, b.device, b.command, b.unit, b.buffer, b.count, 0xDEADBEEF);
	RIG_PROGRAM(rig, as_sio(X1, 0, X2));
	rig_set_x(rig, X2, DATA);
	rig_set_pc(rig, CODE);
	RIG_EXPECT_STEP(rig);
	return (struct sio_outcome){ rig_x(rig, X1), rig_word(rig, DATA + 20) };
}

void rig_input(struct rig *rig, unsigned line, const char *text)
{
	cr_assert(machine_input(rig->m, line, text, strlen(text)));
}
