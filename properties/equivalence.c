/* Comparing a guest bare and under monitors.  See equivalence.h; called by check.c and
 * by the tests of our own monitor.
 */

#include "equivalence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inspector/words.h"

bool equivalence_start(struct equivalence *e, const struct pair_case *c, struct refusal *why)
{
	*e = (struct equivalence){ .pardons = c->pardons };
	return pair_start(&e->pair, c, why);
}

void equivalence_stop(struct equivalence *e) { pair_stop(&e->pair); }

/* ---- comparing ---------------------------------------------------------- */

static bool differs(struct equivalence *e, enum fault fault, const char *what)
{
	e->fault = fault;
	snprintf(e->what, sizeof(e->what), "%s", what);
	return false;
}

static bool same_storage(const struct pair *p)
{
	return p->guest == 0 || memcmp(pair_storage_unpatched(p), machine_storage(p->bare), machine_storage_size(p->bare)) == 0;
}

/* Under way a host may not have written all yet. */
static bool same_output(const struct pair *p, bool ended)
{
	for (unsigned line = 0; line < p->c->guest->lines; line++) {
		const struct text *bare = &p->bare_output[line], *nested = &p->output[line];
		if (nested->n > bare->n || (ended && nested->n < bare->n))
			return false;
		if (nested->n > 0 && memcmp(bare->at, nested->at, nested->n) != 0)
			return false;
	}
	return true;
}

static bool same_disk(const struct pair *p)
{
	return memcmp(p->nested_disk.image + (size_t)p->disk_sector * SECTOR, p->bare_disk.image,
	              (size_t)p->bare_disk.sectors * SECTOR) == 0;
}

/* All of storage is worth a look when the guest has done about as much as that costs. */
static bool storage_due(const struct equivalence *e)
{
	uint64_t since = machine_counts(e->pair.bare).instructions - e->compared;
	return e->thorough || e->pair.let || e->pair.entries <= 1 || since >= machine_storage_size(e->pair.bare) / 64;
}

/* What of the PSW and the clock the VM table does not have as the bare machine has it, or
 * NULL.  A nested monitor's table is behind in time while others serve its VM. */
static const char *told_otherwise(const struct pair *p)
{
	const struct vm_entry *vm = pair_table(p);
	struct psw bare = follow_psw(p->bare);
	if (vm->psw.status != bare.status)
		return N_("status");
	if (vm->psw.base != bare.base || vm->psw.bound != bare.bound)
		return N_("R");
	bool clock = ((uint64_t)vm->clock[1] << 32 | vm->clock[0]) == machine_clock(p->bare);
	return p->c->depth > 1 || !p->entered || clock ? NULL : N_("clock");
}

static bool compare_told(struct equivalence *e)
{
	const char *what = told_otherwise(&e->pair);
	if (!what && !e->told_wrong)
		e->told = e->pair.entries;
	if (!what || !e->heed)
		e->told_wrong |= what != NULL;
	else
		return differs(e, FAULT_OTHER, what);
	return true;
}

static bool compare(struct equivalence *e)
{
	const struct pair *p = &e->pair;
	const char *what;
	if (!p->in_step)
		return differs(e, FAULT_OTHER, follow_agrees(&p->follow, &what) ? N_("the number of instructions") : what);
	if ((p->entered || p->let) && !compare_told(e))
		return false;
	if (storage_due(e)) {
		if (!same_storage(p))
			return differs(e, FAULT_LEFT_BEHIND, N_("storage"));
		if (!same_output(p, false))
			return differs(e, FAULT_LEFT_BEHIND, N_("output"));
		e->whole = p->entries;
		e->compared = machine_counts(p->bare).instructions;
	}
	return true;
}

static bool compare_ends(struct equivalence *e)
{
	const struct pair *p = &e->pair;
	if (machine_end(p->bare) != machine_end(p->nested))
		return differs(e, FAULT_LEFT_BEHIND, N_("the end"));
	if (machine_exit_code(p->bare) != machine_exit_code(p->nested))
		return differs(e, FAULT_LEFT_BEHIND, N_("the exit code"));
	if (!same_output(p, true))
		return differs(e, FAULT_LEFT_BEHIND, N_("output"));
	if (!same_storage(p))
		return differs(e, FAULT_LEFT_BEHIND, N_("storage"));
	return same_disk(p) || differs(e, FAULT_LEFT_BEHIND, N_("the disk"));
}

static bool pardon(struct equivalence *e)
{
	bool may = e->pardoned < e->pardons;
	e->pardoned += may;
	return may;
}

enum { BEYOND = 1000 }; /* steps */

