/* The tasks of a rubric read and checked.  See task.h; called by rubric.c. */

#include "task_parse.h"

#include <stdlib.h>
#include <string.h>

#include "profile.h"

enum { TASKS_MOST = 200, POINTS_MOST = 1000, DEPTH_MOST = TASK_LEVELS - 1 };

/* ---- runs and questions ------------------------------------------------- */

static bool run_guest(struct reading *r, const char *key, const json_t *value)
{
	return take_text(r, key, value, r->run->guest, sizeof(r->run->guest));
}

static bool run_file(struct reading *r, const char *key, const json_t *value) { return take_path(r, key, value, &r->run->file); }

static bool run_monitor(struct reading *r, const char *key, const json_t *value) { return take_path(r, key, value, &r->run->monitor); }
static bool run_input(struct reading *r, const char *key, const json_t *value) { return take_path(r, key, value, &r->run->input); }

static bool run_depth(struct reading *r, const char *key, const json_t *value)
{
	return take_unsigned(r, key, value, 0, DEPTH_MOST, &r->run->depth);
}

static bool take_profile(const struct reading *r, const char *key, const json_t *value, const struct profile **to)
{
	const char *name = json_string_value(value);
	*to = name ? profile_find(name) : NULL;
	return *to || reading_refuse(r, "\"%s\" wants the name of a profile that droste ships", key);
}

static bool run_profile(struct reading *r, const char *key, const json_t *value) { return take_profile(r, key, value, &r->run->profile); }

static bool run_memory(struct reading *r, const char *key, const json_t *value)
{
	return take_unsigned(r, key, value, STORAGE_LEAST, STORAGE_MOST, &r->run->memory) &&
	       (r->run->memory % 4 == 0 || reading_refuse(r, "\"%s\" wants a multiple of 4", key));
}

static bool run_limit(struct reading *r, const char *key, const json_t *value)
{
	return take_number(r, key, value, 1, INT64_MAX, &r->run->limit);
}

static bool truth_of(struct reading *r, const char *key, const json_t *value)
{
	r->truth->kind = truth_find(json_string_value(value));
	return r->truth->kind || reading_refuse(r, "\"%s\" wants a question: see docs/rubric.schema.json", key);
}

static bool truth_level(struct reading *r, const char *key, const json_t *value)
{
	return take_unsigned(r, key, value, 0, DEPTH_MOST, &r->truth->level);
}

static bool truth_cause(struct reading *r, const char *key, const json_t *value)
{
	for (r->truth->cause = 0; r->truth->cause < CAUSES; r->truth->cause++)
		if (json_is_string(value) && strcmp(isa_cause_names[r->truth->cause], json_string_value(value)) == 0)
			return true;
	return reading_refuse(r, "\"%s\" wants the name of a cause, such as \"privileged\"", key);
}

static bool truth_profile(struct reading *r, const char *key, const json_t *value)
{
	return take_profile(r, key, value, &r->truth->profile);
}

static bool truth_instruction(struct reading *r, const char *key, const json_t *value)
{
	for (int insn = 0; insn < INSNS; insn++)
		if (json_is_string(value) && strcmp(isa_insns[insn].name, json_string_value(value)) == 0) {
			r->truth->insn = (enum insn)insn;
			return true;
		}
	return reading_refuse(r, "\"%s\" wants the name of an instruction", key);
}

static bool take_reading(const struct reading *r, const char *key, const json_t *value, bool *ours)
{
	const char *text = json_string_value(value);
	*ours = text && strcmp(text, "ours") == 0;
	return *ours || (text && strcmp(text, "letter") == 0) || reading_refuse(r, "\"%s\" wants \"letter\" or \"ours\"", key);
}

static bool truth_reading(struct reading *r, const char *key, const json_t *value) { return take_reading(r, key, value, &r->truth->ours); }

static const struct key measure_keys[] = {
	{ "of", truth_of }, { "guest", run_guest }, { "file", run_file }, { "depth", run_depth }, { "profile", run_profile },
	{ "memory", run_memory }, { "monitor", run_monitor }, { "input", run_input }, { "limit", run_limit }, { "level", truth_level }, { "cause", truth_cause }, { 0 },
};

static const struct key classify_keys[] = {
	{ "of", truth_of }, { "instruction", truth_instruction }, { "profile", truth_profile }, { "reading", truth_reading }, { 0 },
};

static bool take_measure(struct reading *r, const char *key, const json_t *value)
{
	struct truth *truth = r->truth;
	truth->cause = -1;
	r->run = &truth->run;
	if (!take_object(r, value, measure_keys))
		return false;
	if (!truth->kind || truth->kind->source != SOURCE_RUN)
		return reading_refuse(r, "\"%s\" wants \"of\", something that a run tells", key);
	if (!truth->run.guest[0])
		return reading_refuse(r, "\"%s\" wants a \"guest\"", key);
	return truth->level <= truth->run.depth || reading_refuse(r, "\"%s\": there is no level %u at depth %u", key, truth->level, truth->run.depth);
}

