/* From pairs of states to verdicts: Popek and Goldberg 1974, 'Instruction Behavior',
 * run instead of read.  Called by droste classify and the tests.
 */

#include "classify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const classify_property_names[PROPERTIES] = { "control", "mode", "location", "bound", "clock", "mask" };

/* The machines that all states are run on. */
struct workshop {
	struct classify_bench *bare;    /* the profile's machine */
	struct classify_bench *opened;  /* the same, but user mode traps nowhere */
	struct classify_bench *virtual; /* the profile's machine, running states directly */
	struct classified *c;           /* under examination */
	uint64_t runs;
	struct classify_outcome outcome[2], other, direct;
};

/* ---- differences -------------------------------------------------------- */

#define NO_DIFFERENCE ((struct classify_difference){ PART_NONE, 0, 0, 0 })

static struct classify_difference differ(enum classify_part part, uint32_t where, uint64_t a, uint64_t b)
{
	return (struct classify_difference){ part, where, a, b };
}

/* n bytes at a and b: the first word that differs, as far as there is one. */
static struct classify_difference differ_in_storage(const uint8_t *a, const uint8_t *b, uint32_t n)
{
	uint32_t at = 0, word[2] = { 0, 0 };
	if (memcmp(a, b, n) == 0)
		return NO_DIFFERENCE;
	while (a[at] == b[at])
		at++;
	at &= ~UINT32_C(3);
	uint32_t length = n - at < 4 ? n - at : 4;
	memcpy(&word[0], a + at, length);
	memcpy(&word[1], b + at, length);
	return differ(PART_STORAGE, at, word[0], word[1]);
}

static struct classify_difference differ_in_registers(const uint32_t a[32], const uint32_t b[32])
{
	for (uint32_t x = 1; x < 32; x++)
		if (a[x] != b[x])
			return differ(PART_REGISTER, x, a[x], b[x]);
	return NO_DIFFERENCE;
}

/* What an instruction computes: storage in the window, pc, registers; and whether it
 * completes at all.  Windows compare by virtual address: e | r in the paper. */
static struct classify_difference differ_in_results(const struct classify_outcome *a, const struct psw *ra,
                                                    const struct classify_outcome *b, const struct psw *rb)
{
	uint32_t na = classify_window(ra), nb = classify_window(rb), n = na < nb ? na : nb;
	if (a->kind != b->kind)
		return differ(PART_END, 0, a->kind, b->kind);
	struct classify_difference d = NO_DIFFERENCE;
	if (n > 0)
		d = differ_in_storage(a->storage + ra->base, b->storage + rb->base, n);
	if (d.part == PART_NONE && a->psw.pc != b->psw.pc)
		d = differ(PART_PC, 0, a->psw.pc, b->psw.pc);
	return d.part == PART_NONE ? differ_in_registers(a->x, b->x) : d;
}

/* What else an instruction does. */
static struct classify_difference differ_in_effects(const struct classify_outcome *a, const struct classify_outcome *b)
{
	if ((a->psw.status ^ b->psw.status) & STATUS_MASK)
		return differ(PART_MASK, 0, a->psw.status & STATUS_MASK, b->psw.status & STATUS_MASK);
	if (a->psw.timer != b->psw.timer)
		return differ(PART_TIMER, 0, a->psw.timer, b->psw.timer);
	if (a->clock != b->clock)
		return differ(PART_CLOCK, 0, a->clock, b->clock);
	if (a->device != b->device || a->moved != b->moved || a->armed != b->armed || a->pending != b->pending)
		return differ(PART_DEVICE, 0, a->device, b->device);
	if (a->end != b->end)
		return differ(PART_END, 0, a->kind, b->kind);
	return NO_DIFFERENCE;
}

static bool same_r(const struct psw *a, const struct psw *b) { return a->base == b->base && a->bound == b->bound; }

