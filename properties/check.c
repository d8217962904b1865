/* From trials to findings.  See check.h. */

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inspector/words.h"
#include "isolation.h"
#include "random_guest.h"
#include "recursion.h"
#include "shrink.h"

enum { STUCK_MOST = 6 };

const char *const property_names[PROPERTIES] = {
	"equivalence", "control", "efficiency", "isolation", "recursion", "inspection",
};

const char *const verdict_names[] = { "holds", "FAILS", "undecided" };

/* ---- one trial ---------------------------------------------------------- */

static void fail(struct finding *f, enum fault fault, const char *what)
{
	f->verdict = FAILS;
	f->fault = fault;
	snprintf(f->what, sizeof(f->what), "%s", what);
}

/* What a monitor's anchor does not show cannot be watched. */
static void leave_undecided(struct finding *f)
{
	f->verdict = UNDECIDED;
	snprintf(f->what, sizeof(f->what), "%s",
	         _("by the monitor's anchor and VM table there is no virtual machine: nothing could be watched"));
}

static void judge_equivalence(struct finding *f, const struct trial *trial)
{
	if (trial->end != TRIAL_SAME)
		fail(f, trial->fault, trial->what);
	else if (trial->unseen)
		leave_undecided(f);
}

static void judge_control(struct finding *f, const struct trial *trial)
{
	if (trial->end == TRIAL_REFUSED)
		fail(f, trial->fault, trial->what);
	else if (trial->violation.what[0])
		fail(f, fault_of_violation(&trial->violation), trial->violation.what);
	else if (trial->unseen)
		leave_undecided(f);
	f->violation = trial->violation;
}

static void add_efficiency(struct efficiency *to, const struct efficiency *from)
{
	to->innocuous += from->innocuous;
	to->direct += from->direct;
	to->exits += from->exits;
	to->required += from->required;
	to->allowed += from->allowed;
	to->timer_allowed += from->timer_allowed;
	to->monitor_instructions += from->monitor_instructions;
	for (int cause = 0; cause < CAUSES; cause++)
		to->by_cause[cause] += from->by_cause[cause];
}

/* Where the runs part, nothing more can be counted. */
static void judge_efficiency(struct finding *f, const struct trial *trial)
{
	const char *what = "";
	enum fault fault = efficiency_fault(&trial->efficiency, &what);
	if (trial->end == TRIAL_REFUSED)
		fail(f, trial->fault, trial->what);
	else if (fault)
		fail(f, fault, what);
	if (f->verdict == FAILS)
		f->efficiency = trial->efficiency;
	else
		add_efficiency(&f->efficiency, &trial->efficiency);
}

static void judge_inspection(struct finding *f, const struct trial *trial)
{
	if (trial->end == TRIAL_REFUSED)
		fail(f, trial->fault, trial->what);
	else if (trial->lie.what[0])
		fail(f, trial->lie.fault, trial->lie.what);
}

void finding_judge(struct finding *f, const struct trial *trial, const struct guest *guest, unsigned depth)
{
	static void (*const judges[PROPERTIES])(struct finding *f, const struct trial *trial) = {
		[PROPERTY_EQUIVALENCE] = judge_equivalence,
		[PROPERTY_CONTROL] = judge_control,
		[PROPERTY_EFFICIENCY] = judge_efficiency,
		[PROPERTY_INSPECTION] = judge_inspection,
	};
	f->guests++;
	f->same += trial->end == TRIAL_SAME;
	f->randoms += guest->path == NULL;
	f->entries += trial->entries;
	f->instructions += trial->instructions;
	f->real_steps += trial->real_steps;
	judges[f->property](f, trial);
	if (f->verdict != FAILS)
		return;
	f->guest = guest;
	f->depth = depth;
	f->clock = trial->clock;
	snprintf(f->said, sizeof(f->said), "%s", trial->said);
	f->stray = trial->stray;
}

void finding_locate(struct finding *f, const struct trial *trial, const struct pair_case *pair)
{
	if (trial->end == TRIAL_DIFFERS || trial->end == TRIAL_STUCK)
		equivalence_locate(&f->where, pair, trial->good, trial->told, trial->shown);
	enum fault fault = fault_of_step(&f->where);
	if (fault)
		f->fault = fault;
	if (f->stray.is && f->stray.trapped && !f->where.came_back)
		f->fault = FAULT_OWN_TRAP;
	if (f->where.found && (f->where.direct || f->where.came_back))
		snprintf(f->what, sizeof(f->what), _("%s not as on the bare machine"), _(f->where.what));
}

/* Steps before the one that diverges; real_steps counts it. */
static uint64_t before(const struct divergence *d, uint64_t steps) { return d->found && d->real_steps > 0 ? d->real_steps - 1 : steps; }