/* The bare machine's end comes now, or after as many steps as the real machine took. */
static enum equivalence_verdict end(struct equivalence *e)
{
	struct pair *p = &e->pair;
	pair_run_bare(p, machine_steps(p->nested) + BEYOND);
	if (compare_ends(e) || (pair_end_was_seen(p) && pardon(e)))
		return EQUIVALENCE_ENDED;
	return EQUIVALENCE_DIFFERS;
}

/* The guest has been entered, or is in the middle of its work. */
static enum equivalence_verdict entered(struct equivalence *e)
{
	if (compare(e))
		return EQUIVALENCE_SAME;
	if (!e->pair.entered || !pardon(e))
		return EQUIVALENCE_DIFFERS;
	pair_put_in_step(&e->pair);
	return EQUIVALENCE_SAME;
}

bool equivalence_pardon_end(struct equivalence *e)
{
	struct pair *p = &e->pair;
	if (e->pardoned == e->pardons || !p->follow.exit.is)
		return false;
	pair_run_bare(p, BEYOND);
	return machine_end(p->bare) != MACHINE_RUNNING && pair_end_was_seen(p) && pardon(e);
}

enum equivalence_verdict equivalence_advance(struct equivalence *e, uint64_t steps)
{
	switch (pair_advance(&e->pair, steps)) {
	case PAIR_ENTERED:
	case PAIR_UNDER_WAY: return entered(e);
	case PAIR_ENDED:     return end(e);
	case PAIR_BABBLE:    differs(e, FAULT_OUTPUT_ENDLESS, N_("output, which does not end")); return EQUIVALENCE_DIFFERS;
	default:             return EQUIVALENCE_UNDECIDED;
	}
}

/* ---- where it diverges -------------------------------------------------- */

static void read_cells(struct moment *moment, const uint8_t *storage)
{
	memcpy(&moment->old_pc, storage, sizeof(moment->old_pc));
	memcpy(&moment->cause, storage + CELL_CAUSE, sizeof(moment->cause));
	memcpy(&moment->tval, storage + CELL_TVAL, sizeof(moment->tval));
}

static struct moment bare_moment(const struct pair *p)
{
	struct moment moment = { .psw = machine_psw(p->bare), .clock = machine_clock(p->bare),
	                         .trapped = machine_trapped(p->bare), .end = machine_end(p->bare),
	                         .exit_code = machine_exit_code(p->bare) };
	for (unsigned x = 0; x < 32; x++)
		moment.x[x] = machine_register(p->bare, x);
	read_cells(&moment, machine_storage(p->bare));
	return moment;
}

/* n instructions since the VM table was written. */
static void add_time(struct moment *moment, uint32_t n)
{
	moment->clock += n;
	if (moment->psw.status & STATUS_TE)
		moment->psw.timer -= n < moment->psw.timer ? n : moment->psw.timer;
}

static struct moment virtual_moment(const struct pair *p, bool running)
{
	const struct vm_entry *vm = pair_table(p);
	struct moment moment = { .psw = vm->psw, .clock = (uint64_t)vm->clock[1] << 32 | vm->clock[0],
	                         .trapped = vm->trapped != 0, .end = machine_end(p->nested),
	                         .exit_code = machine_exit_code(p->nested) };
	memcpy(moment.x, vm->x, sizeof(moment.x));
	if (p->guest)
		read_cells(&moment, pair_storage(p));
	if (!running)
		return moment;
	if (p->c->depth == 1)
		add_time(&moment, vm->timer_loaded - machine_psw(p->nested).timer);
	moment.psw.pc = machine_psw(p->nested).pc;
	for (unsigned x = 1; x < 32; x++)
		moment.x[x] = machine_register(p->nested, x);
	return moment;
}

static void compare_bytes(struct divergence *d, const struct pair *p)
{
	uint32_t size = machine_storage_size(p->bare);
	const uint8_t *bare = machine_storage(p->bare), *virtual = pair_storage_unpatched(p);
	for (uint32_t a = 0; a < size && p->guest; a++)
		if (bare[a] != virtual[a] && d->different++ == 0)
			d->address = a & ~UINT32_C(3);
	for (uint32_t i = 0; i < 16 && d->different && d->address + i < size; i++) {
		d->bare_bytes[i] = bare[d->address + i];
		d->virtual_bytes[i] = virtual[d->address + i];
	}
}

static void note_instruction(struct divergence *d, const struct pair *p)
{
	const struct psw *psw = &d->before.psw;
	d->has_word = address_legal(psw->pc, 4, psw->base, psw->bound, machine_storage_size(p->bare)) &&
	              machine_read(p->bare, psw->base + psw->pc, &d->word, 4);
}

