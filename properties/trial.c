/* One run with everything watched.  See trial.h; called by check.c. */

#include "trial.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inspector/words.h"

enum { PATIENCE = 400000000, WAITS_SOON = 2000000 }; /* steps of a bare machine */

/* What the nested machine is given for each step of the guest: a monitor that
 * interprets in software needs some hundreds, more for SIO, and one that steps a thousand. */
enum { STEPS_EACH = 2000, STEPS_TO_BOOT = 3000000 };

/* Work without any progress of the guest that shows. */
enum { IDLE_MOST = 1 << 28, PIECE_LEAST = 100000, PIECE_MOST = 1 << 26, TO_BE_SURE = 1 << 16 };

/* ---- the bare machine alone --------------------------------------------- */

static uint64_t measure(const struct pair_case *c, uint64_t limit, struct late *late, struct refusal *why)
{
	const struct machine_config config = { c->guest->storage, c->guest->lines, c->profile, false };
	struct machine *m = machine_new(&config, why);
	uint8_t *image = malloc((size_t)c->guest->disk.sectors * SECTOR);
	uint64_t steps = 0;
	if (m && image) {
		memcpy(image, c->guest->disk.image, (size_t)c->guest->disk.sectors * SECTOR);
		machine_attach_disk(m, image, c->guest->disk.sectors);
		for (unsigned line = 0; line < c->guest->lines && c->when == INPUT_FIRST; line++) {
			machine_input(m, line, c->input[line].at, c->input[line].n);
			machine_input_ends(m, line);
		}
		machine_ipl(m);
		while (machine_run(m, limit - machine_steps(m)) == STOP_INPUT && late_comes(late, c, m, 0))
			;
		steps = machine_steps(m);
	}
	machine_free(m);
	free(image);
	return steps;
}

uint64_t trial_measure(const struct pair_case *c, uint64_t limit, struct refusal *why)
{
	struct late late = { .ended = false };
	return measure(c, limit, &late, why);
}

bool trial_waits(const struct pair_case *c)
{
	struct pair_case waiting = *c;
	struct late late = { .ended = false };
	struct refusal why;
	waiting.when = INPUT_LATE;
	return measure(&waiting, WAITS_SOON, &late, &why) < WAITS_SOON && late.times > 0;
}

/* ---- afterwards --------------------------------------------------------- */

/* The monitor's last words, on one line. */
static void note_said(struct trial *trial, const struct text *said)
{
	size_t n = said->n < sizeof(trial->said) - 1 ? said->n : sizeof(trial->said) - 1;
	if (n > 0)
		memcpy(trial->said, said->at + said->n - n, n);
	for (size_t i = 0; i < n; i++)
		if (!isprint((unsigned char)trial->said[i]))
			trial->said[i] = ' ';
	while (n > 0 && trial->said[n - 1] == ' ')
		n--;
	trial->said[n] = '\0';
}

enum { LOOP_LEAST = 1000000 }; /* steps without a trap, in which a monitor serves any trap of its guest's */

/* The monitor is in a loop of its own. */
static bool goes_round(const struct pair *p)
{
	return machine_end(p->nested) == MACHINE_RUNNING && !(machine_psw(p->nested).status & STATUS_M) &&
	       machine_steps(p->nested) - p->trapped_at > LOOP_LEAST;
}

/* Where the monitor trapped, or, if it goes on for ever, is. */
static void note_stray(struct trial *trial, const struct pair *p)
{
	if (trial->end == TRIAL_DIFFERS || trial->end == TRIAL_STUCK)
		trial->stray = p->stray;
	if (trial->end == TRIAL_STUCK && !trial->stray.is && goes_round(p))
		trial->stray = (struct stray){ .is = true, .pc = machine_psw(p->nested).pc };
}

/* Exits for each privileged instruction, as the meter saw them.  SIO is left out: each
 * level issues one of its own. */
static void note_trips(struct trial *trial, const struct levels_meter *meter)
{
	for (int i = 0; i < SYSTEM_INSNS; i++) {
		if (i == INSN_sio - INSN_SYSTEM)
			continue;
		trial->trips.instructions += meter->trips[i].instructions;
		trial->trips.exits += meter->trips[i].exits;
	}
}

