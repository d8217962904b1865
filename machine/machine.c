/* A machine's life behind the window: made, reset, loaded from disk, run, looked
 * at and freed.  machine_run is the loop that lets the engine run as far as
 * nothing can happen, and the plain executor take the step at which it does.
 */

#include "machine.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

const char *const machine_end_names[MACHINE_ENDS] = { "running", "halted", "check-stop", "disabled wait" };

bool refuse(struct refusal *why, const char *format, ...)
{
	if (why) {
		va_list args;
		va_start(args, format);
		vsnprintf(why->text, sizeof(why->text), format, args);
		va_end(args);
	}
	return false;
}

/* ---- making ------------------------------------------------------------- */

/* Zeroed memory that takes no room until it is touched. */
static uint8_t *map(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return p == MAP_FAILED ? NULL : p;
}

static size_t granules(const struct machine *m) { return m->size / WATCH_GRANULE + 1; }

struct machine *machine_new(const struct machine_config *config, struct refusal *why)
{
	if (config->storage < STORAGE_LEAST || config->storage > STORAGE_MOST || config->storage % 4) {
		refuse(why, "storage of %u bytes: must be a multiple of 4 from %d to %u",
		       config->storage, STORAGE_LEAST, STORAGE_MOST);
		return NULL;
	}
	if (config->lines < 1 || config->lines > LINES_MOST) {
		refuse(why, "%u console lines: must be 1 to %d", config->lines, LINES_MOST);
		return NULL;
	}
	struct machine *m = calloc(1, sizeof(*m));
	if (m) {
		m->size = m->extent = config->storage;
		m->lines = config->lines;
		m->profile = config->profile ? config->profile : &isa_profiles[PROFILE_strict];
		m->storage = map(m->size);
		m->granule_flags = map(granules(m));
	}
	if (!m || !m->storage || !m->granule_flags) {
		refuse(why, "no memory for a machine of %u bytes of storage", config->storage);
		machine_free(m);
		return NULL;
	}
	if (!config->plain && !(m->profile->features & FEATURE_TIMER_CELL))
		m->engine = engine_new(m);
	return m;
}

void machine_free(struct machine *m)
{
	if (!m)
		return;
	engine_free(m->engine);
	for (unsigned n = 0; n < m->lines; n++)
		free(m->line[n].input);
	if (m->storage)
		munmap(m->storage, m->size);
	if (m->granule_flags)
		munmap(m->granule_flags, granules(m));
	free(m->breaks);
	free(m);
}

/* ---- reset and IPL ------------------------------------------------------ */

/* Power-on state.  The kernel gives dropped pages back as zeros, so that a large
 * storage costs nothing until it is touched. */
void machine_clear(struct machine *m)
{
	if (madvise(m->storage, m->size, MADV_DONTNEED) != 0)
		memset(m->storage, 0, m->size);
	storage_changed(m, 0, m->size);
	memset(m->x, 0, sizeof(m->x));
	m->psw = (struct psw){ 0 };
	m->interpretive = false;
	storage_confine(m, 0, m->size);
	m->clock = 0;
	m->trapped = false;
	m->end = MACHINE_RUNNING;
	m->exit_code = 0;
	m->counts = (struct machine_counts){ 0 };
	device_reset(m);
}

/* Sectors to load: what sector 0 says, or 0 if it cannot be believed. */
static uint32_t boot_sectors(const struct machine *m)
{
	uint32_t magic, sectors;
	if (m->disk.sectors == 0)
		return 0;
	memcpy(&magic, m->disk.image + CELL_MAGIC, 4);
	memcpy(&sectors, m->disk.image + CELL_SECTORS, 4);
	if (magic != BOOT_MAGIC || sectors > m->disk.sectors || sectors > m->size / SECTOR)
		return 0;
	return sectors;
}

void machine_ipl(struct machine *m)
{
	machine_clear(m);
	uint32_t sectors = boot_sectors(m);
	if (sectors > 0)
		memcpy(m->storage, m->disk.image, (size_t)sectors * SECTOR);
	trap_take(m, CAUSE_RESET, m->size);
}