static struct classify_difference differ_in_r(const struct psw *a, const struct psw *b)
{
	if (a->base != b->base)
		return differ(PART_R, 0, a->base, b->base);
	return a->bound != b->bound ? differ(PART_R, 1, a->bound, b->bound) : NO_DIFFERENCE;
}

/* The timer after one instruction that does nothing to it. */
static uint32_t ticked(const struct psw *psw)
{
	return psw->timer - (psw->status & STATUS_TE && psw->timer > 0);
}

/* M, R and all else that controls the machine, before and after; a tick of timer and
 * clock is no change. */
static struct classify_difference differ_in_control(const struct classify_state *before,
                                                    const struct classify_outcome *after)
{
	const struct psw *a = &before->psw, *b = &after->psw;
	if ((a->status ^ b->status) & STATUS_M)
		return differ(PART_M, 0, a->status & STATUS_M, b->status & STATUS_M);
	if (!same_r(a, b))
		return differ_in_r(a, b);
	if (after->kind == CLASSIFY_STOPPED)
		return differ(PART_END, 0, CLASSIFY_COMPLETED, after->kind);
	if ((a->status ^ b->status) & STATUS_MASK)
		return differ(PART_MASK, 0, a->status & STATUS_MASK, b->status & STATUS_MASK);
	if (b->timer != ticked(a))
		return differ(PART_TIMER, 0, ticked(a), b->timer);
	if (after->clock != before->clock + 1)
		return differ(PART_CLOCK, 0, before->clock + 1, after->clock);
	return after->device ? differ(PART_DEVICE, 0, 0, 1) : NO_DIFFERENCE;
}

/* ---- verdicts ----------------------------------------------------------- */

static enum classify_extent extent_of(enum classify_part part)
{
	switch (part) {
	case PART_NONE: return EXTENT_NONE;
	case PART_STORAGE: case PART_PC: case PART_M: case PART_R: return EXTENT_LETTER;
	case PART_REGISTER: return EXTENT_REGISTERS;
	default: return EXTENT_OURS;
	}
}

static bool stronger(const struct classify_verdict *a, const struct classify_verdict *b)
{
	return a->extent != b->extent ? a->extent > b->extent : a->keeps > b->keeps;
}

/* The first of the strongest stays. */
static void keep(struct classify_verdict *verdict, const struct classify_verdict *found)
{
	if (stronger(found, verdict))
		*verdict = *found;
}

static bool keeps_control(const struct classify_state *before, const struct classify_outcome *after)
{
	return same_r(&before->psw, &after->psw) && ((before->psw.status ^ after->psw.status) & STATUS_M) == 0;
}

/* A trap, or an interrupt before it, is not what the instruction does. */
static bool executed(const struct classify_outcome *outcome)
{
	return outcome->kind == CLASSIFY_COMPLETED || outcome->kind == CLASSIFY_STOPPED;
}

static bool trapped_with(const struct classify_outcome *outcome, enum cause cause)
{
	return outcome->kind == CLASSIFY_TRAPPED && outcome->cause == cause;
}

static struct classify_difference traps(const struct classify_outcome *a, const struct classify_outcome *b)
{
	return differ(PART_TRAP, 0, a->kind == CLASSIFY_TRAPPED ? a->cause : CAUSES,
	              b->kind == CLASSIFY_TRAPPED ? b->cause : CAUSES);
}

/* Privileged: for all states that differ only in M, of which neither memory traps, user
 * mode traps and supervisor mode does not. */
static void judge_privilege(struct classified *c, const struct classify_state s[2], const struct classify_outcome o[2])
{
	struct classify_verdict found = { EXTENT_LETTER, false, false, s[0], s[1], traps(&o[0], &o[1]) };
	if (o[0].kind == CLASSIFY_TRAPPED && o[1].kind == CLASSIFY_TRAPPED && o[0].cause != o[1].cause)
		keep(&c->asymmetry, &found);
	if (trapped_with(&o[0], CAUSE_MEMORY) || trapped_with(&o[1], CAUSE_MEMORY))
		return;
	bool trapping = trapped_with(&o[1], CAUSE_PRIVILEGED) && o[0].kind != CLASSIFY_TRAPPED;
	c->pairs++;
	c->trapping += trapping;
	keep(trapping ? &c->trap : &c->no_trap, &found);
}

