/* Grading.  See grade.h. */

#include "grade.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "grade_tasks.h"
#include "grade_text.h"
#include "inspector/words.h"
#include "random_guest.h"

enum {
	IDLE_FIRST = 1 << 28, IDLE_THEN = 1 << 24,
	PARDONS_MOST = 3,     /* differences in a guest's run, after which the rest of it is looked at */
	WHOLE = 1000,         /* of a test, in thousandths */
	NESTING_STEPS = 1 << 27,
};

#define BIT(property) (1u << (property))

const char *const test_state_names[] = { "passed", "partly", "failed", "not run" };

/* While grading: a result for each guest of the rubric and property. */
struct result {
	bool wanted;
	bool fails;               /* what a required guest must not */
	bool idle;                /* the guest has no instruction: it traps for ever, or stops, at once */
	enum test_state state;
	unsigned share;           /* of WHOLE */
	unsigned tried, passed;
	char note[160];
	struct lesson *lesson;
};

struct session {
	struct grade *grade;
	const struct grade_case *c;
	struct result (*result)[PROPERTIES]; /* by the rubric's guests */
	char *file;               /* the monitor's name for commands */
	uint64_t work;            /* that is left */
	uint64_t idle;            /* work for which a guest that does not go on is waited for */
	bool alive;               /* a guest with instructions was equivalent */
};

/* ---- one guest ---------------------------------------------------------- */

static struct check_case case_of(struct session *s, const struct rubric_guest *guest)
{
	struct check_case c = { .monitor = s->c->monitor, .reference = s->c->reference, .seed = guest->seed,
		                    .depth = s->c->rubric->depth, .profile = s->c->rubric->profile, .beside = guest->beside, .steps_most = guest->budget,
		                    .idle_most = s->idle, .work = &s->work };
	return c;
}

static bool visible(const struct session *s, const struct rubric_guest *guest) { return !guest->hidden || s->c->reveal; }

static void teach(const struct session *s, struct result *r, const struct finding *f, const struct check_case *c,
                  const struct rubric_guest *guest)
{
	if (visible(s, guest) && !r->lesson)
		r->lesson = lesson_of(f, c, s->file);
}

/* How a guest's run alone went. */
struct course {
	const struct finding *equivalence;
	struct pardoned pardoned; /* if that failed */
	uint64_t instructions;    /* of the bare machine, as far as the longer of the two runs went */
};

static bool came_to_end(const struct course *course)
{
	return course->equivalence->verdict == HOLDS || course->pardoned.came_to_end;
}

/* The guest went astray, but both it and the monitor went on. */
static bool went_on(const struct course *course)
{
	const struct divergence *d = &course->equivalence->where;
	return came_to_end(course) || course->pardoned.used_up || (d->found && !d->at_start && (d->direct || d->came_back));
}

/* What a finding earns: see docs/grading.md.  What was watched while the guest ran counts whole if it came to its
 * end; half if the run parted from the bare one and went on; else nothing was shown.  A monitor that
 * never lets a guest run, and is equivalent all the same, breaks nothing but efficiency.
 * Runs apart have no course. */
static unsigned share_of(const struct finding *f, const struct course *course)
{
	if (course && f == course->equivalence && f->verdict == FAILS)
		return came_to_end(course) ? WHOLE / (1 + course->pardoned.n) : 0;
	if (f->verdict != HOLDS)
		return 0;
	if (!course || came_to_end(course))
		return WHOLE;
	return went_on(course) ? WHOLE / 2 : 0;
}

static void note(struct result *r, const char *text) { snprintf(r->note, sizeof(r->note), "%s", text); }

/* steps: of the real machine, after which the guest's run alone was over; 0: it did not run alone. */
static void fail_budget(const struct session *s, struct result *r, const char *whose, uint64_t budget, const struct check_case *c,
                        enum property property, uint64_t steps, const struct rubric_guest *guest)
{
	char what[200];
	snprintf(what, sizeof(what), _("the guest was not done within the rubric's budget of %llu steps for %s"), (unsigned long long)budget,
	         _(whose));
	r->share = 0;
	r->state = TEST_FAILED;
	r->fails = true;
	if (visible(s, guest) && !r->lesson)
		r->lesson = lesson_over_budget(what, c, &c->guests.guest[0], steps ? PROPERTY_EQUIVALENCE : property, steps, s->file);
}

