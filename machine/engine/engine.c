/* The fast executor's door (machine.h): made and freed with its machine, run by
 * machine_run, told by storage_changed what to forget.  It never defines
 * anything: every state it reaches, the plain executor reaches too.
 */

#include "engine.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PATIENCE 8 /* visits; decoding costs as much as a few plain steps */

/* Slots take room only once they are decoded. */
static size_t slots_size(const struct machine *m) { return (m->size / 4 + (size_t)1) * sizeof(struct slot); }

static struct slot *map_slots(const struct machine *m)
{
	void *p = mmap(NULL, slots_size(m), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return p == MAP_FAILED ? NULL : p;
}

struct engine *engine_new(struct machine *m)
{
	struct engine *e = calloc(1, sizeof(*e));
	if (!e)
		return NULL;
	e->m = m;
	m->engine = e;
	engine_confine(m);
	e->patience = PATIENCE;
	e->slots = map_slots(m);
	e->flags_bias = (uintptr_t)m->granule_flags - (uintptr_t)m->storage / WATCH_GRANULE;
	if (!e->slots || (uintptr_t)m->storage % WATCH_GRANULE != 0) {
		engine_free(e);
		return NULL;
	}
	return e;
}

void engine_free(struct engine *e)
{
	if (!e)
		return;
	if (e->slots)
		munmap(e->slots, slots_size(e->m));
	free(e);
}

/* ---- running ------------------------------------------------------------ */

void engine_confine(struct machine *m) { m->engine->base = 1; /* as no PSW has */ }

/* Bytes from virtual address 0 that are legal. */
static uint32_t reachable(const struct machine *m)
{
	uint32_t above = m->psw.base < m->extent ? m->extent - m->psw.base : 0;
	return m->psw.bound < above ? m->psw.bound : above;
}

/* A run must not reach below the present base: its own branches would jump
 * there unchecked. */
static void cut_at(struct engine *e, uint32_t real)
{
	struct slot *below = e->slots + real / 4 - 1;
	if (real > 0 && below->len > 1)
		engine_forget_run(e->slots, below);
}

/* Takes over the machine's R. */
static void load_r(struct engine *e)
{
	const struct psw *psw = &e->m->psw;
	uint32_t bytes = reachable(e->m);
	e->base = psw->base;
	e->bound = psw->bound;
	e->limit = bytes > 3 ? bytes - 3 : 0;
	if (e->limit == 0)
		return;
	uint32_t real = e->m->origin + psw->base;
	e->mem = e->m->storage + real;
	e->first = e->slots + real / 4;
	e->fence = e->first + bytes / 4;
	cut_at(e, real);
}

/* Decodes the run at ip, once that is worth while: code that runs once, or changes
 * each time it runs, is left to the plain executor. */
static void visit(const struct engine *e, struct slot *ip)
{
	if (ip < e->first || ip >= e->fence)
		return;
	if (ip->rd < e->patience)
		ip->rd++;
	else
		engine_decode(e, ip);
}

/* Pays for the run at engine.ip; decodes it if need be. */
static bool enter(struct engine *e)
{
	struct slot *ip = e->ip;
	if (ip->len == 0)
		visit(e, ip);
	if (engine_cannot_enter(e, ip, e->left))
		return false;
	e->left -= ip->len;
	return true;
}

struct stretch engine_run(struct machine *m, uint64_t budget)
{
	struct engine *e = m->engine;
	struct stretch stretch = { .insn = NOT_FOUND };
	if (e->base != m->psw.base || e->bound != m->psw.bound)
		load_r(e);
	if (m->psw.pc >= e->limit)
		return stretch;
	e->ip = e->first + m->psw.pc / 4;
	e->left = budget;
	e->found = NULL;
	while (enter(e)) {
		for (struct slot *ip = e->ip; ip;)
			ip = ip->run(ip, m->x, e->mem, e, e->limit, e->left);
		if (e->ip->len != 0) /* not for want of decoding */
			break;
	}
	m->psw.pc = engine_pc(e, e->ip);
	stretch.completed = budget - e->left;
	if (e->found) {
		stretch.insn = e->found->rd;
		stretch.word = (uint32_t)e->found->imm;
	}
	return stretch;
}

/* ---- forgetting --------------------------------------------------------- */

void engine_forget_run(struct slot *slots, struct slot *slot)
{
	struct slot *end = slot + slot->len;
	for (size_t n = 1; n <= (size_t)(end - slots) && end[-(ptrdiff_t)n].len == n; n++)
		end[-(ptrdiff_t)n] = (struct slot){ 0 };
}

/* Takes the mark off a granule that no longer needs it. */
static void tidy(struct engine *e, uint32_t granule)
{
	const uint32_t words = WATCH_GRANULE / 4, all = e->m->size / 4;
	uint32_t first = granule * words;
	for (uint32_t word = first; word <= first + words && word < all; word++)
		if (e->slots[word].len != 0)
			return;
	e->m->granule_flags[granule] &= (uint8_t)~GRANULE_CODE;
}

void engine_forget(struct machine *m, uint32_t real, uint32_t n)
{
	struct engine *e = m->engine;
	uint32_t first = real / WATCH_GRANULE, last = (real + n - 1) / WATCH_GRANULE;
	for (uint32_t granule = first; granule <= last; granule++) {
		if (!(m->granule_flags[granule] & GRANULE_CODE))
			continue;
		uint32_t from = granule == first ? real / 4 : granule * (WATCH_GRANULE / 4);
		uint32_t to = granule == last ? (real + n - 1) / 4 : (granule + 1) * (WATCH_GRANULE / 4) - 1;
		for (uint32_t word = from; word <= to; word++)
			if (e->slots[word].len != 0)
				engine_forget_run(e->slots, e->slots + word);
		tidy(e, granule);
	}
	if (first > 0)
		tidy(e, first - 1);
}