void finding_show(const struct check_case *c, struct finding *f, const struct pair_case *pair, uint64_t steps)
{
	if (c->scenes)
		scene_take(&f->scene, pair, before(&f->where, steps));
}

void finding_keep(struct finding *f, const struct guest *guest)
{
	if (f->verdict != FAILS || f->guest != guest || guest->path)
		return;
	f->made = malloc(sizeof(*f->made));
	f->guest = f->made && random_guest(f->made, guest->seed) ? f->made : NULL;
}

void finding_free(struct finding *f)
{
	if (f->made)
		guest_free(f->made);
	if (f->small)
		guest_free(f->small);
	free(f->made);
	free(f->small);
	scene_free(&f->scene);
	scene_free(&f->small_scene);
	f->made = f->small = NULL;
}

/* ---- all guests under the monitor alone --------------------------------- */

#define BIT(property) (1u << (property))
#define FROM_TRIALS (BIT(PROPERTY_EQUIVALENCE) | BIT(PROPERTY_CONTROL) | BIT(PROPERTY_EFFICIENCY) | BIT(PROPERTY_INSPECTION))

/* There is storage beyond the VM's, so that what reaches beyond its end shows. */
static struct pair_case alone(const struct check_case *c, const struct guest *guest)
{
	struct pair_case pair = guest_case(guest, &c->monitor, 1);
	pair.profile = c->profile;
	pair.work = c->work;
	pair.idle_most = c->idle_most;
	pair.spare_storage = SECTOR * 8;
	pair.steps_most = c->steps_most;
	return pair;
}

/* What is still to be found out. */
struct open {
	unsigned properties; /* not found to fail yet, a bit each */
	unsigned stuck;      /* guests that did not go on: each takes long */
};

/* True iff nobody need go on. */
static bool over(const struct open *open) { return !open->properties || open->stuck == STUCK_MOST; }

/* Where in the real machine's run the property is seen to fail. */
static uint64_t shown_at(const struct trial *trial, enum property property)
{
	switch (property) {
	case PROPERTY_CONTROL:    return trial->violation.steps;
	case PROPERTY_EFFICIENCY: return trial->indirect_at ? trial->indirect_at : trial->real_steps;
	case PROPERTY_INSPECTION: return trial->lie.steps;
	default:                  return trial->real_steps;
	}
}

static void try_guest(const struct check_case *c, const struct guest *guest, enum input_when when, struct open *open,
                      struct finding *findings)
{
	struct trial trial;
	struct pair_case pair = alone(c, guest);
	pair.when = when;
	pair.coverage = c->coverage;
	trial_run(&trial, &pair, guest->limit);
	for (int property = 0; property < PROPERTIES; property++) {
		struct finding *f = &findings[property];
		if (!(open->properties & BIT(property)))
			continue;
		finding_judge(f, &trial, guest, 1);
		if (f->verdict != FAILS)
			continue;
		open->properties &= ~BIT(property);
		f->late = when == INPUT_LATE;
		if (property == PROPERTY_EQUIVALENCE)
			finding_locate(f, &trial, &pair);
		finding_show(c, f, &pair, shown_at(&trial, (enum property)property));
	}
	open->stuck += trial.end == TRIAL_STUCK;
}

static void try_random(const struct check_case *c, uint64_t seed, struct open *open, struct finding *findings)
{
	struct guest guest;
	if (!random_guest(&guest, seed))
		return;
	try_guest(c, &guest, guest.late ? INPUT_LATE : INPUT_FIRST, open, findings);
	for (int property = 0; property < PROPERTIES; property++)
		finding_keep(&findings[property], &guest);
	guest_free(&guest);
}

static void try_guests(const struct check_case *c, struct open open, struct finding *findings)
{
	for (unsigned i = 0; i < c->guests.n && !over(&open); i++) {
		const struct guest *guest = &c->guests.guest[i];
		if (!guest->late)
			try_guest(c, guest, INPUT_FIRST, &open, findings);
		const struct pair_case pair = alone(c, guest);
		if (guest_reads(guest) && !over(&open) && trial_waits(&pair))
			try_guest(c, guest, INPUT_LATE, &open, findings);
	}
	for (uint64_t i = 0; i < c->randoms && !over(&open); i++)
		try_random(c, c->seed + i, &open, findings);
}

/* ---- small counterexamples ---------------------------------------------- */

/* True iff the monitor fails the property on the guest. */
static bool still_fails(const struct check_case *c, enum property property, const struct guest *guest, struct trial *trial)
{
	struct finding f = { .property = property };
	struct pair_case pair = alone(c, guest);
	trial_run(trial, &pair, guest->limit);
	finding_judge(&f, trial, guest, 1);
	return f.verdict == FAILS;
}