/* ---- running ------------------------------------------------------------ */

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

/* Steps until an interrupt could be due, so that the engine need not look. */
static uint64_t quiet_steps(const struct machine *m)
{
	const struct psw *psw = &m->psw;
	uint64_t steps = psw->status & STATUS_TE && psw->timer > 0 ? psw->timer : UINT64_MAX;
	return m->interpretive && m->host.psw.status & STATUS_TE ? least(steps, sie_timer(m)) : steps;
}

/* Accounts for n instructions that the engine completed, all in the present
 * mode and fewer than quiet_steps. */
static void count_completed(struct machine *m, uint64_t n)
{
	if (n == 0)
		return;
	m->clock += n;
	m->counts.instructions += n;
	if (m->psw.status & STATUS_M)
		m->counts.user_instructions += n;
	if (m->psw.status & STATUS_TE && m->psw.timer > 0)
		m->psw.timer -= (uint32_t)n;
	m->trapped = false;
}

#define ENGINE_SLICE (UINT64_C(1) << 20) /* instructions between looks at asked_to_stop */

static bool asked(struct machine *m) { return atomic_load_explicit(&m->asked_to_stop, memory_order_relaxed); }

/* The step that the engine has left. */
static bool step_after(struct machine *m, struct stretch stretch)
{
	if (stretch.insn == NOT_FOUND)
		return step(m);
	return step_found(m, (enum insn)stretch.insn, stretch.word);
}

static enum stop run(struct machine *m, uint64_t steps, bool fast)
{
	bool moved = false;
	atomic_store(&m->asked_to_stop, false);
	while (steps > 0 && m->end == MACHINE_RUNNING && !asked(m)) {
		struct stretch stretch = { .insn = NOT_FOUND };
		if (fast && !step_interrupts(m)) {
			stretch = engine_run(m, least(least(steps, ENGINE_SLICE), quiet_steps(m)));
			count_completed(m, stretch.completed);
			steps -= stretch.completed;
			moved |= stretch.completed > 0;
		}
		if (steps > 0) {
			if (m->breaks_n > 0 && moved && machine_at_break(m))
				return STOP_BREAK;
			moved = true;
			if (!step_after(m, stretch))
				return m->end == MACHINE_RUNNING ? STOP_INPUT : STOP_END;
			steps--;
		}
	}
	if (m->end != MACHINE_RUNNING)
		return STOP_END;
	return asked(m) ? STOP_ASKED : STOP_STEPS;
}

enum stop machine_run(struct machine *m, uint64_t steps) { return run(m, steps, m->engine != NULL); }
enum stop machine_run_plain(struct machine *m, uint64_t steps) { return run(m, steps, false); }

void machine_ask_stop(struct machine *m) { atomic_store(&m->asked_to_stop, true); }

/* ---- looking ------------------------------------------------------------ */

enum machine_end machine_end(const struct machine *m) { return m->end; }
uint8_t machine_exit_code(const struct machine *m) { return m->exit_code; }
uint32_t machine_storage_size(const struct machine *m) { return m->size; }
unsigned machine_lines(const struct machine *m) { return m->lines; }
const struct profile *machine_profile(const struct machine *m) { return m->profile; }
struct psw machine_psw(const struct machine *m) { return sie_psw(m); }
uint32_t machine_register(const struct machine *m, unsigned x) { return m->x[x & 31]; }
uint64_t machine_clock(const struct machine *m) { return m->interpretive ? sie_clock(m) : m->clock; }
bool machine_trapped(const struct machine *m) { return m->trapped && !m->interpretive; }
const uint8_t *machine_storage(const struct machine *m) { return m->storage; }
uint64_t machine_steps(const struct machine *m) { return machine_total_steps(m); }