static void settle(const struct session *s, struct result *r, const struct finding *f, const struct course *course,
                   const struct check_case *c, const struct rubric_guest *guest)
{
	if (s->work == 0 && f->verdict != FAILS) {
		fail_budget(s, r, N_("a submission"), s->c->rubric->budget, c, f->property, course ? course->equivalence->real_steps : 0, guest);
		return;
	}
	r->share = share_of(f, course);
	r->state = r->share == WHOLE ? TEST_PASSED : r->share > 0 ? TEST_PARTLY : TEST_FAILED;
	r->fails = f->verdict == FAILS || r->share == 0;
	if (f->verdict == FAILS)
		teach(s, r, f, c, guest);
	if (f->verdict == FAILS && r->state == TEST_PARTLY)
		snprintf(r->note, sizeof(r->note), "put in step again after %u difference%s, the guest comes to its end: 1 part in %u",
		         course->pardoned.n, course->pardoned.n > 1 ? "s" : "", course->pardoned.n + 1);
	else if (f->verdict == FAILS)
		r->note[0] = '\0';
	else if (f->verdict == UNDECIDED)
		snprintf(r->note, sizeof(r->note), "not shown: %.140s", f->what);
	else if (r->state == TEST_PARTLY)
		note(r, "nothing against it, as far as the run was the bare machine's: see equivalence");
	else if (r->state == TEST_FAILED)
		note(r, "not shown: the guest did not go on; see equivalence");
}

/* Its budget ended the run, not the guest. */
static bool over_budget(const struct finding *f, const struct rubric_guest *guest)
{
	return guest->budget && f->verdict == HOLDS && f->real_steps >= guest->budget;
}

#define TRIALS (BIT(PROPERTY_EQUIVALENCE) | BIT(PROPERTY_CONTROL) | BIT(PROPERTY_EFFICIENCY) | BIT(PROPERTY_INSPECTION))

static void add_efficiency(struct efficiency *to, const struct efficiency *from)
{
	to->innocuous += from->innocuous;
	to->direct += from->direct;
	to->exits += from->exits;
	to->required += from->required;
	to->monitor_instructions += from->monitor_instructions;
	for (int cause = 0; cause < CAUSES; cause++)
		to->by_cause[cause] += from->by_cause[cause];
}

/* A monitor that has kept us waiting once is not waited for as long again. */
static void note_course(struct session *s, const struct course *course, uint64_t work)
{
	s->alive |= came_to_end(course) && course->instructions > 0;
	if (course->equivalence->verdict == FAILS && work > IDLE_THEN)
		s->idle = IDLE_THEN;
}

static void free_all(struct finding findings[PROPERTIES])
{
	for (int property = 0; property < PROPERTIES; property++)
		finding_free(&findings[property]);
}

/* Where equivalence failed, the rest of the run is looked at too, and the other properties are judged
 * by all that was seen. */
static struct course look_further(const struct check_case *c, const struct guest *one, struct finding findings[PROPERTIES])
{
	struct finding more[PROPERTIES];
	const struct finding *equivalence = &findings[PROPERTY_EQUIVALENCE];
	struct course course = { .equivalence = equivalence, .instructions = equivalence->instructions };
	if (equivalence->verdict != FAILS || (equivalence->entries == 0 && !equivalence->where.came_back))
		return course;
	course.pardoned = check_pardoning(c, one, PARDONS_MOST, more);
	course.instructions = more[PROPERTY_CONTROL].instructions;
	for (int property = 0; property < PROPERTIES && course.pardoned.n > 0; property++)
		if (TRIALS & BIT(property) & ~BIT(PROPERTY_EQUIVALENCE))
			findings[property] = more[property];
	return course;
}