static void note_before(struct divergence *d, const struct pair *p)
{
	d->before = bare_moment(p);
	d->steps = machine_steps(p->bare);
	d->interrupt = follow_interrupt_due(p->bare);
	note_instruction(d, p);
}

/* Of all that are executed directly, only System instructions can have another effect. */
static bool is_system(const struct divergence *d) { return d->has_word && isa_opcode(d->word) == ISA_OPCODE_SYSTEM; }

/* From an entry at which the two are the same, both one step at a time, until the
 * guest traps.  True iff they are the same until then; note_before has then been
 * called for the trap. */
static bool walk(struct divergence *d, struct pair *p, bool heed, uint64_t steps)
{
	const char *what;
	for (; steps > 0; steps--) {
		note_before(d, p);
		d->real_steps = machine_steps(p->nested) + 1;
		if (machine_run(p->nested, 1) == STOP_END || p->follow.exit.is)
			return true;
		pair_run_bare(p, 1);
		if (follow_agrees(&p->follow, &what)) {
			if (!is_system(d))
				continue;
			what = !same_storage(p) ? N_("storage") : heed ? told_otherwise(p) : NULL;
			if (!what)
				continue;
		}
		snprintf(d->what, sizeof(d->what), "%s", what);
		d->direct = true;
		d->bare = bare_moment(p);
		d->virtual = virtual_moment(p, true);
		compare_bytes(d, p);
		return false;
	}
	snprintf(d->what, sizeof(d->what), "nothing so far");
	return false;
}

/* What is left of so many steps. */
static uint64_t left(const struct equivalence *e, uint64_t steps)
{
	uint64_t now = machine_steps(e->pair.nested);
	return now < steps ? steps - now : 0;
}

/* The guest's host resumed it, and not as its own table has it. */
static bool is_stale(const struct pair *p)
{
	const struct vm_entry *vm = pair_told(p);
	return p->c->depth == 1 && ((vm->psw.pc & ~UINT32_C(3)) != machine_psw(p->nested).pc || vm->state != VM_RUNNABLE);
}

/* The guest has trapped: its host makes of that what it does. */
static void serve(struct divergence *d, struct equivalence *e, uint64_t steps)
{
	struct pair *p = &e->pair;
	d->cause = p->follow.exit.cause;
	d->tval = p->follow.exit.tval;
	p->follow.no_hint = true;
	enum equivalence_verdict verdict = equivalence_advance(e, left(e, steps));
	d->came_back = p->entered;
	d->stale = p->entered && is_stale(p);
	if (!p->entered && !d->at_start)
		pair_run_bare(p, 1);
	d->bare = bare_moment(p);
	d->virtual = virtual_moment(p, p->entered);
	snprintf(d->what, sizeof(d->what), "%s", verdict == EQUIVALENCE_UNDECIDED ? "the guest does not go on" : e->what);
	compare_bytes(d, p);
}

/* Runs to the last entry, of those after good, at which all is the same. */
static uint64_t last_good(const struct pair_case *c, uint64_t good, bool heed, uint64_t steps)
{
	struct equivalence *e = malloc(sizeof(*e));
	struct refusal why;
	uint64_t last = good;
	if (e && equivalence_start(e, c, &why)) {
		e->heed = heed;
		do
			e->thorough = e->pair.entries + 1 >= good;
		while (equivalence_advance(e, left(e, steps)) == EQUIVALENCE_SAME && left(e, steps) > 0);
		last = e->whole;
		equivalence_stop(e);
	}
	free(e);
	return last;
}

void equivalence_locate(struct divergence *d, const struct pair_case *given, uint64_t good, uint64_t told, uint64_t steps)
{
	struct pair_case c = *given;
	struct refusal why;
	c.coverage = NULL;
	*d = (struct divergence){ 0 };
	if (told > 0 && told < good)
		good = told;
	good = last_good(&c, good, told > 0, steps);
	struct equivalence *e = malloc(sizeof(*e));
	if (!e || !equivalence_start(e, &c, &why)) {
		free(e);
		return;
	}
	e->heed = told > 0;
	while (e->pair.entries < good && equivalence_advance(e, left(e, steps)) == EQUIVALENCE_SAME)
		;
	e->thorough = true;
	d->found = e->pair.entries == good;
	d->at_start = d->found && good == 0;
	if (d->at_start || (d->found && walk(d, &e->pair, e->heed, steps)))
		serve(d, e, steps);
	equivalence_stop(e);
	free(e);
}