/* In interpretive execution the rest of the PSW shown is the host's doing. */
void machine_set_psw(struct machine *m, struct psw psw)
{
	psw = psw_normal(psw);
	if (m->interpretive)
		m->psw.pc = psw.pc;
	else
		m->psw = psw;
}

void machine_set_clock(struct machine *m, uint64_t clock)
{
	if (m->interpretive)
		m->host.clock = clock - sie_completed(m);
	else
		m->clock = clock;
}

void machine_set_trapped(struct machine *m, bool trapped)
{
	if (!m->interpretive)
		m->trapped = trapped;
}

bool machine_guest(const struct machine *m, struct machine_guest *guest)
{
	if (!m->interpretive)
		return false;
	*guest = (struct machine_guest){ m->origin, m->extent, m->psw, m->clock, m->trapped, m->pending_lines,
	                                 m->host.psw, m->host.description };
	guest->host.timer = sie_timer(m);
	return true;
}

struct machine_counts machine_counts(const struct machine *m)
{
	struct machine_counts counts = m->counts;
	if (m->interpretive)
		counts.user_instructions = sie_user_instructions(m);
	return counts;
}

void machine_set_register(struct machine *m, unsigned x, uint32_t value)
{
	if (x % 32 != 0)
		m->x[x % 32] = value;
}

static bool inside(const struct machine *m, uint32_t real, size_t n)
{
	return real <= m->size && n <= m->size - real;
}

bool machine_read(const struct machine *m, uint32_t real, void *to, size_t n)
{
	if (!inside(m, real, n))
		return false;
	memcpy(to, m->storage + real, n);
	return true;
}

bool machine_write(struct machine *m, uint32_t real, const void *from, size_t n)
{
	if (!inside(m, real, n))
		return false;
	memcpy(m->storage + real, from, n);
	storage_changed(m, real, (uint32_t)n);
	return true;
}

void machine_observe(struct machine *m, const struct observer *observer)
{
	m->observer = observer ? *observer : (struct observer){ 0 };
}

void storage_changed(struct machine *m, uint32_t real, uint32_t n)
{
	if (n == 0)
		return;
	uint32_t granule = real / WATCH_GRANULE, last = (real + n - 1) / WATCH_GRANULE;
	uint8_t flags = m->granule_flags[granule];
	while (granule < last)
		flags |= m->granule_flags[++granule];
	if (flags & GRANULE_CODE)
		engine_forget(m, real, n);
	if (flags & GRANULE_WATCHED && m->observer.store)
		m->observer.store(m->observer.self, m, real, n);
}

void storage_confine(struct machine *m, uint32_t origin, uint32_t extent)
{
	m->origin = origin;
	m->extent = extent;
	if (m->engine)
		engine_confine(m);
}

static void flag(uint8_t *flags, uint8_t bit, bool on)
{
	*flags = (uint8_t)(on ? *flags | bit : *flags & ~bit);
}

void machine_watch(struct machine *m, uint32_t real, bool on)
{
	if (real >= m->size)
		return;
	uint8_t *flags = m->granule_flags + real / WATCH_GRANULE;
	flag(flags, GRANULE_WATCHED, on);
	if (real >= WATCH_GRANULE)
		flag(flags - 1, GRANULE_EDGE, on);
}

bool machine_break(struct machine *m, uint32_t real, bool on)
{
	unsigned i = 0;
	while (i < m->breaks_n && m->breaks[i] != real)
		i++;
	if (real >= m->size || (i < m->breaks_n) == on)
		return true;
	if (on) {
		uint32_t *more = realloc(m->breaks, (i + 1) * sizeof(*more));
		if (!more)
			return false;
		m->breaks = more;
		m->breaks[m->breaks_n++] = real;
	} else {
		m->breaks[i] = m->breaks[--m->breaks_n];
	}
	if (m->engine)
		engine_forget(m, real, 1);
	return true;
}

bool machine_at_break(const struct machine *m)
{
	return m->end == MACHINE_RUNNING && machine_marked(m, m->origin + m->psw.base + m->psw.pc) &&
	       !step_interrupts(m);
}
