/* Witnesses of droste classify: each is run again from its states, and what happens is
 * shown in two columns.
 */

#include "classify.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- all verdicts on an instruction ------------------------------------- */

static const char *extent_words(enum classify_extent extent)
{
	static const char *const words[] = {
		[EXTENT_NONE] = "", [EXTENT_OURS] = "ours: beyond <E, M, P, R> and registers",
		[EXTENT_REGISTERS] = "by the letter, if registers count", [EXTENT_LETTER] = "by the letter",
	};
	return words[extent];
}

static void visit_property(const struct classified *c, enum classify_property p, verdict_visitor *visit, void *self)
{
	const struct classify_verdict *strongest = classify_strongest(c, p), *user = &c->sensitive[1][p];
	const char *beyond = p >= PROPERTY_BOUND ? "ours: the paper does not ask" : NULL;
	char key[32], title[128];
	if (strongest->extent == EXTENT_NONE)
		return;
	snprintf(title, sizeof(title), "%s sensitive, %s%s", classify_property_names[p],
	         beyond ? beyond : extent_words(strongest->extent),
	         (p == PROPERTY_MODE || p == PROPERTY_LOCATION) && strongest->keeps ? "; behaviour sensitive, for M and R are kept" : "");
	visit(self, classify_property_names[p], title, strongest);
	if (user == strongest || user->extent == EXTENT_NONE)
		return;
	snprintf(key, sizeof(key), "user_%s", classify_property_names[p]);
	snprintf(title, sizeof(title), "user sensitive: %s, in user mode, %s", classify_property_names[p],
	         beyond ? beyond : extent_words(user->extent));
	visit(self, key, title, user);
}

void each_verdict(const struct classified *c, verdict_visitor *visit, void *self)
{
	if (c->trap.extent)
		visit(self, "privileged", c->no_trap.extent ? "partially privileged: here user mode traps"
		                                            : "privileged: user mode traps, supervisor mode does not", &c->trap);
	if (c->no_trap.extent)
		visit(self, "unprivileged", "not privileged: here user mode does not trap, or both do", &c->no_trap);
	for (int p = 0; p < PROPERTIES; p++)
		visit_property(c, (enum classify_property)p, visit, self);
	if (c->asymmetry.extent)
		visit(self, "asymmetry", "trap asymmetry: the two modes trap with different causes", &c->asymmetry);
	if (c->dx[0].extent)
		visit(self, "dx_supervisor", "breaks DX in virtual supervisor mode", &c->dx[0]);
	if (c->dx[1].extent)
		visit(self, "dx_user", "breaks DX in virtual user mode", &c->dx[1]);
}

/* ---- running again ------------------------------------------------------ */

struct show {
	const struct classification *all;
	struct refusal *why;
	bool failed;
};

/* One column: a state, where it runs, what comes of it. */
struct column {
	const char *head;
	const struct classify_state *state;
	struct psw psw;     /* as loaded */
	uint64_t clock;
	uint32_t region;    /* real address of the state's storage */
	struct classify_outcome outcome;
	uint8_t before[CLASSIFY_STORAGE];
};

static bool run_column(struct column *c, const struct profile *profile, bool virtual, struct refusal *why)
{
	struct classify_bench *bench = classify_bench_new(profile, virtual, why);
	if (!bench)
		return false;
	c->psw = virtual ? classify_real_psw(c->state) : c->state->psw;
	c->clock = c->state->clock + (virtual ? CLASSIFY_CLOCK_AHEAD : 0);
	c->region = virtual ? CLASSIFY_STORAGE : 0;
	classify_storage(c->state, c->before);
	(virtual ? classify_run_virtual : classify_run)(bench, c->state, &c->outcome);
	classify_bench_free(bench);
	return true;
}

/* ---- printing ----------------------------------------------------------- */

static void print_row(const char *label, const char *a, const char *b)
{
	if (b == NULL)
		printf("  %-22s%s\n", label, a);
	else
		printf("  %-22s%-26s%s\n", label, a, b);
}

typedef void formatter(const struct column *c, unsigned with, char *to, size_t n);

/* n columns, one or two. */
static void print_both(const struct column *columns, int n, const char *label, formatter *format, unsigned with)
{
	char a[64], b[64];
	format(&columns[0], with, a, sizeof(a));
	if (n > 1)
		format(&columns[1], with, b, sizeof(b));
	print_row(label, a, n > 1 ? b : NULL);
}

static void format_head(const struct column *c, unsigned with, char *to, size_t n)
{
	(void)with;
	snprintf(to, n, "%s", c->head);
}

static void format_mode(const struct column *c, unsigned with, char *to, size_t n)
{
	const struct psw *psw = with ? &c->outcome.psw : &c->psw;
	snprintf(to, n, "M %u, IE %u, TE %u", psw->status & STATUS_M, (psw->status & STATUS_IE) != 0,
	         (psw->status & STATUS_TE) != 0);
}

