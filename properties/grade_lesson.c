/* Findings made into lessons.  See grade_lesson.h. */

#include "grade_lesson.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"
#include "grade_text.h"
#include "inspector/words.h"

const struct creed property_creeds[PROPERTIES] = {
	[PROPERTY_EQUIVALENCE] = { "A program under the monitor does what it does on the bare machine.",
	                           "Popek and Goldberg 1974, Virtual Machine Concepts: the equivalence property" },
	[PROPERTY_CONTROL] = { "No program can affect a resource that the monitor has not given to it.",
	                       "Popek and Goldberg 1974, Virtual Machine Concepts: the resource control property" },
	[PROPERTY_EFFICIENCY] = { "All innocuous instructions are executed by the hardware directly, with no intervention at all.",
	                          "Popek and Goldberg 1974, Virtual Machine Concepts: the efficiency property" },
	[PROPERTY_ISOLATION] = { "What one virtual machine does cannot depend on what another does.",
	                         "droste-check(1), isolation; not the paper's, but what users of a monitor rely on" },
	[PROPERTY_RECURSION] = { "A copy of the monitor runs under the monitor itself, with all of its properties.",
	                         "Popek and Goldberg 1974, Recursive Virtualization: Theorem 2" },
	[PROPERTY_INSPECTION] = { "What the monitor's anchor and VM table say is true.",
	                          "docs/machine.md, What software agrees on" },
};

/* ---- commands ----------------------------------------------------------- */

static void put_name(const struct guest *guest, FILE *to)
{
	text_shell(guest->call ? guest->call : guest->name, to);
}

static void put_file(const struct guest *guest, FILE *to)
{
	fputs(" --guest ", to);
	put_name(guest, to);
}

static void put_guest(const struct finding *f, const struct check_case *c, FILE *to)
{
	if (f->guest && f->guest->path)
		put_file(f->guest, to);
	if (f->guest && f->guest->call)
		fprintf(to, " --memory %" PRIu32 " --lines %u", f->guest->plan.storage, f->guest->plan.lines);
	else if (f->guest && !f->guest->path)
		fprintf(to, " --only-random --random 1 --seed %" PRIu64, f->guest->seed);
	for (unsigned i = 0; i < c->beside.n; i++)
		if (strcmp(f->beside, c->beside.guest[i].name) == 0)
			put_file(&c->beside.guest[i], to);
}

static void put_check(const struct finding *f, const struct check_case *c, const char *monitor, FILE *to)
{
	fprintf(to, "droste check %s --monitor ", property_names[f->property]);
	text_shell(monitor, to);
	if (c->profile)
		fprintf(to, " --profile %s", c->profile->name);
	if (f->property == PROPERTY_RECURSION)
		fprintf(to, " --depth %u", c->depth);
	put_guest(f, c, to);
}

static char *again(const struct finding *f, const struct check_case *c, const char *monitor)
{
	char *text = NULL;
	size_t n;
	FILE *to = open_memstream(&text, &n);
	if (!to)
		return NULL;
	put_check(f, c, monitor, to);
	fclose(to);
	return text;
}

/* What waits on the guest's line 0, as a file of the shell's. */
static void put_input(const struct text *input, FILE *to)
{
	if (input->n == 0)
		return;
	fputs(" --input <(printf '%b' '", to);
	for (size_t i = 0; i < input->n; i++)
		fprintf(to, isalnum(input->at[i]) || input->at[i] == ' ' ? "%c" : "\\0%03o", input->at[i]);
	fputs("')", to);
}

/* The step of the real machine at which it shows; 0: not known, or not where one monitor runs alone. */
static uint64_t step_to_open(const struct finding *f)
{
	bool itself = f->depth == 1 || strcmp(f->stack, "itself") == 0;
	if (!f->guest || !f->guest->path || f->beside[0] || f->late || !itself)
		return 0;
	if (f->fault == FAULT_OWN_TRAP)
		return f->stray.steps;
	if (f->where.found && (!f->where.at_start || f->where.came_back))
		return f->where.real_steps;
	if (f->violation.what[0])
		return f->violation.steps;
	return f->property == PROPERTY_EQUIVALENCE ? f->real_steps : 0;
}

/* A command that runs the finding's guest as it was, without its name. */
static void put_machine(const char *command, const struct finding *f, const char *monitor, FILE *to)
{
	fprintf(to, "droste %s --monitor ", command);
	text_shell(monitor, to);
	if (f->depth > 1)
		fprintf(to, " --depth %u", f->depth);
	fprintf(to, " --memory %" PRIu32 " --lines %u", f->guest->plan.storage, f->guest->plan.lines);
	put_input(&f->guest->input[0], to);
}

