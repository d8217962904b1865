/* Tasks judged.  See task.h; called by grade.c.  What a student wrote is quoted here as it is: whoever
 * shows it makes it plain first.
 */

#include "task.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <xxhash.h>

#include "inspector/words.h"
#include "profile.h"

enum { ANSWERS_BYTES = 1 << 16, PROFILE_BYTES = 1 << 14, GUEST_BYTES = 16 << 20, SEAL_ROUNDS = 1 << 16, RUNS_MOST = 32 };

/* Runs that have been measured: questions about one of them come together. */
struct kept_run {
	const struct task_run *run;
	struct measured measured;
};

struct judging {
	const struct task_case *c;
	struct answers answers;
	struct refusal no_answers;  /* why there are none; or empty */
	struct kept_run kept[RUNS_MOST];
	unsigned runs;
	struct truth_memory memory;
	struct task_verdict *verdicts;
};

void task_run_free(struct task_run *run)
{
	free(run->file);
	free(run->monitor);
	free(run->input);
}

static void free_task(struct task *task)
{
	free(task->file);
	task_run_free(&task->truth.run);
	task_run_free(&task->a);
	task_run_free(&task->b);
	for (unsigned k = 0; k < task->mistakes; k++)
		task_run_free(&task->mistake[k].truth.run);
}

void tasks_drop_hidden(struct tasks *tasks)
{
	unsigned kept = 0;
	for (unsigned i = 0; i < tasks->n; i++) {
		if (tasks->task[i].hidden)
			free_task(&tasks->task[i]);
		else
			tasks->task[kept++] = tasks->task[i];
	}
	tasks->n = kept;
}

void tasks_free(struct tasks *tasks)
{
	for (unsigned i = 0; i < tasks->n; i++)
		free_task(&tasks->task[i]);
	free(tasks->task);
	*tasks = (struct tasks){ 0 };
}

/* ---- what to say -------------------------------------------------------- */