/* The random guest that shows it, or the first that does. */
static bool find_random(struct guest *guest, const struct check_case *c, const struct finding *f, struct trial *trial)
{
	if (f->made)
		return random_guest(guest, f->made->seed) && still_fails(c, f->property, guest, trial);
	for (uint64_t i = 0; i < c->randoms && random_guest(guest, c->seed + i); i++) {
		if (still_fails(c, f->property, guest, trial))
			return true;
		guest_free(guest);
	}
	return false;
}

static void find_small(struct finding *f, const struct check_case *c)
{
	struct trial trial;
	struct guest *small = malloc(sizeof(*small));
	if (!small || !find_random(small, c, f, &trial)) {
		free(small);
		return;
	}
	shrink(small, c, f->property);
	f->small = small;
	if (!still_fails(c, f->property, small, &trial))
		return;
	struct pair_case pair = alone(c, small);
	if (trial.end != TRIAL_SAME)
		equivalence_locate(&f->small_where, &pair, trial.good, trial.told, trial.shown);
	if (c->scenes)
		scene_take(&f->small_scene, &pair, before(&f->small_where, shown_at(&trial, f->property)));
}

/* ---- all of it ---------------------------------------------------------- */

/* Properties of which nothing could be counted. */
static void settle(struct finding *f)
{
	if (f->verdict == HOLDS && f->entries == 0 && f->same == 0) {
		f->verdict = UNDECIDED;
		snprintf(f->what, sizeof(f->what), "no guest ran to its end");
	}
}

void check_run(const struct check_case *c, unsigned properties, struct finding findings[PROPERTIES])
{
	for (int property = 0; property < PROPERTIES; property++)
		findings[property] = (struct finding){ .property = (enum property)property };
	if (properties & FROM_TRIALS)
		try_guests(c, (struct open){ .properties = properties & FROM_TRIALS }, findings);
	if (properties & (BIT(PROPERTY_ISOLATION) | (c->alone ? 0 : BIT(PROPERTY_CONTROL))))
		isolation_judge(properties & BIT(PROPERTY_ISOLATION) ? &findings[PROPERTY_ISOLATION] : NULL,
		                properties & BIT(PROPERTY_CONTROL) ? &findings[PROPERTY_CONTROL] : NULL, c);
	if (properties & BIT(PROPERTY_RECURSION))
		recursion_judge(&findings[PROPERTY_RECURSION], c);
	for (int property = 0; property < PROPERTIES; property++) {
		struct finding *f = &findings[property];
		settle(f);
		if (c->shrink && f->verdict == FAILS && f->guest && !f->beside[0] && BIT(property) & FROM_TRIALS)
			find_small(f, c);
	}
}

void check_alone(const struct check_case *c, const struct guest *guest, struct finding findings[PROPERTIES])
{
	struct open open = { .properties = FROM_TRIALS };
	for (int property = 0; property < PROPERTIES; property++)
		findings[property] = (struct finding){ .property = (enum property)property };
	try_guest(c, guest, guest->late ? INPUT_LATE : INPUT_FIRST, &open, findings);
	for (int property = 0; property < PROPERTIES; property++)
		settle(&findings[property]);
}

struct pardoned check_pardoning(const struct check_case *c, const struct guest *guest, unsigned pardons,
                                struct finding findings[PROPERTIES])
{
	struct trial trial;
	struct pair_case pair = alone(c, guest);
	pair.pardons = pardons;
	trial_run(&trial, &pair, guest->limit);
	for (int property = 0; property < PROPERTIES; property++) {
		findings[property] = (struct finding){ .property = (enum property)property };
		if (BIT(property) & FROM_TRIALS & ~BIT(PROPERTY_EQUIVALENCE))
			finding_judge(&findings[property], &trial, guest, 1);
	}
	return (struct pardoned){ trial.pardoned, trial.end == TRIAL_SAME && trial.entries > 0,
		                      trial.end == TRIAL_DIFFERS && trial.pardoned == pardons };
}

/* ---- one property ------------------------------------------------------- */

static struct finding check_one(const struct check_case *c, enum property property)
{
	struct finding findings[PROPERTIES];
	check_run(c, BIT(property), findings);
	return findings[property];
}

struct finding check_equivalence(const struct check_case *c) { return check_one(c, PROPERTY_EQUIVALENCE); }
struct finding check_control(const struct check_case *c) { return check_one(c, PROPERTY_CONTROL); }
struct finding check_efficiency(const struct check_case *c) { return check_one(c, PROPERTY_EFFICIENCY); }
struct finding check_isolation(const struct check_case *c) { return check_one(c, PROPERTY_ISOLATION); }
struct finding check_recursion(const struct check_case *c) { return check_one(c, PROPERTY_RECURSION); }
struct finding check_inspection(const struct check_case *c) { return check_one(c, PROPERTY_INSPECTION); }