/* Equivalence is always judged, since the others rest on it. */
static struct course judge_alone(struct session *s, const struct rubric_guest *guest, struct guest *one, struct result results[PROPERTIES],
                                 struct finding findings[PROPERTIES])
{
	struct check_case c = case_of(s, guest);
	const uint64_t work = s->work;
	c.guests = (struct guest_set){ one, 1 };
	check_alone(&c, one, findings);
	const struct finding *equivalence = &findings[PROPERTY_EQUIVALENCE];
	struct course course = look_further(&c, one, findings);
	for (int property = 0; property < PROPERTIES; property++) {
		if (!(TRIALS & BIT(property)) || !results[property].wanted)
			continue;
		if (over_budget(equivalence, guest))
			fail_budget(s, &results[property], N_("it"), guest->budget, &c, (enum property)property, equivalence->real_steps, guest);
		else
			settle(s, &results[property], &findings[property], &course, &c, guest);
		results[property].idle = course.instructions == 0;
	}
	note_course(s, &course, work - s->work);
	if (!visible(s, guest))
		return course;
	add_efficiency(&s->grade->efficiency, &findings[PROPERTY_EFFICIENCY].efficiency);
	return course;
}

/* Runs beside other guests show resource control as well. */
static void judge_beside(struct session *s, const struct rubric_guest *guest, const struct check_case *c,
                         struct result results[PROPERTIES])
{
	struct finding findings[PROPERTIES];
	struct result *isolation = &results[PROPERTY_ISOLATION], *control = &results[PROPERTY_CONTROL];
	check_run(c, BIT(PROPERTY_ISOLATION) | BIT(PROPERTY_CONTROL), findings);
	settle(s, isolation, &findings[PROPERTY_ISOLATION], NULL, c, guest);
	if (control->wanted && control->share > 0 && findings[PROPERTY_CONTROL].verdict == FAILS)
		settle(s, control, &findings[PROPERTY_CONTROL], NULL, c, guest);
	free_all(findings);
}

static void judge_nested(struct session *s, const struct rubric_guest *guest, const struct check_case *c,
                         struct result results[PROPERTIES])
{
	struct finding findings[PROPERTIES];
	check_run(c, BIT(PROPERTY_RECURSION), findings);
	settle(s, &results[PROPERTY_RECURSION], &findings[PROPERTY_RECURSION], NULL, c, guest);
	free_all(findings);
}

/* Isolation and recursion are runs of their own; they say nothing of a guest that does not go
 * on even alone. */
static void judge_apart(struct session *s, const struct rubric_guest *guest, const struct check_case *c,
                        struct result results[PROPERTIES], const struct course *course)
{
	static const struct {
		enum property property;
		void (*judge)(struct session *s, const struct rubric_guest *guest, const struct check_case *c,
		              struct result results[PROPERTIES]);
	} judges[] = { { PROPERTY_ISOLATION, judge_beside }, { PROPERTY_RECURSION, judge_nested } };
	for (unsigned i = 0; i < sizeof(judges) / sizeof(*judges); i++) {
		struct result *r = &results[judges[i].property];
		if (!r->wanted)
			continue;
		if (went_on(course)) {
			judges[i].judge(s, guest, c, results);
		} else {
			r->state = TEST_FAILED;
			r->fails = true;
			note(r, "not run: the guest does not go on even alone; see equivalence");
		}
	}
}

static void judge_program(struct session *s, const struct rubric_guest *guest, struct result results[PROPERTIES])
{
	struct finding findings[PROPERTIES];
	struct check_case c = case_of(s, guest);
	struct guest one = guest->guest;
	c.guests = (struct guest_set){ &one, 1 };
	struct course course = judge_alone(s, guest, &one, results, findings);
	judge_apart(s, guest, &c, results, &course);
	free_all(findings);
}

/* ---- random guests ------------------------------------------------------ */

static bool stopped(struct session *s)
{
	s->grade->cut = s->grade->cut || (s->c->stopped && s->c->stopped(s->c->self));
	return s->grade->cut;
}

