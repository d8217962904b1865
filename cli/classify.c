/* `droste classify`: what Popek and Goldberg say of a machine, instruction by
 * instruction, and their theorems.
 */

#include "classify.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS 80

struct options {
	const struct profile *profile;
	struct own_profile own;
	bool only[INSNS], some; /* instructions named; some: any */
	bool json, all;
	int witness; /* an instruction, or -1 */
};

const char *insn_text(enum insn insn, char to[16])
{
	snprintf(to, 16, "%s", isa_insns[insn].name);
	if (strchr(to, '_'))
		*strchr(to, '_') = '.';
	return to;
}

/* ---- lists of instructions ---------------------------------------------- */

/* Words, wrapped: each line after the first begins with indent spaces. */
struct wrap {
	int column, indent;
};

static void print_word(struct wrap *wrap, const char *word)
{
	int length = (int)strlen(word);
	if (wrap->column + 1 + length > COLUMNS) {
		printf("\n%*s", wrap->indent, "");
		wrap->column = wrap->indent;
	} else if (wrap->column > wrap->indent) {
		putchar(' ');
		wrap->column++;
	}
	fputs(word, stdout);
	wrap->column += length;
}

static void print_words(struct wrap *wrap, const char *text)
{
	char word[64];
	for (size_t n; text += strspn(text, " "), (n = strcspn(text, " ")) > 0; text += n) {
		snprintf(word, sizeof(word), "%.*s", (int)n, text);
		print_word(wrap, word);
	}
}

typedef bool predicate(const struct classified *c, const void *with);

static unsigned print_which(struct wrap *wrap, const struct classification *all, predicate *holds, const void *with)
{
	unsigned n = 0;
	char name[16];
	for (int insn = 0; insn < INSNS; insn++)
		if (holds(&all->any[insn], with)) {
			print_word(wrap, insn_text((enum insn)insn, name));
			n++;
		}
	return n;
}

static unsigned count_which(const struct classification *all, predicate *holds, const void *with)
{
	unsigned n = 0;
	for (int insn = 0; insn < INSNS; insn++)
		n += holds(&all->any[insn], with);
	return n;
}

/* ---- the table ---------------------------------------------------------- */

static const char *extent_text(enum classify_extent extent)
{
	static const char *const texts[] = {
		[EXTENT_NONE] = ".", [EXTENT_OURS] = "ours", [EXTENT_REGISTERS] = "reg", [EXTENT_LETTER] = "yes",
	};
	return texts[extent];
}

static const char *privilege_text(const struct classified *c)
{
	static const char *const texts[] = {
		[PRIVILEGED_NO] = "no", [PRIVILEGED_PARTIALLY] = "partly", [PRIVILEGED_YES] = "yes", [PRIVILEGED_UNKNOWN] = "?",
	};
	return texts[classify_privilege(c)];
}

static enum classify_extent user_extent(const struct classified *c)
{
	for (int extent = EXTENT_LETTER; extent > EXTENT_NONE; extent--)
		if (classify_user_sensitive(c, (enum classify_extent)extent))
			return (enum classify_extent)extent;
	return EXTENT_NONE;
}

/* A row without its name. */
static void format_row(const struct classified *c, char *to, size_t n)
{
	int length = snprintf(to, n, "%-10s", privilege_text(c));
	for (int p = 0; p < PROPERTIES; p++)
		length += snprintf(to + length, n - (size_t)length, " %-8s",
		                   extent_text(classify_extent(c, (enum classify_property)p)));
	snprintf(to + length, n - (size_t)length, " %-5s %-5s %s", extent_text(user_extent(c)),
	         c->asymmetry.extent ? "yes" : ".",
	         c->dx[1].extent ? "breaks" : c->dx[0].extent ? "breaks, virtual supervisor" : "holds");
}

static void print_head(void)
{
	printf("%-17s%-10s", "instruction", "privileged");
	for (int p = 0; p < PROPERTIES; p++)
		printf(" %-8s", classify_property_names[p]);
	puts(" user  traps DX");
}

/* The instruction; then its classes of operands, if named or if they differ. */
static void print_rows(const struct classification *all, enum insn insn, bool every_class)
{
	char name[16], row[160], sub[160];
	format_row(&all->any[insn], row, sizeof(row));
	printf("%-17s%s\n", insn_text(insn, name), row);
	for (int kind = 0; kind < OPERAND_CLASSES; kind++) {
		const struct classified *c = &all->by[insn][kind];
		if (c->pairs == 0 || (kind == OPERANDS_DISTINCT && !every_class))
			continue;
		format_row(c, sub, sizeof(sub));
		if (every_class || strcmp(row, sub) != 0)
			printf("  %-15s%s\n", kind == OPERANDS_DISTINCT ? "distinct" : classify_operand_names[kind], sub);
	}
}

