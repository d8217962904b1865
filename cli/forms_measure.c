/* The forms measured: each does its work in two sizes, once more two levels deep, and is
 * given what is hostile to it.  Everything is counted in instructions, from outside.  Called by
 * forms.c.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "forms.h"
#include "inspector/levels.h"

enum { DEEPER = 2, STEPS_MOST = 2000000000, MEMORY = 1 << 20, PATHS_MOST = FORM_IMAGES + DEEPER };

static const char *const checked_guests =
	"clock disk echo preempt privileged-supervisor privileged-user unmodified makes-code hostile-dma hostile-psw-junk";

/* ---- the table ---------------------------------------------------------- */

const struct workload workloads[WORKLOADS] = {
#define WORKLOAD(name_, ...) [WORKLOAD_##name_] = { .name = #name_, __VA_ARGS__ },
#include "forms.def"
};

const struct form forms[] = {
#define FORM(name_, ...) { .name = #name_, __VA_ARGS__ },
#include "forms.def"
};

const unsigned forms_n = sizeof(forms) / sizeof(*forms);

unsigned form_lines(const struct form *form)
{
	const struct form_lines *row = forms_lines;
	while (row->name && strcmp(row->name, form->name) != 0)
		row++;
	return row->lines;
}

/* ---- one run ------------------------------------------------------------ */

struct words {
	char *bytes; /* from malloc */
	size_t n;
};

/* What a run shows from outside. */
struct outcome {
	enum machine_end end;
	unsigned code;
	uint64_t real;      /* instructions of the real machine */
	uint64_t guests;    /* of those at the bottom */
	uint64_t left;      /* a hash of what these leave: registers, clock, storage */
	struct words said;   /* by these */
	bool own_line[LINES_MOST];
};

static void outcome_free(struct outcome *outcome) { free(outcome->said.bytes); }

static bool add_words(struct words *text, const void *bytes, size_t n)
{
	char *longer = realloc(text->bytes, text->n + n + 1);
	if (!longer)
		return complain("no memory") == 0;
	memcpy(longer + text->n, bytes, n);
	text->bytes = longer;
	text->n += n;
	text->bytes[text->n] = '\0';
	return true;
}

static void listen(void *self, unsigned line, const uint8_t *bytes, size_t n)
{
	struct outcome *outcome = self;
	if (outcome->own_line[line])
		add_words(&outcome->said, bytes, n);
}

/* Those at the bottom, as they are when the machine has ended. */
static void look_at_guests(struct outcome *outcome, const struct machine *m, struct levels_meter *meter, unsigned depth)
{
	XXH64_state_t *hash = XXH64_createState();
	levels_meter_read(meter);
	outcome->real = machine_counts(m).instructions;
	if (hash)
		XXH64_reset(hash, 0);
	for (unsigned i = 0; hash && i < meter->n; i++) {
		const struct level *level = &meter->levels[i];
		struct vm_entry entry = level->entry;
		if (level->depth != depth)
			continue;
		for (unsigned x = 0; depth == 0 && x < 32; x++)
			entry.x[x] = machine_register(m, x);
		uint64_t clock = depth == 0 ? machine_clock(m) : (uint64_t)entry.clock[1] << 32 | entry.clock[0];
		XXH64_update(hash, entry.x, sizeof(entry.x));
		XXH64_update(hash, &clock, sizeof(clock));
		XXH64_update(hash, machine_storage(m) + level->real, level->size);
		outcome->guests += levels_instructions(meter, i);
	}
	outcome->left = hash ? XXH64_digest(hash) : 0;
	XXH64_freeState(hash);
}

static bool run_machine(struct outcome *outcome, struct machine *m, const struct plan *plan, const struct words *input)
{
	struct levels_meter meter;
	const struct console_host host = { outcome, listen, NULL };
	for (unsigned i = 0; i < plan->places; i++)
		for (unsigned line = 0; !plan->place[i].hosts && line < plan->place[i].lines; line++)
			outcome->own_line[plan->place[i].first_line + line] = true;
	machine_set_console(m, &host);
	machine_attach_disk(m, plan->machine.disk.image, plan->machine.disk.sectors);
	if (!machine_input(m, plan_guest(plan, 0)->first_line, input->bytes, input->n))
		return complain("no memory") == 0;
	for (unsigned line = 0; line < machine_lines(m); line++)
		machine_input_ends(m, line);
	levels_meter_start(&meter, m);
	machine_ipl(m);
	machine_run(m, STEPS_MOST);
	outcome->end = machine_end(m);
	outcome->code = machine_exit_code(m);
	look_at_guests(outcome, m, &meter, plan->depth);
	return true;
}