static bool take_classify(struct reading *r, const char *key, const json_t *value)
{
	r->truth->profile = &isa_profiles[PROFILE_strict];
	r->truth->insn = INSN_NONE;
	if (!take_object(r, value, classify_keys))
		return false;
	const struct truth_kind *kind = r->truth->kind;
	if (!kind || kind->source == SOURCE_RUN)
		return reading_refuse(r, "\"%s\" wants \"of\", something that the classifier tells", key);
	return (kind->source == SOURCE_INSTRUCTION) == (r->truth->insn != INSN_NONE) ||
	       reading_refuse(r, "\"%s\": \"%s\" is of %s", key, kind->name, kind->source == SOURCE_INSTRUCTION ? "an \"instruction\"" : "a whole machine");
}

static bool sealed_salt(struct reading *r, const char *key, const json_t *value)
{
	return take_text(r, key, value, r->truth->salt, sizeof(r->truth->salt));
}

static bool sealed_hash(struct reading *r, const char *key, const json_t *value)
{
	size_t i, n = json_array_size(value);
	const json_t *one;
	if (n == 0 || n > sizeof(r->truth->hash) / sizeof(*r->truth->hash))
		return reading_refuse(r, "\"%s\" wants an array of 1 to 4 hashes", key);
	json_array_foreach(value, i, one) {
		const char *text = json_string_value(one);
		if (!text || strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16)
			return reading_refuse(r, "\"%s\" wants hashes of 16 hexadecimal digits: droste grade --seal makes them", key);
		r->truth->hash[r->truth->hashes++] = strtoull(text, NULL, 16);
	}
	return true;
}

static const struct key sealed_keys[] = { { "salt", sealed_salt }, { "hash", sealed_hash }, { 0 } };

static bool take_sealed(struct reading *r, const char *key, const json_t *value)
{
	return take_object(r, value, sealed_keys) &&
	       ((r->truth->salt[0] && r->truth->hashes) || reading_refuse(r, "\"%s\" wants \"salt\" and \"hash\"", key));
}

/* ---- answers ------------------------------------------------------------ */

static bool mistake_say(struct reading *r, const char *key, const json_t *value)
{
	struct mistake *mistake = &r->task->mistake[r->task->mistakes - 1];
	return take_text(r, key, value, mistake->say, sizeof(mistake->say));
}

static const struct key mistake_keys[] = {
	{ "measure", take_measure }, { "classify", take_classify }, { "sealed", take_sealed }, { "say", mistake_say }, { 0 },
};

static bool has_truth(const struct truth *truth) { return truth->kind || truth->hashes; }

static bool answer_mistakes(struct reading *r, const char *key, const json_t *value)
{
	size_t i;
	const json_t *one;
	if (!json_is_array(value) || json_array_size(value) > MISTAKES_MOST)
		return reading_refuse(r, "\"%s\" wants an array of up to %d", key, MISTAKES_MOST);
	json_array_foreach(value, i, one) {
		struct mistake *mistake = &r->task->mistake[r->task->mistakes++];
		struct truth *truth = r->truth;
		r->truth = &mistake->truth;
		if (!take_object(r, one, mistake_keys))
			return false;
		if (!has_truth(&mistake->truth) || !mistake->say[0])
			return reading_refuse(r, "a mistake wants what is answered, and what to \"say\" of it");
		r->truth = truth;
	}
	return true;
}

static bool answer_within(struct reading *r, const char *key, const json_t *value)
{
	return take_unsigned(r, key, value, 0, 1000, &r->task->within);
}

static bool answer_near(struct reading *r, const char *key, const json_t *value) { return take_unsigned(r, key, value, 0, 1000, &r->task->near); }

static bool answer_words(struct reading *r, const char *key, const json_t *value)
{
	size_t i;
	const json_t *one;
	if (!json_is_array(value) || json_array_size(value) < 2 || json_array_size(value) > WORDS_MOST)
		return reading_refuse(r, "\"%s\" wants an array of 2 to %d words", key, WORDS_MOST);
	json_array_foreach(value, i, one)
		if (!take_text(r, key, one, r->task->word[r->task->words++], sizeof(r->task->word[0])))
			return false;
	return true;
}

static const struct key answer_keys[] = {
	{ "measure", take_measure }, { "classify", take_classify }, { "sealed", take_sealed }, { "within", answer_within },
	{ "near", answer_near }, { "words", answer_words }, { "mistakes", answer_mistakes }, { 0 },
};