/* Each by itself; the share is that of those that pass, the lesson the first failure's. */
static void judge_randoms(struct session *s, const struct rubric_guest *guest, struct result results[PROPERTIES])
{
	struct finding findings[PROPERTIES];
	uint64_t sums[PROPERTIES] = { 0 };
	unsigned tried = 0;
	for (; tried < guest->randoms && s->work > 0 && !stopped(s); tried++) {
		struct guest one;
		if (!random_guest(&one, guest->seed + tried))
			break;
		judge_alone(s, guest, &one, results, findings);
		for (int property = 0; property < PROPERTIES; property++) {
			sums[property] += results[property].share;
			results[property].passed += results[property].share == WHOLE;
		}
		free_all(findings);
		guest_free(&one);
	}
	for (int property = 0; property < PROPERTIES; property++) {
		struct result *r = &results[property];
		r->tried = tried;
		r->share = (unsigned)(sums[property] / guest->randoms);
		r->state = r->share == WHOLE ? TEST_PASSED : r->share > 0 ? TEST_PARTLY : s->grade->cut ? TEST_CUT : TEST_FAILED;
		r->fails = r->passed == 0;
		r->note[0] = '\0';
		if (tried > 0 && r->state != TEST_PASSED)
			snprintf(r->note, sizeof(r->note), "%u of %" PRIu64 " random guests pass", r->passed, guest->randoms);
	}
}

/* ---- all guests --------------------------------------------------------- */

static const char *why_skipped(const struct session *s)
{
	return s->grade->cut ? "grading was cut off before this test"
	                     : "not run: the submission has used up the rubric's budget, see docs/grading.md, Budgets";
}

static void skip(const struct session *s, struct result results[PROPERTIES])
{
	for (int property = 0; property < PROPERTIES; property++) {
		results[property].state = s->grade->cut ? TEST_CUT : TEST_FAILED;
		results[property].fails = true;
		note(&results[property], why_skipped(s));
	}
}

/* Students' guests first, so that nothing of theirs depends on the hidden ones. */
static void judge_guests(struct session *s, bool hidden)
{
	const struct rubric *rubric = s->c->rubric;
	for (unsigned i = 0; i < rubric->guests; i++) {
		const struct rubric_guest *guest = &rubric->guest[i];
		if (guest->hidden != hidden)
			continue;
		if (s->c->refused || s->grade->refused || s->work == 0 || stopped(s))
			skip(s, s->result[i]);
		else if (guest->randoms)
			judge_randoms(s, guest, s->result[i]);
		else
			judge_program(s, guest, s->result[i]);
	}
}

/* A monitor that only ever stops is right about guests that do nothing else; that is worth
 * nothing. */
static void discount_idle(struct session *s)
{
	for (unsigned i = 0; !s->alive && i < s->c->rubric->guests; i++)
		for (int property = 0; property < PROPERTIES; property++) {
			struct result *r = &s->result[i][property];
			if (!r->idle || r->share == 0)
				continue;
			r->share = 0;
			r->state = TEST_FAILED;
			r->fails = true;
			note(r, "not shown: no guest that executes an instruction is equivalent");
		}
}

/* A file that no machine can be made of. */
static void refuse_monitor(struct session *s)
{
	struct trial trial;
	struct guest guest = { 0 };
	const char *why = s->c->refused;
	if (!why && random_guest(&guest, 1)) {
		struct pair_case pair = guest_case(&guest, &s->c->monitor, 1);
		trial_run(&trial, &pair, 1);
		if (trial.end == TRIAL_REFUSED)
			why = trial.what;
	}
	if (why)
		s->grade->refused = lesson_named(FAULT_NO_MONITOR, why);
	guest_free(&guest);
}

/* ---- the nesting curve -------------------------------------------------- */

static void trips_at(struct session *s, const struct guest *guest, unsigned depth)
{
	struct pack_monitor monitors[GRADE_DEPTHS];
	struct trial trial;
	for (unsigned i = 0; i < depth; i++)
		monitors[i] = s->c->monitor;
	struct pair_case pair = guest_case(guest, monitors, depth);
	pair.profile = s->c->rubric->profile;
	pair.steps_most = NESTING_STEPS;
	pair.work = &s->work;
	trial_run(&trial, &pair, guest->limit);
	if (trial.end == TRIAL_SAME)
		s->grade->nesting[depth - 1] = trial.trips;
}