static void format_r(const struct column *c, unsigned with, char *to, size_t n)
{
	const struct psw *psw = with ? &c->outcome.psw : &c->psw;
	snprintf(to, n, "(0x%" PRIx32 ", 0x%" PRIx32 ")", psw->base, psw->bound);
}

static void format_pc(const struct column *c, unsigned with, char *to, size_t n)
{
	const struct psw *psw = with ? &c->outcome.psw : &c->psw;
	snprintf(to, n, "0x%" PRIx32, psw->pc);
}

static void format_time(const struct column *c, unsigned with, char *to, size_t n)
{
	snprintf(to, n, "%" PRIu32 ", %" PRIu64, with ? c->outcome.psw.timer : c->psw.timer,
	         with ? c->outcome.clock : c->clock);
}

static uint32_t register_before(const struct column *c, unsigned x)
{
	if (x == CLASSIFY_RS1)
		return c->state->rs1;
	return x == CLASSIFY_RS2 ? c->state->rs2 : x * 0x01010101;
}

static void format_register(const struct column *c, unsigned x, char *to, size_t n)
{
	snprintf(to, n, "0x%08" PRIx32, register_before(c, x));
}

static void format_register_after(const struct column *c, unsigned x, char *to, size_t n)
{
	snprintf(to, n, "0x%08" PRIx32, c->outcome.x[x]);
}

/* The storage that a state reaches, and the n-th word of it. */
static uint32_t word_at(const uint8_t *storage, const struct column *c, uint32_t at)
{
	uint32_t word = 0, size = classify_window(&c->state->psw);
	if (at < size)
		memcpy(&word, storage + c->state->psw.base + at, size - at < 4 ? size - at : 4);
	return word;
}

static void format_word(const struct column *c, unsigned at, char *to, size_t n)
{
	snprintf(to, n, "0x%08" PRIx32, word_at(c->before, c, at));
}

static void format_word_after(const struct column *c, unsigned at, char *to, size_t n)
{
	snprintf(to, n, "0x%08" PRIx32, word_at(c->outcome.storage, c, at));
}

static void format_fetch(const struct column *c, unsigned with, char *to, size_t n)
{
	(void)with;
	if (c->psw.pc + 4 <= classify_window(&c->state->psw))
		snprintf(to, n, "from real 0x%" PRIx32, c->psw.base + c->psw.pc);
	else
		snprintf(to, n, "outside R");
}

static void format_outcome(const struct column *c, unsigned with, char *to, size_t n)
{
	const struct classify_outcome *o = &c->outcome;
	(void)with;
	switch (o->kind) {
	case CLASSIFY_COMPLETED:   snprintf(to, n, "completes"); break;
	case CLASSIFY_INTERRUPTED: snprintf(to, n, "is interrupted before"); break;
	case CLASSIFY_STOPPED:
		snprintf(to, n, "%s", o->end == MACHINE_RUNNING ? "waits for input" : machine_end_names[o->end]);
		break;
	case CLASSIFY_TRAPPED:
		snprintf(to, n, "traps: %s, 0x%" PRIx32, isa_cause_names[o->cause], o->tval);
		break;
	}
}

static bool names_operand(const struct classify_state *s, char operand)
{
	return strchr(isa_formats[isa_insns[s->insn].format].operands, operand) != NULL;
}

static void print_before(const struct column *columns, int n)
{
	const struct classify_state *s = columns[0].state;
	char text[64], label[64];
	disassemble(s->word, s->psw.pc, text, sizeof(text));
	for (char *tab = text; (tab = strchr(tab, '\t')) != NULL;)
		*tab = ' ';
	printf("  %s, 0x%08" PRIx32, text, s->word);
	if (s->block != BLOCK_NONE)
		printf("; its operand is %s", classify_block_names[s->block]);
	printf("%s\n", s->pending ? "; console line 0 is pending" : "");
	print_both(columns, n, "", format_head, 0);
	print_both(columns, n, "before: mode", format_mode, 0);
	print_both(columns, n, "  R = (base, bound)", format_r, 0);
	print_both(columns, n, "  pc", format_pc, 0);
	print_both(columns, n, "  timer, clock", format_time, 0);
	if (names_operand(s, 's'))
		print_both(columns, n, "  rs1: a1", format_register, CLASSIFY_RS1);
	if (names_operand(s, 't'))
		print_both(columns, n, "  rs2: a2", format_register, CLASSIFY_RS2);
	uint32_t words[BLOCK_WORDS_MOST], at = classify_operand(s);
	for (uint32_t i = 0; i < classify_block_words(s->block, words); i++) {
		snprintf(label, sizeof(label), "  M[0x%" PRIx32 "]", at + 4 * i);
		print_both(columns, n, label, format_word, at + 4 * i);
	}
}