static bool one_kind(struct reading *r, enum task_kind kind)
{
	if (r->task->kind != TASK_NONE)
		return reading_refuse(r, "a task is one of \"answer\", \"profile\" and \"guest\", not two");
	r->task->kind = kind;
	return true;
}

static bool task_answer(struct reading *r, const char *key, const json_t *value)
{
	r->truth = &r->task->truth;
	return one_kind(r, TASK_ANSWER) && take_object(r, value, answer_keys) &&
	       (has_truth(&r->task->truth) || reading_refuse(r, "\"%s\" wants one of \"measure\", \"classify\" and \"sealed\"", key));
}

/* ---- profiles and guests ------------------------------------------------ */

static bool file_of(struct reading *r, const char *key, const json_t *value)
{
	return take_path(r, key, value, &r->task->file) && (!strchr(r->task->file, '/') ||
	       reading_refuse(r, "\"%s\" wants a file of the submission's folder, without a /", key));
}

static bool profile_theorem(struct reading *r, const char *key, const json_t *value)
{
	r->task->theorem = truth_find(json_string_value(value));
	return (r->task->theorem && r->task->theorem->source == SOURCE_PROFILE && r->task->theorem->type == TYPE_WORD) ||
	       reading_refuse(r, "\"%s\" wants \"theorem-1\", \"theorem-2\", \"theorem-3\", \"dx\" or \"dx-user\"", key);
}

static bool profile_holds(struct reading *r, const char *key, const json_t *value) { return take_bool(r, key, value, &r->task->holds); }
static bool profile_unlike(struct reading *r, const char *key, const json_t *value) { return take_bool(r, key, value, &r->task->unlike); }
static bool profile_reading(struct reading *r, const char *key, const json_t *value) { return take_reading(r, key, value, &r->task->ours); }

static const struct key profile_keys[] = {
	{ "file", file_of }, { "theorem", profile_theorem }, { "holds", profile_holds }, { "reading", profile_reading },
	{ "unlike-shipped", profile_unlike }, { 0 },
};

static bool task_profile(struct reading *r, const char *key, const json_t *value)
{
	return one_kind(r, TASK_PROFILE) && take_object(r, value, profile_keys) &&
	       (r->task->file || reading_refuse(r, "\"%s\" wants a \"file\"", key)) &&
	       (r->task->theorem || r->task->unlike || reading_refuse(r, "\"%s\" wants a \"theorem\", or \"unlike-shipped\"", key));
}

static const struct key own_run_keys[] = { { "depth", run_depth }, { "profile", run_profile }, { "memory", run_memory }, { "limit", run_limit }, { 0 } };

static bool guest_a(struct reading *r, const char *key, const json_t *value)
{
	(void)key;
	r->run = &r->task->a;
	return take_object(r, value, own_run_keys);
}

static bool guest_b(struct reading *r, const char *key, const json_t *value)
{
	(void)key;
	r->run = &r->task->b;
	return take_object(r, value, own_run_keys);
}

static bool guest_expect(struct reading *r, const char *key, const json_t *value)
{
	const char *text = json_string_value(value);
	r->task->differ = text && strcmp(text, "differ") == 0;
	return r->task->differ || (text && strcmp(text, "same") == 0) || reading_refuse(r, "\"%s\" wants \"differ\" or \"same\"", key);
}

static bool guest_code(struct reading *r, const char *key, const json_t *value)
{
	r->task->has_code = true;
	return take_unsigned(r, key, value, 0, 255, &r->task->code);
}

static const struct key guest_keys[] = { { "file", file_of }, { "a", guest_a }, { "b", guest_b }, { "expect", guest_expect },
	                                     { "code", guest_code }, { 0 } };

static bool copy_file(struct reading *r, struct task_run *run)
{
	run->limit = run->limit ? run->limit : 200000000;
	run->file = strdup(r->task->file);
	return run->file || reading_refuse(r, "no memory");
}

static bool task_guest(struct reading *r, const char *key, const json_t *value)
{
	if (!one_kind(r, TASK_GUEST) || !take_object(r, value, guest_keys))
		return false;
	if (!r->task->file || !json_object_get(value, "a") || !json_object_get(value, "b") || !json_object_get(value, "expect"))
		return reading_refuse(r, "\"%s\" wants \"file\", \"a\", \"b\" and \"expect\"", key);
	return copy_file(r, &r->task->a) && copy_file(r, &r->task->b);
}

/* ---- tasks -------------------------------------------------------------- */