/* Of the first program that students know of and that is right in recursion. */
static void draw_nesting(struct session *s)
{
	const struct rubric *rubric = s->c->rubric;
	struct level_trips *at = s->grade->nesting;
	for (unsigned i = 0; i < rubric->guests && !stopped(s); i++) {
		const struct rubric_guest *guest = &rubric->guest[i];
		const struct result *r = &s->result[i][PROPERTY_RECURSION];
		if (guest->hidden || !r->wanted || r->state != TEST_PASSED)
			continue;
		trips_at(s, &guest->guest, 1);
		if (at[0].instructions < 10)
			continue;
		snprintf(s->grade->nesting_guest, sizeof(s->grade->nesting_guest), "%s", guest->name);
		for (unsigned depth = 2; depth <= rubric->depth + 1 && depth <= GRADE_DEPTHS; depth++)
			trips_at(s, &guest->guest, depth);
		return;
	}
	at[0] = (struct level_trips){ 0 };
}

/* ---- points ------------------------------------------------------------- */

/* Hundredths that so many thousandths of a guest's weight come to. */
static unsigned hundredths(const struct rubric *rubric, enum property property, uint64_t weight, uint64_t share)
{
	unsigned all = rubric_weight(rubric, property);
	return all ? (unsigned)(UINT64_C(100) * rubric->points[property] * weight * share / WHOLE / all) : 0;
}

struct grade_test *grade_add_test(struct grade *grade, unsigned section)
{
	struct grade_test *test = realloc(grade->test, (grade->tests + 1) * sizeof(*test));
	if (!test)
		return NULL;
	grade->test = test;
	test += grade->tests++;
	*test = (struct grade_test){ .section = section };
	return test;
}

static bool publish(struct session *s, const struct rubric_guest *guest, struct result *r, enum property property)
{
	struct grade_test *test = grade_add_test(s->grade, property);
	if (!test)
		return false;
	snprintf(test->name, sizeof(test->name), "%s", guest->name);
	test->weight = guest->weight;
	test->worth = hundredths(s->c->rubric, property, guest->weight, WHOLE);
	test->earned = hundredths(s->c->rubric, property, guest->weight, r->share);
	test->state = r->state;
	test->hidden = guest->hidden;
	test->required = guest->required;
	test->tried = r->tried;
	test->passed = r->passed;
	memcpy(test->note, r->note, sizeof(test->note));
	test->lesson = r->lesson;
	r->lesson = NULL;
	return true;
}

/* All hidden guests of a property as one: no names, no number, no findings. */
static bool publish_hidden(struct session *s, enum property property)
{
	const struct rubric *rubric = s->c->rubric;
	struct grade_test *test = NULL;
	uint64_t shares = 0;
	for (unsigned i = 0; i < rubric->guests; i++) {
		const struct rubric_guest *guest = &rubric->guest[i];
		if (visible(s, guest) || !s->result[i][property].wanted)
			continue;
		if (!test && !(test = grade_add_test(s->grade, property)))
			return false;
		test->weight += guest->weight;
		shares += (uint64_t)guest->weight * s->result[i][property].share;
	}
	if (!test)
		return true;
	snprintf(test->name, sizeof(test->name), "hidden");
	test->hidden = true;
	test->worth = hundredths(rubric, property, test->weight, WHOLE);
	test->earned = hundredths(rubric, property, 1, shares);
	test->state = shares == (uint64_t)WHOLE * test->weight ? TEST_PASSED : shares ? TEST_PARTLY : s->grade->cut ? TEST_CUT : TEST_FAILED;
	return true;
}

static void add_total(struct grade *grade, unsigned section)
{
	grade->total += grade->points[section];
	grade->total_earned += grade->earned[section];
}

/* The sum is made of exact shares, and rounded down once. */
static void add_points(struct session *s, enum property property)
{
	struct grade *grade = s->grade;
	const struct rubric *rubric = s->c->rubric;
	uint64_t shares = 0;
	bool failed = false;
	for (unsigned i = 0; i < rubric->guests; i++) {
		const struct result *r = &s->result[i][property];
		if (!r->wanted)
			continue;
		shares += (uint64_t)rubric->guest[i].weight * r->share;
		failed |= rubric->guest[i].required && r->fails;
	}
	grade->points[property] = 100 * rubric->points[property];
	grade->earned[property] = hundredths(rubric, property, 1, shares);
	grade->capped[property] = failed && grade->earned[property] > grade->points[property] / 2;
	if (grade->capped[property])
		grade->earned[property] = grade->points[property] / 2;
	add_total(grade, property);
}