/* Not worth a row: neither privileged nor sensitive to anything. */
static bool is_plain(const struct classified *c, const void *with)
{
	(void)with;
	return c->pairs > 0 && c->trapping == 0 && !classify_sensitive(c, EXTENT_OURS) && !c->asymmetry.extent &&
	       !classify_breaks(c, THEOREM_DX, EXTENT_OURS);
}

static void print_table(const struct classification *all, const struct options *o)
{
	print_head();
	for (int insn = 0; insn < INSNS; insn++)
		if (profile_has(&all->profile, (enum insn)insn) && (o->some ? o->only[insn] : !is_plain(&all->any[insn], NULL)))
			print_rows(all, (enum insn)insn, o->some);
	if (!o->some) {
		struct wrap wrap = { 0, 2 };
		printf("\nInnocuous, and executed in both modes (%u):\n  ", count_which(all, is_plain, NULL));
		wrap.column = 2;
		print_which(&wrap, all, is_plain, NULL);
		putchar('\n');
	}
	puts("\nSensitive: yes = by the letter, <E, M, P, R>; reg = only if registers count as\n"
	     "state; ours = only if IE, TE, timer, clock, devices or stopping do.  User: user\n"
	     "sensitive.  Traps: the two modes trap with different causes.");
}

/* ---- theorems ----------------------------------------------------------- */

struct question {
	enum classify_theorem theorem;
	enum classify_extent least;
};

static bool breaks(const struct classified *c, const void *with)
{
	const struct question *q = with;
	return classify_breaks(c, q->theorem, q->least);
}

static void print_verdict(const struct classification *all, const char *reading, struct question q)
{
	struct wrap wrap = { 18, 18 };
	printf("  %-16s", reading);
	if (count_which(all, breaks, &q) == 0) {
		puts("holds");
		return;
	}
	print_word(&wrap, "fails:");
	print_which(&wrap, all, breaks, &q);
	putchar('\n');
}

/* The letter, ours and, if it matters, the letter without registers. */
static void print_theorem(const struct classification *all, enum classify_theorem theorem)
{
	struct question letter = { theorem, EXTENT_REGISTERS }, bare = { theorem, EXTENT_LETTER };
	printf("%s: %s\n", classify_theorem_names[theorem], classify_theorem_texts[theorem]);
	print_verdict(all, "by the letter", letter);
	if (count_which(all, breaks, &letter) > 0 && count_which(all, breaks, &bare) == 0)
		puts("                  (and would hold in a machine without registers, as the paper's)");
	print_verdict(all, "ours", (struct question){ theorem, EXTENT_OURS });
}

static void print_theorems(const struct classification *all)
{
	putchar('\n');
	print_theorem(all, THEOREM_1);
	print_theorem(all, THEOREM_2);
	puts("  (as far as instructions decide it; that a monitor has no timing dependency is\n"
	     "  shown by hosting itself: droste nest)");
	print_theorem(all, THEOREM_3);
	printf("%s: %s\n", classify_theorem_names[THEOREM_DX], classify_theorem_texts[THEOREM_DX]);
	print_verdict(all, "both modes", (struct question){ THEOREM_DX, EXTENT_OURS });
	print_verdict(all, "virtual user", (struct question){ THEOREM_DX_USER, EXTENT_OURS });
}

#define REASON_MOST 512

/* The reason of insn, and all instructions from it on that have the same, which get it
 * no more. */
static void print_disagreement(char reasons[INSNS][REASON_MOST], int insn, enum classify_theorem theorem)
{
	char name[16], reason[REASON_MOST];
	struct wrap wrap = { 2, 2 };
	memcpy(reason, reasons[insn], sizeof(reason));
	printf("  ");
	for (; insn < INSNS; insn++)
		if (strcmp(reasons[insn], reason) == 0) {
			print_word(&wrap, insn_text((enum insn)insn, name));
			reasons[insn][0] = '\0';
		}
	print_words(&wrap, theorem == THEOREM_1 ? "(Theorem 1 and DX):" : "(Theorem 3 and DX of virtual user mode):");
	print_words(&wrap, reason);
	puts(".");
}

static void print_disagreements(const struct classification *all)
{
	char reasons[INSNS][REASON_MOST];
	const char *head = "\nWhere the letter and DX disagree, and why:\n";
	for (int theorem = THEOREM_1; theorem <= THEOREM_3; theorem += THEOREM_3 - THEOREM_1) {
		for (int insn = 0; insn < INSNS; insn++)
			if (!classify_disagree(&all->any[insn], (enum classify_theorem)theorem, reasons[insn], REASON_MOST))
				reasons[insn][0] = '\0';
		for (int insn = 0; insn < INSNS; insn++)
			if (reasons[insn][0]) {
				fputs(head, stdout);
				head = "";
				print_disagreement(reasons, insn, (enum classify_theorem)theorem);
			}
	}
}