static void fail(struct task_verdict *v, enum task_fault fault, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void fail(struct task_verdict *v, enum task_fault fault, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(v->what, sizeof(v->what), format, args);
	va_end(args);
	v->fault = fault;
}

/* "bare on x86", "under 2 monitors" */
static void describe_run(const struct task_run *run, char *to, size_t room)
{
	size_t n = (size_t)(run->depth == 0   ? snprintf(to, room, "%s", _("bare"))
	                    : run->depth == 1 ? snprintf(to, room, "%s", _("under a monitor"))
	                                      : snprintf(to, room, _("under %u monitors"), run->depth));
	if (run->profile && n < room)
		snprintf(to + n, room - n, _(" on %s"), run->profile->name);
}

/* A path's last part, as the commands of a handout have it. */
static const char *last_part(const char *path) { return strrchr(path, '/') ? strrchr(path, '/') + 1 : path; }

static void put_run(const struct task_run *run, const char *options, FILE *to)
{
	fprintf(to, "droste run%s", options);
	if (run->monitor)
		fprintf(to, " --monitor %s", last_part(run->monitor));
	if (run->input)
		fprintf(to, " --eof --input %s", last_part(run->input));
	if (run->depth > 0)
		fprintf(to, " --depth %u", run->depth);
	if (run->profile)
		fprintf(to, " --profile %s", run->profile->name);
	if (run->memory)
		fprintf(to, " --memory %" PRIu32, run->memory);
	fprintf(to, " %s", run->file ? last_part(run->file) : run->guest);
}

/* ---- truths ------------------------------------------------------------- */

static bool same_path(const char *a, const char *b) { return a == b || (a && b && strcmp(a, b) == 0); }

static bool same_run(const struct task_run *a, const struct task_run *b)
{
	return strcmp(a->guest, b->guest) == 0 && a->depth == b->depth && a->profile == b->profile && a->memory == b->memory &&
	       a->limit == b->limit && same_path(a->file, b->file) && same_path(a->monitor, b->monitor) && same_path(a->input, b->input);
}

static const struct measured *measure(struct judging *j, const struct task_run *run, struct refusal *why)
{
	for (unsigned i = 0; i < j->runs; i++)
		if (same_run(j->kept[i].run, run))
			return &j->kept[i].measured;
	if (j->runs == RUNS_MOST)
		measured_free(&j->kept[--j->runs].measured);
	struct kept_run *kept = &j->kept[j->runs];
	kept->run = run;
	if (!task_measure(&kept->measured, j->c, run, why)) {
		measured_free(&kept->measured);
		return NULL;
	}
	j->runs++;
	return &kept->measured;
}

static uint64_t sum_traps(const struct measured *m, unsigned level, int cause)
{
	uint64_t n = 0;
	for (int i = 0; i < CAUSES; i++)
		n += cause < 0 || cause == i ? m->traps[level][i] : 0;
	return n;
}

/* Thousandths, to the nearest. */
static int64_t ratio(uint64_t a, uint64_t b) { return b ? (int64_t)((1000 * a + b / 2) / b) : 0; }

/* Of the bare run. */
static bool bare_instructions(struct judging *j, const struct task_run *run, uint64_t *to, struct refusal *why)
{
	struct measured bare;
	struct task_run alone = *run;
	alone.depth = 0;
	if (!task_measure(&bare, j->c, &alone, why))
		return false;
	*to = bare.instructions;
	measured_free(&bare);
	return true;
}

static bool number_of(struct judging *j, const struct truth *truth, const struct measured *m, int64_t *to, struct refusal *why)
{
	uint64_t n = 0;
	switch ((enum run_quantity)truth->kind->which) {
	case RUN_EXITS:        n = sum_traps(m, truth->level, truth->cause); break;
	case RUN_INSTRUCTIONS: n = m->instructions; break;
	case RUN_PRIVILEGED:   n = m->privileged; break;
	case RUN_MACHINE:      n = m->machine[truth->level]; break;
	case RUN_OWN:          n = m->own[truth->level]; break;
	case RUN_CLOCK:        n = m->clock; break;
	case RUN_CODE:         n = m->code; break;
	case RUN_SIO_RATIO:    *to = ratio(m->trips[0][1], m->trips[0][0]); return true;
	case RUN_RATIO:        *to = ratio(m->trips[1][1], m->trips[1][0]); return true;
	case RUN_COST:
		if (!bare_instructions(j, &truth->run, &n, why))
			return false;
		*to = ratio(m->machine[0], n);
		return true;
	case RUN_END:
	case RUN_FAILS: break;
	}
	*to = (int64_t)(1000 * n);
	return true;
}

/* What is so: a number in thousandths, or words. */
struct fact {
	int64_t number;
	char text[256];
};

static bool find_fact(struct judging *j, const struct truth *truth, struct fact *to, struct refusal *why)
{
	*to = (struct fact){ 0 };
	if (truth->kind->source != SOURCE_RUN)
		return truth_classify(&j->memory, truth->kind, truth->profile, truth->insn, truth->ours, to->text, sizeof(to->text), why);
	if (truth->kind->which == RUN_FAILS)
		return task_judge(j->c, &truth->run, to->text, sizeof(to->text), why);
	const struct measured *m = measure(j, &truth->run, why);
	if (m)
		snprintf(to->text, sizeof(to->text), "%s", machine_end_names[m->end]);
	return m && (truth->kind->type == TYPE_WORD || number_of(j, truth, m, &to->number, why));
}

/* ---- sealed answers ----------------------------------------------------- */

/* Slow enough that trying a dictionary takes a while; a question with four answers keeps no secret from somebody who
 * wants to know. */
uint64_t task_seal(const char *salt, const char *name, const char *answer)
{
	char text[320];
	int n = snprintf(text, sizeof(text), "%s%c%s%c%s", salt, '\n', name, '\n', answer);
	for (char *c = text; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	uint64_t hash = XXH64(text, (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1, 0);
	for (int i = 0; i < SEAL_ROUNDS; i++)
		hash = XXH64(text, strlen(text), hash);
	return hash;
}

static bool opens(const struct truth *truth, const struct task *task, const char *answer)
{
	uint64_t hash = task_seal(truth->salt, task->name, answer);
	for (unsigned i = 0; i < truth->hashes; i++)
		if (truth->hash[i] == hash)
			return true;
	return false;
}

/* ---- sets of words ------------------------------------------------------ */

#define BETWEEN " ,;\t"

static bool has_word(const char *list, const char *word, size_t n)
{
	for (size_t length; list += strspn(list, BETWEEN), (length = strcspn(list, BETWEEN)) > 0; list += length)
		if (length == n && strncasecmp(list, word, n) == 0)
			return true;
	return false;
}

static unsigned count_words(const char *list)
{
	unsigned n = 0;
	for (size_t length; list += strspn(list, BETWEEN), (length = strcspn(list, BETWEEN)) > 0; list += length)
		n++;
	return n;
}

/* Words that are in the other list, each once; those that are not go to strangers. */
static unsigned count_common(const char *list, const char *other, char *strangers, size_t room)
{
	unsigned n = 0;
	size_t at = 0;
	const char *start = list;
	*strangers = '\0';
	for (size_t length; list += strspn(list, BETWEEN), (length = strcspn(list, BETWEEN)) > 0; list += length) {
		char before[256];
		snprintf(before, sizeof(before), "%.*s", (int)(list - start), start);
		if (has_word(before, list, length))
			continue;
		if (has_word(other, list, length))
			n++;
		else if (at < room)
			at += (size_t)snprintf(strangers + at, room - at, "%s%.*s", at ? " " : "", (int)length, list);
	}
	return n;
}

static void say_set(unsigned right, unsigned missing, unsigned wrong, const char *strangers, struct task_verdict *v)
{
	char so[60], lacks[60], more[60];
	snprintf(so, sizeof(so), words_n("%u of them is right", "%u of them are right", right), right);
	snprintf(lacks, sizeof(lacks), words_n("%u is missing", "%u are missing", missing), missing);
	snprintf(more, sizeof(more), words_n("%u too many", "%u too many", wrong), wrong);
	fail(v, TASK_WRONG, "%s, %s, %s%s%s", so, lacks, more, wrong ? ": " : "", strangers);
}

static void judge_set(const struct answer *answer, const char *fact, struct task_verdict *v)
{
	char strangers[120];
	const char *given = strcasecmp(answer->value, "none") == 0 ? "" : answer->value;
	unsigned all = count_words(fact), right = count_common(given, fact, strangers, sizeof(strangers)), wrong = count_words(strangers);
	if (right == all && wrong == 0) {
		v->share = TASK_WHOLE;
		return;
	}
	v->share = right > wrong && all > 0 ? TASK_WHOLE * (right - wrong) / all : 0;
	say_set(right, all - right, wrong, strangers, v);
}

/* ---- answers ------------------------------------------------------------ */

static bool is_ratio(const struct truth *truth)
{
	return truth->kind->which == RUN_RATIO || truth->kind->which == RUN_SIO_RATIO || truth->kind->which == RUN_COST;
}

/* Ratios are shown with two places, so half a hundredth is near enough. */
static bool is_within(const struct truth *truth, int64_t given, int64_t fact, unsigned percent)
{
	int64_t off = given > fact ? given - fact : fact - given;
	return off <= (is_ratio(truth) ? 5 : 0) || (percent > 0 && off <= fact / 100 * percent);
}

/* True iff it is what this mistake leads to. */
static bool is_mistake(struct judging *j, const struct task *task, const struct mistake *mistake, const struct answer *answer)
{
	struct fact fact;
	struct refusal why;
	int64_t number = 0;
	const struct truth *truth = &mistake->truth;
	if (!truth->kind)
		return opens(truth, task, answer->value);
	if (!find_fact(j, truth, &fact, &why))
		return false;
	if (truth->kind->type == TYPE_NUMBER)
		return answer_number(answer->value, &number) && is_within(truth, number, fact.number, 0);
	return strcasecmp(fact.text, answer->value) == 0;
}

static void say_wrong(struct judging *j, const struct task *task, const struct answer *answer, struct task_verdict *v)
{
	fail(v, TASK_WRONG, _("%.60s is not so%s%s"), answer->value, task->ask[0] ? ": " : "", _(task->ask));
	for (unsigned i = 0; i < task->mistakes; i++)
		if (is_mistake(j, task, &task->mistake[i], answer)) {
			fail(v, TASK_WRONG, _("%.60s is not so: %s"), answer->value, _(task->mistake[i].say));
			return;
		}
}

static void judge_number(struct judging *j, const struct task *task, const struct answer *answer, const struct fact *fact, struct task_verdict *v)
{
	int64_t given = 0;
	if (!answer_number(answer->value, &given)) {
		fail(v, TASK_UNREADABLE, _("'%.60s' is no number: write digits only, such as 12 or 1.25"), answer->value);
		return;
	}
	if (is_within(&task->truth, given, fact->number, task->within)) {
		v->share = TASK_WHOLE;
		return;
	}
	say_wrong(j, task, answer, v);
	if (task->near && is_within(&task->truth, given, fact->number, task->near)) {
		v->share = TASK_WHOLE / 2;
		fail(v, TASK_WRONG, _("%.60s is near, within %u percent, but not so%s%s"), answer->value, task->near, task->ask[0] ? ": " : "", _(task->ask));
	}
}

static const char *const yes_words[] = { "yes", "no", "partly" }, *const holds_words[] = { "holds", "fails" };

/* The words that can be answered; 0: any. */
static unsigned words_of(const struct task *task, const char *words[WORDS_MOST])
{
	const struct truth_kind *kind = task->truth.kind;
	const char *const *usual = kind && kind->source == SOURCE_INSTRUCTION ? yes_words : holds_words;
	unsigned n = task->words ? task->words : !kind || kind->source == SOURCE_RUN ? 0 : usual == yes_words ? 3 : 2;
	for (unsigned i = 0; i < n; i++)
		words[i] = task->words ? task->word[i] : usual[i];
	return n;
}

static bool is_one_of(const struct task *task, const struct answer *answer, struct task_verdict *v)
{
	const char *words[WORDS_MOST];
	char list[200] = "";
	unsigned n = words_of(task, words);
	for (unsigned i = 0; i < n; i++) {
		if (strcasecmp(words[i], answer->value) == 0)
			return true;
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", i ? ", " : "", words[i]);
	}
	if (n > 0)
		fail(v, TASK_UNREADABLE, _("'%.40s' is not one of: %s"), answer->value, list);
	return n == 0;
}

static void judge_word(struct judging *j, const struct task *task, const struct answer *answer, const struct fact *fact, struct task_verdict *v)
{
	if (!is_one_of(task, answer, v))
		return;
	if (task->truth.kind ? strcasecmp(fact->text, answer->value) == 0 : opens(&task->truth, task, answer->value))
		v->share = TASK_WHOLE;
	else
		say_wrong(j, task, answer, v);
}

/* The command by which a student finds out. */
static void put_again(const struct truth *truth, struct task_verdict *v)
{
	FILE *to = fmemopen(v->again, sizeof(v->again), "w");
	if (to && truth->kind && truth->kind->which == RUN_FAILS && truth->kind->source == SOURCE_RUN) {
		fprintf(to, "droste check equivalence --monitor %s", truth->run.monitor ? last_part(truth->run.monitor) : "monitor.elf");
		if (truth->run.profile)
			fprintf(to, " --profile %s", truth->run.profile->name);
		fprintf(to, " --guest %s; and control, efficiency", truth->run.guest);
	} else if (to && truth->kind && truth->kind->source == SOURCE_RUN) {
		if (truth->kind->which == RUN_COST || is_ratio(truth))
			fprintf(to, "droste nest --depth %u %s", truth->run.depth, truth->run.guest);
		else
			put_run(&truth->run, " --stats", to);
	} else if (to && truth->kind) {
		fputs("droste classify", to);
		if (truth->profile && truth->profile != &isa_profiles[PROFILE_strict])
			fprintf(to, " --profile %s", truth->profile->name);
		if (truth->kind->source == SOURCE_INSTRUCTION)
			fprintf(to, " %s", isa_insns[truth->insn].name);
	}
	if (to)
		fclose(to);
}

static void say_unanswered(const struct judging *j, const struct task *task, struct task_verdict *v)
{
	const struct tasks *tasks = j->c->tasks;
	const struct answer *like = answers_like(&j->answers, task->name, tasks);
	snprintf(v->where, sizeof(v->where), "%s", tasks->answers);
	if (like)
		fail(v, TASK_NO_ANSWER, _("there is no line '%s = ...'; line %u has '%s': is it that?"), task->name, like->line, like->name);
	else if (j->answers.errors)
		fail(v, TASK_NO_ANSWER, _("there is no line '%s = ...'; %s:%s"), task->name, tasks->answers, j->answers.error);
	else
		fail(v, TASK_NO_ANSWER, _("there is no line '%s = ...'"), task->name);
}

static void judge_answer(struct judging *j, const struct task *task, struct task_verdict *v)
{
	struct fact fact = { 0 };
	struct refusal why = { "" };
	const struct answer *answer = answers_find(&j->answers, task->name);
	if (j->no_answers.text[0]) {
		fail(v, TASK_NO_FILE, "%.200s", j->no_answers.text);
		return;
	}
	if (!answer) {
		say_unanswered(j, task, v);
		return;
	}
	snprintf(v->where, sizeof(v->where), "%s:%u:%u", j->c->tasks->answers, answer->line, answer->column);
	if (!answer->value[0]) {
		fail(v, TASK_OPEN, _("%s has no answer yet%s%s"), task->name, task->ask[0] ? ": " : "", _(task->ask));
		return;
	}
	put_again(&task->truth, v);
	if (task->truth.kind && !find_fact(j, &task->truth, &fact, &why)) {
		fail(v, TASK_CUT, _("what is so could not be found out: %.200s"), why.text);
		return;
	}
	if (!task->truth.kind || task->truth.kind->type == TYPE_WORD)
		judge_word(j, task, answer, &fact, v);
	else if (task->truth.kind->type == TYPE_SET)
		judge_set(answer, fact.text, v);
	else
		judge_number(j, task, answer, &fact, v);
}

static void read_answers(struct judging *j)
{
	size_t n = 0;
	bool asked = false;
	for (unsigned i = 0; i < j->c->tasks->n; i++)
		asked |= j->c->tasks->task[i].kind == TASK_ANSWER;
	char *text = asked ? task_read(j->c->submission, j->c->tasks->answers, ANSWERS_BYTES, &n, &j->no_answers) : NULL;
	if (text)
		answers_parse(&j->answers, text, n);
	free(text);
}

/* ---- profiles ----------------------------------------------------------- */

/* The shipped profile that is the same machine, or NULL. */
static const struct profile *shipped(const struct profile *profile)
{
	for (int i = 0; i < PROFILES; i++)
		if (memcmp(isa_profiles[i].user, profile->user, sizeof(profile->user)) == 0 && isa_profiles[i].features == profile->features)
			return &isa_profiles[i];
	return NULL;
}

static void judge_verdict(struct judging *j, const struct task *task, const struct profile *profile, struct task_verdict *v)
{
	char word[64], breakers[200] = "", of[48];
	struct refusal why;
	if (!truth_classify(&j->memory, task->theorem, profile, INSN_NONE, task->ours, word, sizeof(word), &why)) {
		fail(v, TASK_CUT, _("the classifier cannot judge it: %.200s"), why.text);
		return;
	}
	if ((strcmp(word, "holds") == 0) == task->holds) {
		v->share = TASK_WHOLE;
		return;
	}
	snprintf(of, sizeof(of), "breaks-%s", task->theorem->name);
	const struct truth_kind *list = truth_find(of);
	if (list && !task->holds)
		fail(v, TASK_VERDICT, _("%s holds for it%s, and is to fail: no instruction breaks it"), task->theorem->name, task->ours ? "" : _(" by the letter"));
	else if (list && truth_classify(&j->memory, list, profile, INSN_NONE, task->ours, breakers, sizeof(breakers), &why))
		fail(v, TASK_VERDICT, _("%s fails for it%s, and is to hold: %s"), task->theorem->name, task->ours ? "" : _(" by the letter"), breakers);
	else
		fail(v, TASK_VERDICT, _("%s %s for it, and is to %s"), task->theorem->name, task->holds ? _("fails") : _("holds"), task->holds ? _("hold") : _("fail"));
}

static void judge_profile(struct judging *j, const struct task *task, struct task_verdict *v)
{
	struct own_profile own;
	struct refusal why;
	size_t n = 0;
	char *text = task_read(j->c->submission, task->file, PROFILE_BYTES, &n, &why);
	snprintf(v->where, sizeof(v->where), "%.90s", task->file);
	snprintf(v->again, sizeof(v->again), "droste classify --profile %.90s", task->file);
	if (!text) {
		fail(v, TASK_NO_FILE, "%.200s", why.text);
	} else if (!profile_parse(&own, text, n, &why)) {
		fail(v, TASK_UNREADABLE, "%.40s:%.200s", task->file, why.text);
	} else if (shipped(&own.profile)) {
		const char *name = shipped(&own.profile)->name;
		if (task->unlike || strcmp(name, "strict") == 0)
			fail(v, TASK_COPY, _("it is the same machine as %s, which comes with droste"), name);
		else
			judge_verdict(j, task, &own.profile, v);
	} else if (task->theorem) {
		judge_verdict(j, task, &own.profile, v);
	} else {
		v->share = TASK_WHOLE;
	}
	free(text);
}

/* ---- guests ------------------------------------------------------------- */

static bool ran(const struct task_run *run, const struct measured *m, struct task_verdict *v)
{
	char where[80];
	describe_run(run, where, sizeof(where));
	if (m->babbled)
		fail(v, TASK_RUN, _("%s it writes without end"), where);
	else if (m->end == MACHINE_RUNNING)
		fail(v, TASK_RUN, _("%s it does not end"), where);
	else if (m->end != MACHINE_HALTED)
		fail(v, TASK_RUN, _("%s it ends in %s"), where, machine_end_names[m->end]);
	return v->fault == TASK_RIGHT;
}

/* Its output's first line that is not as the other's, or its first. */
static void quote(const struct measured *m, const struct measured *other, char *to, size_t room)
{
	const char *a = m->output ? m->output : "", *b = other->output ? other->output : "", *line = a;
	for (; *a && *a == *b; a++, b++)
		line = *a == '\n' ? a + 1 : line;
	if (!*a && !*b)
		line = m->output ? m->output : "";
	snprintf(to, room, "%.*s", (int)(strcspn(line, "\n") < 40 ? strcspn(line, "\n") : 40), line);
}

static bool are_same(const struct measured *a, const struct measured *b)
{
	return a->code == b->code && a->bytes == b->bytes && (a->bytes == 0 || memcmp(a->output, b->output, a->bytes) == 0);
}

static void compare(const struct task *task, const struct measured *a, const struct measured *b, struct task_verdict *v)
{
	char where_a[80], where_b[80], says_a[48], says_b[48];
	bool code = !task->has_code || a->code == task->code;
	if (code && are_same(a, b) != task->differ) {
		v->share = TASK_WHOLE;
		return;
	}
	describe_run(&task->a, where_a, sizeof(where_a));
	describe_run(&task->b, where_b, sizeof(where_b));
	quote(a, b, says_a, sizeof(says_a));
	quote(b, a, says_b, sizeof(says_b));
	if (!code)
		fail(v, TASK_COMPARE, _("it is to end with code %u, but %s it says \"%s\", code %u"), task->code, where_a, says_a, a->code);
	else if (task->differ)
		fail(v, TASK_COMPARE, _("%s and %s it does the same: code %u, %zu bytes of output, \"%s\""), where_a, where_b, a->code, a->bytes, says_a);
	else
		fail(v, TASK_COMPARE, _("it is to do the same, but %s it says \"%s\", code %u, and %s \"%s\", code %u"), where_a, says_a, a->code,
		     where_b, says_b, b->code);
}

static void put_both(const struct task *task, struct task_verdict *v)
{
	FILE *to = fmemopen(v->again, sizeof(v->again), "w");
	if (!to)
		return;
	put_run(&task->a, "", to);
	fputs("; ", to);
	put_run(&task->b, "", to);
	fclose(to);
}

static void judge_guest(struct judging *j, const struct task *task, struct task_verdict *v)
{
	struct refusal why;
	struct measured a, b = { 0 };
	snprintf(v->where, sizeof(v->where), "%.90s", task->file);
	put_both(task, v);
	if (!task_measure(&a, j->c, &task->a, &why) || !task_measure(&b, j->c, &task->b, &why))
		fail(v, TASK_NO_FILE, "%.200s", why.text);
	else if (ran(&task->a, &a, v) && ran(&task->b, &b, v))
		compare(task, &a, &b, v);
	measured_free(&a);
	measured_free(&b);
}

/* ---- all of them -------------------------------------------------------- */

static bool is_locked(const struct judging *j, const struct task *task)
{
	for (unsigned i = 0; i < j->c->tasks->n; i++)
		if (strcmp(j->c->tasks->task[i].name, task->needs) == 0)
			return j->verdicts[i].share < TASK_WHOLE;
	return false;
}

static void judge(struct judging *j, const struct task *task, struct task_verdict *v)
{
	static void (*const judges[])(struct judging *j, const struct task *task, struct task_verdict *v) = {
		[TASK_ANSWER] = judge_answer, [TASK_PROFILE] = judge_profile, [TASK_GUEST] = judge_guest,
	};
	if (j->c->stopped && j->c->stopped(j->c->self))
		fail(v, TASK_CUT, _("grading was cut off before this test"));
	else
		judges[task->kind](j, task, v);
	if (v->share > 0 && task->needs[0] && is_locked(j, task)) {
		v->share = 0;
		fail(v, TASK_LOCKED, _("it counts once '%s' is passed"), task->needs);
	}
}

bool tasks_judge(const struct task_case *c, struct task_verdict *verdicts)
{
	struct judging *j = calloc(1, sizeof(*j));
	if (!j)
		return false;
	j->c = c;
	j->verdicts = verdicts;
	read_answers(j);
	for (unsigned i = 0; i < c->tasks->n; i++) {
		verdicts[i] = (struct task_verdict){ 0 };
		judge(j, &c->tasks->task[i], &verdicts[i]);
	}
	for (unsigned i = 0; i < j->runs; i++)
		measured_free(&j->kept[i].measured);
	truth_forget(&j->memory);
	free(j->answers.answer);
	free(j);
	return true;
}

static uint64_t hash_file(const struct task_case *c, const char *name, uint64_t hash)
{
	struct refusal why;
	size_t n = 0;
	char *text = task_read(c->submission, name, GUEST_BYTES, &n, &why);
	hash = text ? XXH64(text, n, hash) : XXH64("", 0, hash);
	free(text);
	return hash;
}

/* It is the file of the task before it, too. */
static bool is_hashed(const struct tasks *tasks, unsigned i)
{
	const char *before = i > 0 ? tasks->task[i - 1].file : NULL;
	return before && strcmp(before, tasks->task[i].file) == 0;
}

uint64_t tasks_hash(const struct task_case *c, uint64_t seed)
{
	uint64_t hash = hash_file(c, c->tasks->answers, seed);
	for (unsigned i = 0; i < c->tasks->n; i++)
		if (c->tasks->task[i].file && !is_hashed(c->tasks, i))
			hash = hash_file(c, c->tasks->task[i].file, hash);
	return hash;
}