/* Control sensitive: some state that does not trap, and M or R changes. */
static void judge_control(struct classified *c, const struct classify_state *s, const struct classify_outcome *o)
{
	struct classify_difference d = differ_in_control(s, o);
	keep(&c->sensitive[s->psw.status & STATUS_M][PROPERTY_CONTROL],
	     &(struct classify_verdict){ extent_of(d.part), false, false, *s, *s, d });
}

/* Behaviour sensitive by mode: states that differ only in M.  What user mode never does
 * is asked of the opened machine. */
static void judge_mode(struct workshop *w, const struct classify_state s[2], const struct classify_outcome *a)
{
	const struct classify_outcome *b = &w->outcome[1];
	bool opened = trapped_with(b, CAUSE_PRIVILEGED);
	if (opened) {
		classify_run(w->opened, &s[1], &w->other);
		b = &w->other;
		w->runs++;
	}
	if (!executed(a) || !executed(b))
		return;
	struct classify_difference d = differ_in_results(a, &s[0].psw, b, &s[1].psw);
	enum classify_extent extent = extent_of(d.part);
	if (extent == EXTENT_NONE)
		d = differ_in_r(&a->psw, &b->psw);
	if (d.part == PART_NONE)
		d = differ_in_effects(a, b);
	if (extent == EXTENT_NONE && d.part != PART_NONE)
		extent = EXTENT_OURS;
	bool keeps = keeps_control(&s[0], a) && keeps_control(&s[1], b);
	keep(&w->c->sensitive[0][PROPERTY_MODE], &(struct classify_verdict){ extent, keeps, opened, s[0], s[1], d });
}

/* Behaviour sensitive by location: R = (l, b) and (l + x, b), equal windows.  And, ours:
 * states that differ in bound, timer, clock, or mask. */
static void judge_variant(struct workshop *w, enum classify_property property, const struct classify_state *s,
                          const struct classify_outcome *a, const struct classify_state *variant)
{
	const struct classify_outcome *b = &w->other;
	classify_run(w->bare, variant, &w->other);
	w->runs++;
	if (!executed(b))
		return;
	struct classify_difference d = differ_in_results(a, &s->psw, b, &variant->psw);
	if (d.part == PART_NONE && property == PROPERTY_LOCATION)
		d = differ_in_effects(a, b);
	bool keeps = keeps_control(s, a) && keeps_control(variant, b);
	keep(&w->c->sensitive[s->psw.status & STATUS_M][property],
	     &(struct classify_verdict){ extent_of(d.part), keeps, false, *s, *variant, d });
}

/* Moves the window, if there is room for all of it. */
static bool move(struct psw *psw)
{
	static const int64_t steps[] = { 512, -512 };
	uint32_t window = classify_window(psw);
	for (int i = 0; i < 2; i++) {
		struct psw moved = *psw;
		moved.base = (uint32_t)(moved.base + steps[i]);
		if (moved.base < CLASSIFY_STORAGE && classify_window(&moved) == window) {
			*psw = moved;
			return true;
		}
	}
	return false;
}

static void judge_variants(struct workshop *w, const struct classify_state *s, const struct classify_outcome *a)
{
	struct classify_state v = *s;
	if (move(&v.psw))
		judge_variant(w, PROPERTY_LOCATION, s, a, &v);
	v = *s;
	v.psw.bound += v.psw.bound == BOUND_ALL ? -(uint32_t)4 : 4;
	judge_variant(w, PROPERTY_BOUND, s, a, &v);
	v = *s;
	v.psw.timer ^= 4;
	judge_variant(w, PROPERTY_CLOCK, s, a, &v);
	v = *s;
	v.clock += (UINT64_C(1) << 32) + 3;
	judge_variant(w, PROPERTY_CLOCK, s, a, &v);
	for (uint32_t mask = STATUS_IE; mask <= STATUS_MASK; mask += STATUS_IE) {
		v = *s;
		v.psw.status ^= mask;
		judge_variant(w, PROPERTY_MASK, s, a, &v);
	}
}