static bool run_wish(struct outcome *outcome, const struct wish *wish, const char *profile, const struct words *input)
{
	struct plan plan;
	struct refusal why;
	struct own_profile own;
	*outcome = (struct outcome){ 0 };
	bool run = plan_make(&plan, wish);
	struct machine_config config = {
		.storage = plan.machine.storage, .lines = plan.machine.lines,
		.profile = profile ? option_profile(profile, &own) : NULL,
	};
	struct machine *m = run ? machine_new(&config, &why) : NULL;
	if (run && !m)
		complain("%s", why.text);
	run = m && run_machine(outcome, m, &plan, input);
	machine_free(m);
	plan_free(&plan);
	return run;
}

/* ---- the machine of a form ---------------------------------------------- */

/* Paths of installed files, from malloc. */
struct paths {
	char *path[PATHS_MOST];
	unsigned n;
};

static void paths_free(struct paths *paths)
{
	for (unsigned i = 0; i < paths->n; i++)
		free(paths->path[i]);
}

static const char *installed(struct paths *paths, const char *name)
{
	struct refusal why;
	char *path = file_find_installed(name, &why);
	if (!path)
		complain("%s", why.text);
	else
		paths->path[paths->n++] = path;
	return path;
}

static bool wish_for(struct wish *wish, struct paths *paths, const struct form *form, const char *own_image, unsigned deeper)
{
	*wish = (struct wish){ .depth = (int)(deeper + (form->monitor != NULL)), .spare = form->spare ? form->spare : DEFAULT_SPARE,
	                       .memory = form->memory ? form->memory : MEMORY, .bootable = true };
	bool found = true;
	for (unsigned i = 0; i < FORM_IMAGES && (form->image[i] || (i == 0 && own_image)); i++)
		found &= (wish->image[wish->images++] = installed(paths, form->image[i] ? form->image[i] : own_image)) != NULL;
	for (unsigned i = 0; i < deeper && form->monitor; i++)
		found &= (wish->monitor[wish->monitors++] = installed(paths, form->beneath ? form->beneath : "monitor.elf")) != NULL;
	if (form->monitor)
		found &= (wish->monitor[wish->monitors++] = installed(paths, form->monitor)) != NULL;
	for (unsigned i = 0; i < FORM_IMAGES && form->couple[i]; i++)
		wish->couple[wish->couples++] = form->couple[i];
	return found;
}

static bool run_form(struct outcome *outcome, const struct form *form, const char *own_image, unsigned deeper,
                     const struct words *input)
{
	struct wish wish;
	struct paths paths = { 0 };
	*outcome = (struct outcome){ 0 };
	bool run = wish_for(&wish, &paths, form, own_image, deeper) && run_wish(outcome, &wish, form->profile, input);
	paths_free(&paths);
	return run;
}

/* ---- input --------------------------------------------------------------- */

static bool add_file(struct words *text, const char *name)
{
	struct paths paths = { 0 };
	struct file file;
	struct refusal why;
	const char *path = installed(&paths, name);
	bool read = path && file_read(&file, path, &why);
	if (path && !read)
		complain("%s: %s", path, why.text);
	bool added = read && add_words(text, file.bytes, file.size);
	if (read)
		file_free(&file);
	paths_free(&paths);
	return added;
}

/* The text with n in the place of its %u. */
static bool add_sized(struct words *text, const char *format, unsigned n)
{
	char number[16];
	const char *at = strstr(format, "%u");
	snprintf(number, sizeof(number), "%u", n);
	if (!at)
		return add_words(text, format, strlen(format));
	return add_words(text, format, (size_t)(at - format)) && add_words(text, number, strlen(number)) &&
	       add_words(text, at + 2, strlen(at + 2));
}

