/* The inspector's `compare`: a guest of the session, taken from its disk, once more under the
 * same monitors with the bare machine beside it, judged as `droste check` judges.  The
 * drawing of the house lets the inspector itself know nothing of properties.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "properties/check.h"
#include "properties/explain.h"
#include "subject.h"

struct comparison {
	struct guest guest;
	struct vm_plan beside[DIRECTORY_ENTRIES];
	unsigned besides;
	struct pack_monitor monitor[MONITORS_MOST]; /* the outermost first */
	struct file input;
	struct pair_case pair;
};

static void fail(struct answer *answer, const char *what)
{
	fprintf(answer->text, "%s\n", what);
	answer->failed = true;
	if (answer->json)
		json_object_set_new(answer->json, "error", json_string(what));
}

/* ---- the same again ----------------------------------------------------- */

static struct vm_plan vm_at(const struct subject *subject, const struct place *place)
{
	struct vm_plan vm = {
		.disk = { subject->plan.machine.disk.image + (size_t)place->first_sector * SECTOR, place->sectors },
		.storage = place->storage,
		.lines = place->lines,
	};
	memcpy(vm.name, place->name, sizeof(vm.name));
	return vm;
}

static bool find_monitors(struct comparison *c, const struct subject *subject, const struct place *place)
{
	for (unsigned level = place->level; level-- > 0;) {
		place = &subject->plan.place[place->parent];
		const struct symbol_file *file = subject_file(subject, place);
		if (!file)
			return false;
		c->monitor[level] = (struct pack_monitor){ file->file.bytes, file->file.size, symbols_path(file->symbols) };
	}
	return true;
}

static bool prepare(struct comparison *c, const struct subject *subject, struct answer *answer)
{
	const struct machine_options *o = subject->options;
	const struct place *place = plan_image(&subject->plan, 0), *other;
	const struct symbol_file *file = subject_file(subject, place);
	struct refusal why;
	c->guest.plan = vm_at(subject, place);
	snprintf(c->guest.name, sizeof(c->guest.name), "%s", place->name);
	c->guest.path = (char *)(uintptr_t)o->wish.image[0];
	if (file) {
		c->guest.file = file->file.bytes;
		c->guest.file_size = file->file.size;
	}
	while (c->besides + 1 < DIRECTORY_ENTRIES && (other = plan_image(&subject->plan, c->besides + 1)))
		c->beside[c->besides++] = vm_at(subject, other);
	if (!find_monitors(c, subject, place)) {
		fail(answer, "the ELF file of some monitor is not known: name it with --monitor");
		return false;
	}
	if (o->inputs > 0 && !file_read(&c->input, o->input[0], &why)) {
		fail(answer, why.text);
		return false;
	}
	c->pair = guest_case(&c->guest, c->monitor, place->level);
	c->pair.beside = c->beside;
	c->pair.besides = c->besides;
	c->pair.profile = o->profile;
	c->pair.input[0] = (struct bytes){ c->input.bytes, c->input.size };
	return true;
}

/* ---- judging ------------------------------------------------------------ */

static void say_finding(const struct finding *f, struct answer *answer)
{
	char *source = f->where.found ? explain_source(f->guest, explain_address(f)) : NULL;
	explain_verdict(f, answer->text);
	explain_fault(f, source, answer->text);
	if (answer->json)
		json_object_set_new(answer->json, property_names[f->property],
		                    json_pack("{s:s, s:s, s:s*, s:I}", "verdict", verdict_names[f->verdict], "what", f->what, "source",
		                              source, "steps", f->where.found ? (json_int_t)f->where.real_steps : -1));
	free(source);
}

/* What one run decides; isolation and recursion need more. */
static void judge(const struct comparison *c, struct inspector *inspector, uint64_t steps, struct answer *answer)
{
	static const enum property properties[] = { PROPERTY_EQUIVALENCE, PROPERTY_CONTROL, PROPERTY_EFFICIENCY, PROPERTY_INSPECTION };
	struct trial trial;
	trial_run(&trial, &c->pair, steps);
	for (unsigned i = 0; i < sizeof(properties) / sizeof(*properties); i++) {
		struct finding f = { .property = properties[i] };
		finding_judge(&f, &trial, &c->guest, c->pair.depth);
		if (f.verdict == FAILS && f.property == PROPERTY_EQUIVALENCE)
			finding_locate(&f, &trial, &c->pair);
		say_finding(&f, answer);
		if (f.where.found) {
			inspector->last = session_move(inspector->session,
			                               &(struct motion){ .kind = MOVE_STEPS, .argument = f.where.real_steps });
			inspector->level = session_running(inspector->session);
			fprintf(answer->text, "  the session is there now: see 'where', 'info traps', 'reverse-step'\n");
		}
	}
	if (trial.end == TRIAL_SAME && !trial.ended)
		fputs("the guest has not ended by then: 'compare STEPS' goes further\n", answer->text);
}

void subject_compare(void *self, struct inspector *inspector, uint64_t steps, struct answer *answer)
{
	const struct subject *subject = self;
	struct comparison *c = calloc(1, sizeof(*c));
	if (!c)
		fail(answer, "no memory to compare");
	else if (prepare(c, subject, answer))
		judge(c, inspector, steps, answer);
	if (c)
		file_free(&c->input);
	free(c);
}