static bool publish_all(struct session *s)
{
	const struct rubric *rubric = s->c->rubric;
	for (int property = 0; property < PROPERTIES; property++) {
		for (unsigned i = 0; i < rubric->guests; i++)
			if (s->result[i][property].wanted && visible(s, &rubric->guest[i]) &&
			    !publish(s, &rubric->guest[i], &s->result[i][property], (enum property)property))
				return false;
		if (!publish_hidden(s, (enum property)property))
			return false;
		add_points(s, (enum property)property);
	}
	return true;
}

/* ---- all of it ---------------------------------------------------------- */

static void describe(struct grade *grade, const struct grade_case *c)
{
	char *name = text_plain(c->name, 0);
	*grade = (struct grade){ .rubric_hash = c->rubric->hash, .budget = c->rubric->budget, .revealed = c->reveal };
	if (name)
		text_cut(name, sizeof(grade->name) - 1);
	snprintf(grade->name, sizeof(grade->name), "%s", name ? name : "?");
	snprintf(grade->title, sizeof(grade->title), "%s", c->rubric->title);
	grade->submission_hash = grade_hash(c);
	grade->sections = PROPERTIES + c->rubric->tasks.parts;
	memcpy(grade->part, c->rubric->tasks.part, sizeof(grade->part));
	for (unsigned i = 0; i < c->rubric->guests && !grade->seed; i++)
		if (c->rubric->guest[i].randoms && !c->rubric->guest[i].hidden)
			grade->seed = c->rubric->guest[i].seed;
	free(name);
}

static bool prepare(struct session *s)
{
	const struct rubric *rubric = s->c->rubric;
	s->file = text_plain(s->c->monitor.path, 0);
	s->result = calloc(rubric->guests + 1, sizeof(*s->result));
	for (unsigned i = 0; s->result && i < rubric->guests; i++)
		for (int property = 0; property < PROPERTIES; property++)
			s->result[i][property].wanted = rubric->points[property] > 0 && rubric->guest[i].properties >> property & 1;
	return s->result && s->file;
}

static void clean_up(struct session *s)
{
	for (unsigned i = 0; s->result && i < s->c->rubric->guests; i++)
		for (int property = 0; property < PROPERTIES; property++)
			lesson_free(s->result[i][property].lesson);
	free(s->result);
	free(s->file);
}

bool grade_run(struct grade *grade, const struct grade_case *c)
{
	struct session s = { .grade = grade, .c = c, .work = c->rubric->budget, .idle = IDLE_FIRST };
	describe(grade, c);
	bool good = prepare(&s);
	if (good) {
		if (grade_wants_monitor(c->rubric))
			refuse_monitor(&s);
		judge_guests(&s, false);
		draw_nesting(&s);
		grade->work = grade->budget - s.work;
		judge_guests(&s, true);
		discount_idle(&s);
		good = publish_all(&s) && grade_tasks(grade, c);
	}
	clean_up(&s);
	return good;
}

void grade_free(struct grade *grade)
{
	for (unsigned i = 0; i < grade->tests; i++)
		lesson_free(grade->test[i].lesson);
	free(grade->test);
	lesson_free(grade->refused);
	*grade = (struct grade){ 0 };
}

uint64_t grade_hash(const struct grade_case *c)
{
	uint64_t monitor = XXH64(c->monitor.elf, c->monitor.size, 0);
	return c->rubric->tasks.n ? tasks_hash(&c->tasks, monitor) : monitor;
}

bool grade_wants_monitor(const struct rubric *rubric)
{
	bool wants = false;
	for (int property = 0; property < PROPERTIES; property++)
		wants |= rubric->points[property] > 0;
	return wants;
}

const char *grade_section_name(const struct grade *grade, unsigned section)
{
	return section < PROPERTIES ? property_names[section] : grade->part[section - PROPERTIES].name;
}

struct creed grade_section_creed(const struct grade *grade, unsigned section)
{
	return section < PROPERTIES ? property_creeds[section] : (struct creed){ grade->part[section - PROPERTIES].sentence, "" };
}

bool grade_full(const struct grade *grade) { return !grade->cut && grade->total_earned == grade->total; }