/* ---- direct execution (ours) -------------------------------------------- */

static struct classify_difference swapped(struct classify_difference d) { return differ(d.part, d.where, d.b, d.a); }

/* B, the hardware on f(S), completed.  Then A, the bare machine on S, must have done the
 * same, and nothing that only a monitor could notice. */
static struct classify_difference differ_in_execution(const struct classify_state *s, const struct classify_outcome *a,
                                                      const struct classify_outcome *b)
{
	const struct psw real = classify_real_psw(s);
	struct classify_state f = *s;
	f.psw = real;
	f.clock = s->clock + CLASSIFY_CLOCK_AHEAD;
	if (a->kind != b->kind)
		return a->kind == CLASSIFY_TRAPPED ? traps(a, b) : differ(PART_END, 0, a->kind, b->kind);
	struct classify_difference d = differ_in_control(&f, b);
	if (d.part == PART_NONE && b->touched)
		d = differ(PART_OUTSIDE, 0, 0, 0);
	if (d.part == PART_NONE)
		d = differ_in_storage(a->storage, b->storage, CLASSIFY_STORAGE);
	if (d.part == PART_NONE && a->psw.pc != b->psw.pc)
		d = differ(PART_PC, 0, a->psw.pc, b->psw.pc);
	if (d.part == PART_NONE)
		d = differ_in_registers(a->x, b->x);
	return d.part == PART_NONE ? swapped(differ_in_control(s, a)) : d;
}

/* B traps privileged: the monitor's.  B traps otherwise: A must, in the same way. */
static struct classify_difference differ_directly(const struct classify_state *s, const struct classify_outcome *a,
                                                  const struct classify_outcome *b)
{
	if (trapped_with(b, CAUSE_PRIVILEGED))
		return NO_DIFFERENCE;
	if (b->kind != CLASSIFY_TRAPPED)
		return differ_in_execution(s, a, b);
	return a->kind == b->kind && a->cause == b->cause && a->tval == b->tval ? NO_DIFFERENCE : traps(a, b);
}

static void judge_directly(struct workshop *w, const struct classify_state *s, const struct classify_outcome *a)
{
	classify_run_virtual(w->virtual, s, &w->direct);
	w->runs++;
	struct classify_difference d = differ_directly(s, a, &w->direct);
	keep(&w->c->dx[s->psw.status & STATUS_M], &(struct classify_verdict){
		d.part == PART_NONE ? EXTENT_NONE : EXTENT_OURS, false, false, *s, *s, d });
}

/* ---- all states --------------------------------------------------------- */

static void examine(void *self, const struct classify_state *state)
{
	struct workshop *w = self;
	struct classify_state s[2] = { *state, *state };
	s[1].psw.status |= STATUS_M;
	for (int mode = 0; mode < 2; mode++)
		classify_run(w->bare, &s[mode], &w->outcome[mode]);
	w->runs += 2;
	if (w->outcome[0].kind == CLASSIFY_INTERRUPTED || w->outcome[1].kind == CLASSIFY_INTERRUPTED)
		return;
	judge_privilege(w->c, s, w->outcome);
	judge_mode(w, s, &w->outcome[0]);
	for (int mode = 0; mode < 2; mode++) {
		if (executed(&w->outcome[mode])) {
			judge_control(w->c, &s[mode], &w->outcome[mode]);
			judge_variants(w, &s[mode], &w->outcome[mode]);
		}
		judge_directly(w, &s[mode], &w->outcome[mode]);
	}
}