static void print_classification(const struct classification *all, const struct options *o)
{
	printf("%s, after %s\n\n", all->profile.name, all->profile.after);
	print_table(all, o);
	print_theorems(all);
	print_disagreements(all);
	if (o->some)
		puts("\nOnly the instructions named were judged.");
}

/* ---- options ------------------------------------------------------------ */

enum { OPTION_JSON = 256, OPTION_ALL };

static const struct option long_options[] = {
	{ "profile", required_argument, NULL, 'p' },
	{ "witness", required_argument, NULL, 'w' },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "all", no_argument, NULL, OPTION_ALL },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static int find_insn(const char *name)
{
	char text[16];
	for (int insn = 0; insn < INSNS; insn++)
		if (strcmp(insn_text((enum insn)insn, text), name) == 0 || strcmp(isa_insns[insn].name, name) == 0)
			return insn;
	complain("no instruction '%s': 'droste classify' lists them", name);
	return -1;
}

static bool take_option(void *to, int option, const char *value)
{
	struct options *o = to;
	switch (option) {
	case OPTION_JSON: o->json = true; return true;
	case OPTION_ALL:  o->all = true; return true;
	case 'p':         return (o->profile = option_profile(value, &o->own)) != NULL;
	case 'w':         return (o->witness = find_insn(value)) >= 0;
	}
	return false;
}

static bool take_insns(struct options *o, char **names)
{
	for (; *names; names++) {
		int insn = find_insn(*names);
		if (insn < 0)
			return false;
		o->only[insn] = o->some = true;
	}
	return true;
}

/* The exit status, or -1 to go on. */
static int parse(struct options *o, const struct command *self, int argc, char **argv)
{
	*o = (struct options){ .profile = &isa_profiles[PROFILE_strict], .witness = -1 };
	const struct option_table table = { "hp:w:", long_options, false, take_option, o };
	int status = options_parse(&table, self, argc, argv);
	if (status >= 0)
		return status;
	if (!take_insns(o, argv + optind))
		return EXIT_DROSTE;
	if (o->all && (o->some || o->json || o->witness >= 0 || o->profile != &isa_profiles[PROFILE_strict]))
		return complain("--all is of all profiles and instructions: leave out the rest");
	if (o->witness >= 0 && o->json)
		return complain("--json has all witnesses: leave out --witness");
	if (o->witness >= 0)
		o->only[o->witness] = true;
	return -1;
}

static int print(const struct classification *all, const struct options *o)
{
	struct refusal why;
	if (o->witness >= 0)
		return print_witnesses(all, (enum insn)o->witness, &why) ? 0 : complain("%s", why.text);
	if (o->json)
		print_classification_json(all, o->some ? o->only : NULL);
	else
		print_classification(all, o);
	return 0;
}

static int classify_machine(const struct command *self, int argc, char **argv)
{
	struct options o;
	struct refusal why;
	int status = parse(&o, self, argc, argv);
	if (status >= 0)
		return status;
	if (o.all)
		return print_all_profiles(&why) ? 0 : complain("%s", why.text);
	struct classification *all = classify(o.profile, o.some || o.witness >= 0 ? o.only : NULL, &why);
	if (!all)
		return complain("%s", why.text);
	status = print(all, &o);
	free(all);
	return status;
}

const struct command classify_command = {
	.name = "classify",
	.summary = "decide Popek and Goldberg's classes and theorems for a machine",
	.usage =
		"Usage: droste classify [--profile NAME|FILE] [--json] [INSTRUCTION]...\n"
		"       droste classify [--profile NAME|FILE] --witness INSTRUCTION\n"
		"       droste classify --all\n"
		"\n"
		"Runs pairs of states of every instruction, or of those given, and derives from\n"
		"their results which are privileged and sensitive, and whether Theorems 1, 2 and 3\n"
		"and DX, the obligation of direct execution, hold: by the letter and by us.\n"
		"\n"
		"  -p, --profile NAME   strict (default) or another machine: see --all\n"
		"      --profile FILE   a machine of your own, such as\n"
		"                           name smsw\n"
		"                           rdst execute\n"
		"                       user mode may trap, execute or ignore an instruction\n"
		"  -w, --witness INSN   show what proves each verdict on an instruction, step by\n"
		"                       step\n"
		"      --all            the theorems on every machine that has a name\n"
		"      --json           print one document, with all witnesses\n"
		"\n"
		"Exits with 0 whatever the verdicts are, 125 on an error.\n",
	.run = classify_machine,
};