static void note(struct trial *trial, struct pair *p)
{
	if (trial->ended && trial->end == TRIAL_SAME) {
		struct machine_counts bare = machine_counts(p->bare);
		p->agreed = p->counts;
		p->agreed.instructions = bare.instructions;
		p->agreed.system = p->counts.system;
		memcpy(p->agreed.traps, bare.traps, sizeof(bare.traps));
	}
	trial->efficiency = efficiency_of(&p->agreed);
	trial->entries = p->entries;
	trial->unseen = p->guest == 0;
	trial->indirect_at = p->indirect_at;
	trial->clock = p->follow.pace.clock;
	trial->violation = p->control.first;
	trial->instructions = machine_counts(p->bare).instructions;
	trial->real_steps = machine_steps(p->nested);
	note_trips(trial, &p->meter);
	note_stray(trial, p);
	note_said(trial, &p->said);
}

/* ---- the run ------------------------------------------------------------ */

static void describe_stuck(struct trial *trial, const struct pair *p, uint64_t progress_at)
{
	struct psw psw = machine_psw(p->nested);
	bool ended = machine_end(p->nested) != MACHINE_RUNNING;
	trial->end = TRIAL_STUCK;
	trial->shown = (ended ? machine_steps(p->nested) : progress_at) + TO_BE_SURE;
	trial->fault = ended ? p->entries ? FAULT_ENDS_EARLY : FAULT_ENDS_AT_ONCE : p->entries ? FAULT_NOT_RESUMED : FAULT_NEVER_ENTERS;
	if (ended)
		snprintf(trial->what, sizeof(trial->what), _("the monitor's machine ends in %s, and its guest has not"),
		         machine_end_names[machine_end(p->nested)]);
	else
		snprintf(trial->what, sizeof(trial->what),
		         _("the guest does not go on: %s in %llu steps of the real machine, now at pc 0x%08x in %s mode"),
		         p->entries ? _("it was not entered again") : _("it was never entered"), (unsigned long long)machine_steps(p->nested),
		         psw.pc, psw.status & STATUS_M ? _("user") : _("supervisor"));
}

static void describe_difference(struct trial *trial, const struct equivalence *e)
{
	const struct pair *p = &e->pair;
	trial->end = TRIAL_DIFFERS;
	trial->shown = machine_steps(p->nested) + TO_BE_SURE;
	trial->good = e->whole;
	trial->fault = e->fault;
	if (machine_end(p->nested) != MACHINE_RUNNING && p->entries == 0)
		trial->fault = FAULT_ENDS_AT_ONCE;
	if (machine_end(p->nested) != MACHINE_RUNNING && machine_end(p->nested) != machine_end(p->bare))
		snprintf(trial->what, sizeof(trial->what), _("under the monitor the end is %s, code %u; bare it is %s, code %u"),
		         machine_end_names[machine_end(p->nested)], machine_exit_code(p->nested),
		         machine_end_names[machine_end(p->bare)], machine_exit_code(p->bare));
	else
		snprintf(trial->what, sizeof(trial->what), e->fault == FAULT_OUTPUT_ENDLESS ? "%s" : _("%s not as on the bare machine"), _(e->what));
}

static uint64_t steps_most(const struct trial *trial, const struct pair *p)
{
	return p->c->steps_most && p->c->steps_most < trial->budget ? p->c->steps_most : trial->budget;
}

/* The next piece of the run, so long that a monitor is done with it in one, if its
 * guest takes as many steps. */
static enum equivalence_verdict advance(struct trial *trial, struct equivalence *e, uint64_t steps)
{
	uint64_t left = steps_most(trial, &e->pair) - machine_steps(e->pair.nested), piece = PIECE_LEAST + 4 * steps;
	piece = piece < left ? piece : left;
	enum equivalence_verdict verdict = equivalence_advance(e, piece < PIECE_MOST ? piece : PIECE_MOST);
	if (verdict == EQUIVALENCE_SAME && e->pair.entered && e->pair.c->depth == 1)
		inspection_entered(&trial->lie, &e->pair);
	return verdict;
}