static bool make_input(struct words *text, const struct form_program *program, const char *before, unsigned n)
{
	return (!before || add_words(text, before, strlen(before))) && (!program->file || add_file(text, program->file)) &&
	       add_sized(text, program->input ? program->input : "%u\n", n);
}

/* ---- work ---------------------------------------------------------------- */

/* A form's program doing so much; hostile input comes before it, if given. */
static bool do_work(struct outcome *outcome, const struct form *form, const struct form_program *program, unsigned n,
                    unsigned deeper, const char *hostile)
{
	struct words input = { 0 };
	*outcome = (struct outcome){ 0 };
	const char *own = program->input ? NULL : workloads[program->workload].image;
	bool done = make_input(&input, program, hostile, n) && run_form(outcome, form, own, deeper, &input);
	free(input.bytes);
	if (done && outcome->end == MACHINE_RUNNING)
		done = complain("forms: %s does not end within %d steps", form->name, STEPS_MOST) == 0;
	return done;
}

static bool do_bare(struct outcome *outcome, enum workload_number workload, unsigned n)
{
	static const struct form bare = { .name = "the bare machine" };
	const struct form_program program = { .workload = workload };
	return do_work(outcome, &bare, &program, n, 0, NULL);
}

/* True iff all that is said stands in text, from the beginning of a line. */
static bool says(const struct outcome *outcome, const struct words *said)
{
	const struct words *all = &outcome->said;
	const char *at = said->n > 0 ? all->bytes : NULL;
	while (at && (at = memmem(at, (size_t)(all->bytes + all->n - at), said->bytes, said->n)) && at > all->bytes && at[-1] != '\n')
		at++;
	return at;
}

static bool same(const struct outcome *a, const struct outcome *b)
{
	return a->end == b->end && a->code == b->code && a->left == b->left && a->said.n == b->said.n &&
	       (a->said.n == 0 || memcmp(a->said.bytes, b->said.bytes, a->said.n) == 0);
}

/* What the answer has to be, and what the work takes without the form. */
static bool get_standard(struct words *answer, uint64_t *least, const struct form_program *program, unsigned n,
                         const struct outcome *outcome)
{
	struct outcome bare;
	if (program->says) {
		*least = outcome->guests;
		return add_sized(answer, program->says, n);
	}
	bool done = do_bare(&bare, program->workload, n);
	*least = bare.real;
	*answer = bare.said;
	return done;
}

static unsigned size_of(const struct form *form, const struct form_program *program)
{
	return workloads[program->workload].n / (form->slower ? form->slower : 1);
}

/* In two sizes, so that what comes before and after the work does not count. */
static bool measure_work(struct form_measure *measure, const struct form *form, unsigned i)
{
	const struct form_program *program = &form->programs[i];
	uint64_t took[2] = { 0 }, least[2] = { 0 };
	bool done = true;
	for (unsigned size = 0; size < 2 && done; size++) {
		struct outcome outcome;
		struct words answer = { 0 };
		unsigned n = size_of(form, program) << size;
		done = do_work(&outcome, form, program, n, 0, NULL) && get_standard(&answer, &least[size], program, n, &outcome);
		took[size] = outcome.real;
		measure->equivalent &= done && outcome.end == MACHINE_HALTED && says(&outcome, &answer);
		free(answer.bytes);
		outcome_free(&outcome);
	}
	if (done && least[1] > least[0])
		measure->cost[i] = (struct form_cost){ true, (double)(took[1] - took[0]) / (double)(least[1] - least[0]) };
	return done;
}

static bool measure_deeper(struct form_measure *measure, const struct form *form)
{
	const struct form_program *program = &form->programs[0];
	struct outcome here = { 0 }, deeper = { 0 };
	unsigned n = size_of(form, program), levels = form->monitor ? DEEPER - 1 : DEEPER;
	bool done = do_work(&here, form, program, n, 0, NULL) && do_work(&deeper, form, program, n, levels, NULL);
	measure->same_deeper = done && same(&here, &deeper);
	outcome_free(&here);
	outcome_free(&deeper);
	return done;
}

/* ---- control ------------------------------------------------------------- */