/* True if any column has a changed register, or word of its window. */
static bool register_changed(const struct column *columns, int n, unsigned x)
{
	bool changed = false;
	for (int i = 0; i < n; i++)
		changed |= columns[i].outcome.x[x] != register_before(&columns[i], x);
	return changed;
}

static bool word_changed(const struct column *columns, int n, uint32_t at)
{
	bool changed = false;
	for (int i = 0; i < n; i++)
		changed |= word_at(columns[i].before, &columns[i], at) != word_at(columns[i].outcome.storage, &columns[i], at);
	return changed;
}

enum { WORDS_SHOWN = 8 };

static void print_changes(const struct column *columns, int n)
{
	char label[64];
	unsigned shown = 0;
	for (unsigned x = 1; x < 32; x++)
		if (register_changed(columns, n, x)) {
			snprintf(label, sizeof(label), "  x%u", x);
			print_both(columns, n, label, format_register_after, x);
		}
	for (uint32_t at = 0; at < CLASSIFY_STORAGE; at += 4) {
		if (!word_changed(columns, n, at) || shown++ > WORDS_SHOWN)
			continue;
		snprintf(label, sizeof(label), "  M[0x%" PRIx32 "]", at);
		if (shown <= WORDS_SHOWN)
			print_both(columns, n, label, format_word_after, at);
		else
			print_row("  and more words", "", NULL);
	}
}

static bool any_trapped(const struct column *columns, int n)
{
	return columns[0].outcome.kind == CLASSIFY_TRAPPED || (n > 1 && columns[1].outcome.kind == CLASSIFY_TRAPPED);
}

static void print_after(const struct column *columns, int n)
{
	print_both(columns, n, "step: fetch", format_fetch, 0);
	print_both(columns, n, "  the instruction", format_outcome, 0);
	if (any_trapped(columns, n))
		return;
	print_both(columns, n, "after: mode", format_mode, 1);
	print_both(columns, n, "  R", format_r, 1);
	print_both(columns, n, "  pc", format_pc, 1);
	print_both(columns, n, "  timer, clock", format_time, 1);
	print_changes(columns, n);
}

static const char *cause_name(uint64_t cause) { return cause < CAUSES ? isa_cause_names[cause] : "no trap"; }

static const char *kind_name(uint64_t kind) { return kind == CLASSIFY_COMPLETED ? "goes on" : "stops"; }

static void print_difference(const struct classify_difference *d)
{
	printf("  so:                   ");
	switch (d->part) {
	case PART_STORAGE:  printf("the word at 0x%" PRIx32, d->where); break;
	case PART_PC:       printf("pc"); break;
	case PART_M:        printf("M"); break;
	case PART_R:        printf("%s", d->where ? "bound" : "base"); break;
	case PART_REGISTER: printf("x%" PRIu32, d->where); break;
	case PART_MASK:     printf("IE and TE"); break;
	case PART_TIMER:    printf("the timer"); break;
	case PART_CLOCK:    printf("the clock"); break;
	case PART_DEVICE:   printf("a device\n"); return;
	case PART_OUTSIDE:  printf("storage outside the VM's is touched\n"); return;
	case PART_END:      printf("the machine: %s, %s\n", kind_name(d->a), kind_name(d->b)); return;
	case PART_TRAP:     printf("%s, %s\n", cause_name(d->a), cause_name(d->b)); return;
	case PART_NONE:
	case PARTS:         printf("nothing\n"); return;
	}
	printf(": 0x%" PRIx64 ", 0x%" PRIx64 "\n", d->a, d->b);
}

static void show_verdict(void *self, const char *key, const char *title, const struct classify_verdict *v)
{
	struct show *show = self;
	const struct profile open = classify_opened(&show->all->profile);
	bool dx = strncmp(key, "dx", 2) == 0, alone = strstr(key, "control") != NULL;
	struct column columns[2] = {
		{ .head = dx ? "bare" : alone ? "" : "first state", .state = &v->a },
		{ .head = dx ? "directly, on f(S)" : "second state", .state = dx ? &v->a : &v->b },
	};
	if (show->failed || !run_column(&columns[0], &show->all->profile, false, show->why) ||
	    !run_column(&columns[1], v->opened ? &open : &show->all->profile, dx, show->why)) {
		show->failed = true;
		return;
	}
	printf("\n%s\n", title);
	print_before(columns, alone ? 1 : 2);
	if (v->opened)
		puts("  (the second on the same machine with user mode let execute it)");
	print_after(columns, alone ? 1 : 2);
	print_difference(&v->difference);
}

bool print_witnesses(const struct classification *all, enum insn insn, struct refusal *why)
{
	struct show show = { all, why, false };
	char name[16];
	printf("%s on %s\n", insn_text(insn, name), all->profile.name);
	each_verdict(&all->any[insn], show_verdict, &show);
	return !show.failed;
}