/* The guest's progress, and that of the monitors above it: seen or said. */
static uint64_t progress(const struct pair *p)
{
	uint64_t n = machine_steps(p->bare) + p->output[0].n;
	for (unsigned i = 1; i < p->meter.n; i++) {
		const struct vm_entry *vm = &p->meter.levels[i].entry;
		n += (uint64_t)vm->clock[1] << 32 | vm->clock[0];
	}
	return n;
}

/* True while it is worth going on; steps: the guest's, to its end or as far as anybody
 * looks on. */
static bool goes_on(const struct trial *trial, const struct pair *p, enum equivalence_verdict verdict, uint64_t steps,
                    uint64_t idle)
{
	uint64_t now = machine_steps(p->nested), idle_most = p->c->idle_most ? p->c->idle_most : IDLE_MOST;
	if (verdict == EQUIVALENCE_SAME && machine_steps(p->bare) > steps)
		return false;
	return (verdict == EQUIVALENCE_SAME || verdict == EQUIVALENCE_UNDECIDED) && machine_end(p->nested) == MACHINE_RUNNING &&
	       now < steps_most(trial, p) && idle < idle_most && !pair_exhausted(p);
}

/* A host that interprets may never enter a guest that does not end.  Then nothing can be
 * compared, and that it went as far as anybody looks on is known from its table only. */
static bool went_far(const struct pair *p, enum equivalence_verdict verdict, uint64_t steps, bool endless)
{
	const struct vm_entry *vm = pair_table(p);
	uint64_t says = p->counts.direct + vm->emulated + vm->reflected;
	return endless && verdict == EQUIVALENCE_UNDECIDED && p->guest > 0 && machine_end(p->nested) == MACHINE_RUNNING && says >= steps;
}

/* Nobody looked on, though it was going on. */
static bool cut_short(const struct trial *trial, const struct pair *p, uint64_t progress_at)
{
	return machine_end(p->nested) == MACHINE_RUNNING &&
	       (pair_exhausted(p) || (steps_most(trial, p) < trial->budget && progress_at > p->c->steps_most / 2));
}

static void run(struct trial *trial, struct equivalence *e, uint64_t steps, bool endless)
{
	struct pair *p = &e->pair;
	enum equivalence_verdict verdict;
	uint64_t before, worked = 0, progress_at = 0;
	do {
		before = progress(p);
		verdict = advance(trial, e, steps);
		if (progress(p) == before)
			continue;
		progress_at = machine_steps(p->nested);
		worked = pair_work(p);
	} while (goes_on(trial, p, verdict, steps, pair_work(p) - worked));
	if (verdict != EQUIVALENCE_ENDED && verdict != EQUIVALENCE_DIFFERS && equivalence_pardon_end(e))
		verdict = EQUIVALENCE_ENDED;
	trial->ended = verdict == EQUIVALENCE_ENDED;
	trial->good = e->whole;
	trial->told = e->told;
	trial->pardoned = e->pardoned;
	if (trial->ended && p->c->depth == 1)
		inspection_ended(&trial->lie, p);
	if (verdict == EQUIVALENCE_DIFFERS)
		describe_difference(trial, e);
	else if (verdict != EQUIVALENCE_ENDED && machine_steps(p->bare) <= steps && !went_far(p, verdict, steps, endless) &&
	         !cut_short(trial, p, progress_at))
		describe_stuck(trial, p, progress_at);
}

void trial_run(struct trial *trial, const struct pair_case *c, uint64_t limit)
{
	struct refusal why = { "" };
	*trial = (struct trial){ .end = TRIAL_SAME };
	uint64_t most = limit ? limit : PATIENCE, steps = trial_measure(c, most, &why);
	trial->budget = (STEPS_TO_BOOT + c->guest->storage + STEPS_EACH * steps) << 2 * (c->depth - 1);
	trial->budget *= c->slowness ? c->slowness : 1;
	struct equivalence *e = malloc(sizeof(*e));
	if (!e || !equivalence_start(e, c, &why)) {
		trial->end = TRIAL_REFUSED;
		trial->fault = FAULT_NO_MONITOR;
		snprintf(trial->what, sizeof(trial->what), "%s", e ? why.text : "no memory");
	} else {
		run(trial, e, steps, steps >= most);
		note(trial, &e->pair);
		equivalence_stop(e);
	}
	free(e);
}