static bool read_guests(struct guest_set *set, const char *names)
{
	char list[256];
	snprintf(list, sizeof(list), "%s", names);
	set->guest = calloc(strlen(names), sizeof(*set->guest));
	char *rest = NULL;
	for (char *name = strtok_r(list, " ", &rest); name && set->guest; name = strtok_r(NULL, " ", &rest)) {
		struct refusal why;
		char *path = file_find_guest(name);
		bool read = path && guest_read(&set->guest[set->n], path, 0, 0, &why);
		free(path);
		if (!read)
			return complain("%s: %s", name, path ? why.text : "no memory") == 0;
		set->n++;
	}
	return set->guest || complain("no memory") == 0;
}

/* The checker watches the monitor, and says of equivalence what it sees. */
static void judge_monitor(struct form_measure *measure, const struct check_case *c)
{
	struct finding findings[PROPERTIES];
	const unsigned asked = 1u << PROPERTY_EQUIVALENCE | 1u << PROPERTY_CONTROL;
	check_run(c, asked, findings);
	const struct finding *equivalence = &findings[PROPERTY_EQUIVALENCE];
	if (equivalence->verdict != HOLDS)
		snprintf(measure->contrary, sizeof(measure->contrary), "%s",
		         equivalence->guest ? equivalence->guest->name : verdict_names[equivalence->verdict]);
	measure->control = findings[PROPERTY_CONTROL].verdict;
	finding_free(&findings[PROPERTY_EQUIVALENCE]);
	finding_free(&findings[PROPERTY_CONTROL]);
}

static bool check_monitor(struct form_measure *measure, const struct form *form)
{
	struct own_profile own;
	struct paths paths = { 0 };
	struct file file = { 0 };
	struct refusal why;
	struct check_case c = { .depth = 1, .seed = 1, .profile = form->profile ? option_profile(form->profile, &own) : NULL };
	const char *path = installed(&paths, form->monitor);
	bool read = path && file_read(&file, path, &why);
	if (path && !read)
		complain("%s: %s", path, why.text);
	read = read && read_guests(&c.guests, form->guests ? form->guests : checked_guests);
	c.monitor = (struct pack_monitor){ file.bytes, file.size, form->monitor };
	if (read)
		judge_monitor(measure, &c);
	guest_set_free(&c.guests);
	file_free(&file);
	paths_free(&paths);
	return read;
}

/* What is hostile comes first; then the work is done as if it had not been there. */
static bool goes_on(struct form_measure *measure, const struct form *form)
{
	const struct form_program *program = &form->programs[0];
	struct outcome outcome = { 0 }, bare = { 0 };
	unsigned n = size_of(form, program);
	bool done = do_work(&outcome, form, program, n, 0, form->hostile) && do_bare(&bare, program->workload, n);
	measure->control = done && outcome.end == MACHINE_HALTED && says(&outcome, &bare.said) ? HOLDS : FAILS;
	outcome_free(&outcome);
	outcome_free(&bare);
	return done;
}

static bool stops(struct form_measure *measure, const struct form *form)
{
	struct words input = { 0 };
	struct outcome outcome = { 0 };
	bool done = add_file(&input, form->hostile_file) && run_form(&outcome, form, NULL, 0, &input);
	measure->control = done && outcome.end == MACHINE_HALTED && outcome.code == form->stops_with ? HOLDS : FAILS;
	free(input.bytes);
	outcome_free(&outcome);
	return done;
}

static bool measure_control(struct form_measure *measure, const struct form *form)
{
	switch (form->control) {
	case CONTROL_MONITOR: return check_monitor(measure, form);
	case CONTROL_GOES_ON: return goes_on(measure, form);
	case CONTROL_STOPS:   return stops(measure, form);
	}
	return true;
}

/* ---- all of it ----------------------------------------------------------- */

bool form_measure(struct form_measure *measure, const struct form *form)
{
	*measure = (struct form_measure){ .equivalent = true };
	for (unsigned i = 0; i < FORM_PROGRAMS && form->programs[i].workload; i++)
		if (!measure_work(measure, form, i))
			return false;
	return measure_deeper(measure, form) && measure_control(measure, form);
}