/* What holds of some operands holds of the instruction. */
static void add(struct classified *sum, const struct classified *c)
{
	sum->insn = c->insn;
	sum->pairs += c->pairs;
	sum->trapping += c->trapping;
	keep(&sum->trap, &c->trap);
	keep(&sum->no_trap, &c->no_trap);
	keep(&sum->asymmetry, &c->asymmetry);
	for (int mode = 0; mode < 2; mode++) {
		keep(&sum->dx[mode], &c->dx[mode]);
		for (int p = 0; p < PROPERTIES; p++)
			keep(&sum->sensitive[mode][p], &c->sensitive[mode][p]);
	}
}

static void classify_insn(struct workshop *w, struct classification *all, enum insn insn)
{
	for (int kind = 0; kind < OPERAND_CLASSES; kind++) {
		enum classify_operands operands = (enum classify_operands)kind;
		w->c = &all->by[insn][kind];
		w->c->insn = insn;
		if (!classify_has_operands(insn, operands))
			continue;
		classify_each_state(insn, operands, examine, w);
		add(&all->any[insn], w->c);
	}
}

static void close_workshop(struct workshop *w)
{
	classify_bench_free(w->bare);
	classify_bench_free(w->opened);
	classify_bench_free(w->virtual);
	free(w);
}

/* Wherever the profile's user mode traps, the opened machine's executes. */
struct profile classify_opened(const struct profile *profile)
{
	struct profile open = *profile;
	for (int i = 0; i < SYSTEM_ROWS; i++)
		if (open.user[i] == USER_TRAP)
			open.user[i] = USER_EXECUTE;
	return open;
}

struct classification *classify(const struct profile *profile, const bool only[INSNS], struct refusal *why)
{
	struct workshop *w = calloc(1, sizeof(*w));
	struct classification *all = calloc(1, sizeof(*all));
	if (!w || !all) {
		refuse(why, "no memory to classify instructions");
		free(w);
		free(all);
		return NULL;
	}
	struct profile open = classify_opened(profile);
	all->profile = *profile;
	w->bare = classify_bench_new(&all->profile, false, why);
	w->opened = w->bare ? classify_bench_new(&open, false, why) : NULL;
	w->virtual = w->opened ? classify_bench_new(&all->profile, true, why) : NULL;
	if (!w->virtual) {
		close_workshop(w);
		free(all);
		return NULL;
	}
	for (int insn = 0; insn < INSNS; insn++)
		if (profile_has(profile, (enum insn)insn) && (!only || only[insn]))
			classify_insn(w, all, (enum insn)insn);
	all->runs = w->runs;
	close_workshop(w);
	return all;
}

/* ---- reading them ------------------------------------------------------- */

enum classify_privilege classify_privilege(const struct classified *c)
{
	if (c->pairs == 0)
		return PRIVILEGED_UNKNOWN;
	if (c->trapping == 0)
		return PRIVILEGED_NO;
	return c->trapping == c->pairs ? PRIVILEGED_YES : PRIVILEGED_PARTIALLY;
}

const struct classify_verdict *classify_strongest(const struct classified *c, enum classify_property property)
{
	const struct classify_verdict *supervisor = &c->sensitive[0][property], *user = &c->sensitive[1][property];
	return stronger(user, supervisor) ? user : supervisor;
}

enum classify_extent classify_extent(const struct classified *c, enum classify_property property)
{
	return classify_strongest(c, property)->extent;
}

unsigned classify_column(const struct classified *c)
{
	static const enum sensitivity bits[PROPERTIES] = {
		[PROPERTY_CONTROL] = CONTROL, [PROPERTY_MODE] = MODE, [PROPERTY_LOCATION] = LOCATION, [PROPERTY_CLOCK] = CLOCK,
	};
	unsigned column = INNOCUOUS;
	for (int p = 0; p < PROPERTIES; p++)
		if (classify_extent(c, (enum classify_property)p) != EXTENT_NONE)
			column |= bits[p];
	return column;
}