static bool task_name(struct reading *r, const char *key, const json_t *value)
{
	return take_text(r, key, value, r->task->name, sizeof(r->task->name)) &&
	       (strspn(r->task->name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == strlen(r->task->name) ||
	        reading_refuse(r, "\"%s\" wants letters, digits, '.', '-' and '_' only", key));
}

static bool task_points(struct reading *r, const char *key, const json_t *value)
{
	return take_unsigned(r, key, value, 1, POINTS_MOST, &r->task->points);
}

static bool task_hidden(struct reading *r, const char *key, const json_t *value) { return take_bool(r, key, value, &r->task->hidden); }

static bool task_needs(struct reading *r, const char *key, const json_t *value)
{
	return take_text(r, key, value, r->task->needs, sizeof(r->task->needs));
}

static bool task_ask(struct reading *r, const char *key, const json_t *value) { return take_text(r, key, value, r->task->ask, sizeof(r->task->ask)); }
static bool task_read_on(struct reading *r, const char *key, const json_t *value) { return take_text(r, key, value, r->task->read, sizeof(r->task->read)); }

static bool task_part(struct reading *r, const char *key, const json_t *value)
{
	const char *name = json_string_value(value);
	struct tasks *tasks = &r->rubric->tasks;
	for (r->task->part = 0; r->task->part < tasks->parts; r->task->part++)
		if (name && strcmp(tasks->part[r->task->part].name, name) == 0)
			return true;
	return reading_refuse(r, "\"%s\" wants one of the rubric's \"parts\"", key);
}

static const struct key task_keys[] = {
	{ "name", task_name }, { "part", task_part }, { "points", task_points }, { "hidden", task_hidden }, { "needs", task_needs },
	{ "ask", task_ask }, { "read", task_read_on }, { "answer", task_answer }, { "profile", task_profile }, { "guest", task_guest }, { 0 },
};

static bool check_task(const struct reading *r)
{
	const struct tasks *tasks = &r->rubric->tasks;
	bool found = !r->task->needs[0];
	if (!r->task->name[0] || !r->task->points || r->task->part >= tasks->parts || r->task->kind == TASK_NONE)
		return reading_refuse(r, "a task needs \"name\", \"part\", \"points\" and one of \"answer\", \"profile\" and \"guest\"");
	for (const struct task *other = tasks->task; other < r->task; other++) {
		if (strcmp(other->name, r->task->name) == 0)
			return reading_refuse(r, "there is another task of this name");
		found |= strcmp(other->name, r->task->needs) == 0;
	}
	return found || reading_refuse(r, "\"needs\" wants the name of a task before this one");
}

static bool take_task(struct reading *r, size_t i, const json_t *value)
{
	struct tasks *tasks = &r->rubric->tasks;
	const char *name = json_string_value(json_object_get(value, "name"));
	r->task = &tasks->task[tasks->n++];
	*r->task = (struct task){ .part = PARTS_MOST };
	snprintf(r->at, sizeof(r->at), name ? "task %zu, '%.40s'" : "task %zu", i + 1, name);
	return take_object(r, value, task_keys) && check_task(r);
}

bool tasks_parse(struct reading *r, const char *key, const json_t *value)
{
	size_t n = json_array_size(value), i;
	const json_t *task;
	if (n == 0 || n > TASKS_MOST)
		return reading_refuse(r, "\"%s\" wants an array of 1 to %d tasks", key, TASKS_MOST);
	r->rubric->tasks.task = calloc(n, sizeof(*r->rubric->tasks.task));
	if (!r->rubric->tasks.task)
		return reading_refuse(r, "no memory");
	json_array_foreach(value, i, task)
		if (!take_task(r, i, task))
			return false;
	return true;
}

bool tasks_parse_parts(struct reading *r, const char *key, const json_t *value)
{
	const char *name;
	json_t *sentence;
	struct tasks *tasks = &r->rubric->tasks;
	if (!json_is_object(value) || json_object_size(value) == 0 || json_object_size(value) > PARTS_MOST)
		return reading_refuse(r, "\"%s\" wants an object of 1 to %d parts, each with what it asks for", key, PARTS_MOST);
	json_object_foreach((json_t *)value, name, sentence) {
		struct task_part *part = &tasks->part[tasks->parts++];
		if (rubric_is_property(name))
			return reading_refuse(r, "\"%s\": %s is a property, and no part can have its name", key, name);
		if (!*name || strlen(name) >= sizeof(part->name) || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(name))
			return reading_refuse(r, "\"%s\" wants short names of small letters, digits and '-'", key);
		strcpy(part->name, name);
		if (!take_text(r, name, sentence, part->sentence, sizeof(part->sentence)))
			return false;
	}
	return true;
}

bool tasks_parse_answers(struct reading *r, const char *key, const json_t *value)
{
	return take_text(r, key, value, r->rubric->tasks.answers, sizeof(r->rubric->tasks.answers)) &&
	       (!strchr(r->rubric->tasks.answers, '/') || reading_refuse(r, "\"%s\" wants a file's name, without a /", key));
}