static void put_debug(const struct finding *f, const char *monitor, uint64_t step, FILE *to)
{
	put_machine("debug", f, monitor, to);
	fprintf(to, " -ex 'goto #%" PRIu64 "' ", step);
	put_name(f->guest, to);
}

static void put_limited(const struct finding *f, const char *monitor, uint64_t steps, FILE *to)
{
	put_machine("run --stats", f, monitor, to);
	fprintf(to, " --limit %" PRIu64 " ", steps);
	put_name(f->guest, to);
}

/* What the debugger cannot be given as it stands, check writes for it, and says how it is opened. */
static char *open_command(const struct finding *f, const struct check_case *c, const char *monitor)
{
	char *text = NULL;
	size_t n;
	uint64_t step = step_to_open(f);
	FILE *to = step || f->guest ? open_memstream(&text, &n) : NULL;
	if (!to)
		return NULL;
	if (step) {
		put_debug(f, monitor, step, to);
	} else {
		put_check(f, c, monitor, to);
		fputs(" --out fault", to);
	}
	fclose(to);
	return text;
}

static char *detail(const struct finding *f, const char *source)
{
	char *text = NULL, *plain = NULL;
	size_t n;
	FILE *to = open_memstream(&text, &n);
	if (to) {
		explain_fault(f, source, to);
		fclose(to);
	}
	if (text)
		plain = text_plain(text, 1);
	free(text);
	return plain;
}

static char *source_of(const struct finding *f)
{
	char *source = f->where.found && f->where.has_word ? explain_source(f->guest, explain_address(f)) : NULL;
	char *plain = source ? text_plain(source, 0) : NULL;
	free(source);
	return plain;
}

/* What the table has to say of the fault; step: where it was, for the places to fill. */
static void take_class(struct lesson *lesson, enum fault fault, const struct divergence *step)
{
	lesson->fault = &fault_classes[fault ? fault : FAULT_OTHER];
	lesson->part = fault_filled(_(lesson->fault->part), step);
	lesson->ours = fault_filled(lesson->fault->ours, step);
	lesson->correct = fault_filled(_(lesson->fault->correct), step);
}

struct lesson *lesson_of(const struct finding *f, const struct check_case *c, const char *monitor)
{
	struct lesson *lesson = malloc(sizeof(*lesson));
	if (!lesson)
		return NULL;
	*lesson = (struct lesson){ .what = text_plain(f->what, 0), .where = f->where, .stray = f->stray };
	take_class(lesson, f->fault, &f->where);
	lesson->source = source_of(f);
	lesson->wrote = f->said[0] ? text_plain(f->said, 0) : NULL;
	lesson->again = again(f, c, monitor);
	lesson->open = open_command(f, c, monitor);
	lesson->detail = detail(f, lesson->source);
	return lesson;
}

struct lesson *lesson_named(enum fault fault, const char *what)
{
	const struct divergence nowhere = { .found = false };
	struct lesson *lesson = malloc(sizeof(*lesson));
	if (!lesson)
		return NULL;
	*lesson = (struct lesson){ .what = text_plain(what, 0) };
	take_class(lesson, fault, &nowhere);
	return lesson;
}

struct lesson *lesson_over_budget(const char *what, const struct check_case *c, const struct guest *guest, enum property property,
                                  uint64_t steps, const char *monitor)
{
	const struct finding f = { .property = property, .guest = guest, .depth = 1, .late = guest->late, .real_steps = steps };
	struct lesson *lesson = lesson_named(FAULT_OVER_BUDGET, what);
	char *text = NULL;
	size_t n;
	if (!lesson)
		return NULL;
	if (step_to_open(&f) == 0) {
		lesson->again = again(&f, c, monitor);
		return lesson;
	}
	lesson->open = open_command(&f, c, monitor);
	FILE *to = open_memstream(&text, &n);
	if (to) {
		put_limited(&f, monitor, steps, to);
		fclose(to);
	}
	lesson->again = text;
	return lesson;
}

void lesson_free(struct lesson *lesson)
{
	if (!lesson)
		return;
	free(lesson->what);
	free(lesson->part);
	free(lesson->ours);
	free(lesson->correct);
	free(lesson->source);
	free(lesson->wrote);
	free(lesson->again);
	free(lesson->open);
	free(lesson->read);
	free(lesson->detail);
	free(lesson);
}

bool lessons_agree(const struct lesson *a, const struct lesson *b)
{
	return a && b && a->fault == b->fault && strcmp(a->what, b->what) == 0;
}

bool lesson_is_of_file(const struct lesson *lesson) { return lesson && lesson->fault == &fault_classes[FAULT_NO_FILE]; }

const char *lesson_read(const struct lesson *lesson) { return lesson->read ? lesson->read : lesson->fault->read; }
