/* What has been tried, counted and shown.  See coverage.h; filled by pair.c, shown by
 * `droste check --coverage`.
 */

#include "coverage.h"

#include <inttypes.h>
#include <string.h>

enum { ENABLED = 1, PENDING = 2 };

/* ---- counting ----------------------------------------------------------- */

static bool line_pending(const struct machine *m)
{
	for (unsigned line = 0; line < machine_lines(m); line++)
		if (machine_line(m, line).pending)
			return true;
	return false;
}

static unsigned masks(const struct machine *m, const struct psw *psw, bool pending)
{
	pending = pending || (psw->status & STATUS_TE && psw->timer == 0) || line_pending(m);
	return (psw->status & STATUS_IE ? ENABLED : 0) + (pending ? PENDING : 0);
}

/* The instruction at pc, if it can be fetched and is one. */
static enum insn instruction_at(const struct machine *m, const struct psw *psw)
{
	uint32_t word;
	if (!address_legal(psw->pc, 4, psw->base, psw->bound, machine_storage_size(m)) ||
	    !machine_read(m, psw->base + psw->pc, &word, 4))
		return INSN_NONE;
	return isa_decode(word);
}

static void add(struct coverage *coverage, unsigned depth, unsigned cause, const struct psw *psw, enum insn insn,
                unsigned enabled_pending)
{
	if (depth < COVERAGE_DEPTHS)
		coverage->n[depth][cause][psw->status & STATUS_M][insn][enabled_pending]++;
}

void coverage_trap(struct coverage *coverage, unsigned depth, const struct machine *m, const struct psw *old,
                   enum cause cause, uint32_t tval)
{
	bool interrupt = cause == CAUSE_TIMER || cause == CAUSE_IO;
	bool carried = cause == CAUSE_PRIVILEGED || cause == CAUSE_ILLEGAL; /* tval is the word */
	enum insn insn = carried ? isa_decode(tval) : instruction_at(m, old);
	if (cause == CAUSE_MEMORY && tval == old->pc)
		insn = INSN_NONE;
	add(coverage, depth, cause, old, insn, masks(m, old, interrupt));
}

void coverage_system(struct coverage *coverage, unsigned depth, const struct machine *m, const struct psw *before,
                     enum insn insn)
{
	add(coverage, depth, COVERAGE_COMPLETED, before, insn, masks(m, before, false) & ~(unsigned)(before->status & STATUS_IE ? PENDING : 0));
}

/* ---- what there can be -------------------------------------------------- */

static bool jumps(enum insn insn)
{
	unsigned format = insn < INSNS ? isa_insns[insn].format : FORMAT_WORD;
	return insn == INSN_jalr || insn == INSN_jal || format == FORMAT_B;
}

static bool has_operand(enum insn insn, unsigned mode)
{
	unsigned format = insn < INSNS ? isa_insns[insn].format : FORMAT_WORD;
	bool system = insn != INSN_sie && (format == FORMAT_SYS_M || format == FORMAT_SYS_DM);
	return format == FORMAT_LOAD || format == FORMAT_STORE || (system && mode == 0);
}

/* SIE is illegal but on a profile of its own, and there it is shown if it was met. */
bool coverage_possible(unsigned cause, unsigned mode, unsigned insn, unsigned enabled_pending)
{
	bool interrupt = cause == CAUSE_TIMER || cause == CAUSE_IO, system = insn >= INSN_SYSTEM && insn < INSNS && insn != INSN_sie;
	if (interrupt != (enabled_pending == (ENABLED | PENDING)))
		return false;
	switch (cause) {
	case CAUSE_RESET:        return false;
	case CAUSE_PRIVILEGED:   return system && mode == 1;
	case CAUSE_MEMORY:       return insn == INSN_NONE || has_operand((enum insn)insn, mode);
	case CAUSE_SVC:          return insn == INSN_ecall;
	case CAUSE_BREAKPOINT:   return insn == INSN_ebreak;
	case CAUSE_ILLEGAL:      return insn == INSN_NONE;
	case CAUSE_MISALIGNED:   return jumps((enum insn)insn);
	case COVERAGE_COMPLETED: return system && mode == 0;
	default:                 return true;
	}
}

/* ---- as text ------------------------------------------------------------ */

static const char *cause_name(unsigned cause) { return cause < CAUSES ? isa_cause_names[cause] : "completed"; }
static const char *insn_name(unsigned insn) { return insn < INSNS ? isa_insns[insn].name : "none"; }

static bool depth_tried(const struct coverage *coverage, unsigned depth)
{
	static const struct coverage nothing;
	return memcmp(coverage->n[depth], nothing.n[depth], sizeof(nothing.n[depth])) != 0;
}

struct tally {
	unsigned reached, possible;
	uint64_t times;
};

static struct tally tally(const struct coverage *coverage, unsigned depth, unsigned cause, unsigned mode)
{
	struct tally t = { 0 };
	for (unsigned insn = 0; insn < COVERAGE_INSNS; insn++)
		for (unsigned masks = 0; masks < 4; masks++) {
			uint64_t n = coverage->n[depth][cause][mode][insn][masks];
			bool possible = coverage_possible(cause, mode, insn, masks);
			t.possible += possible;
			t.reached += possible && n > 0;
			t.times += n;
		}
	return t;
}

/* An instruction and the masks under which it has not been seen. */
static void print_missing(const struct coverage *coverage, unsigned depth, unsigned cause, unsigned mode, FILE *to)
{
	static const char *const masks_names[4] = { "-", "IE", "pending", "IE+pending" };
	unsigned column = 0;
	for (unsigned insn = 0; insn < COVERAGE_INSNS; insn++)
		for (unsigned masks = 0; masks < 4; masks++) {
			if (!coverage_possible(cause, mode, insn, masks) || coverage->n[depth][cause][mode][insn][masks] > 0)
				continue;
			column += (unsigned)fprintf(to, "%s%s(%s)", column == 0 ? "      not reached: " : " ", insn_name(insn),
			                            masks_names[masks]);
			if (column > 100) {
				fputc('\n', to);
				column = 0;
			}
		}
	if (column > 0)
		fputc('\n', to);
}

void coverage_print(const struct coverage *coverage, FILE *to)
{
	static const char *const modes[2] = { "supervisor", "user" };
	fprintf(to, "Events of guests: cause x virtual mode, over instruction x (IE, pending)\n\n"
	            "depth  cause       mode        cells reached    events\n");
	for (unsigned depth = 0; depth < COVERAGE_DEPTHS; depth++) {
		if (!depth_tried(coverage, depth))
			continue;
		for (unsigned cause = 1; cause < COVERAGE_CAUSES; cause++)
			for (unsigned mode = 0; mode < 2; mode++) {
				struct tally t = tally(coverage, depth, cause, mode);
				if (t.possible == 0 && t.times == 0)
					continue;
				fprintf(to, "%5u  %-11s %-11s %4u of %-4u  %10" PRIu64 "\n", depth, cause_name(cause), modes[mode],
				        t.reached, t.possible, t.times);
				print_missing(coverage, depth, cause, mode, to);
			}
	}
}

/* ---- as a picture ------------------------------------------------------- */

enum { CELL = 14, LEFT = 210, TOP = 104, GAP = 8, HEAD = 22, RIGHT = 60 };

/* Rows: depth, cause, mode, masks.  Columns: instructions. */
struct picture {
	const struct coverage *coverage;
	FILE *to;         /* NULL: only the height is wanted */
	unsigned y;
};

static const char *const mask_labels[4] = { "off", "on", "off, pending", "on, pending" };

/* Lower bounds of the number of times, and their colours; red is what might have been. */
static const struct { uint64_t least; const char *colour, *label; } shades[] = {
	{ 1000, "#08519c", "1000 and more" }, { 100, "#3182bd", "100" }, { 10, "#6baed6", "10" }, { 1, "#bdd7e7", "once" },
	{ 0, "#fb6a4a", "not reached" },
};

static const char *shade(uint64_t n)
{
	unsigned i = 0;
	while (n < shades[i].least)
		i++;
	return shades[i].colour;
}

static bool row_possible(const struct coverage *coverage, unsigned depth, unsigned cause, unsigned mode, unsigned masks)
{
	for (unsigned insn = 0; insn < COVERAGE_INSNS; insn++)
		if (coverage_possible(cause, mode, insn, masks) || coverage->n[depth][cause][mode][insn][masks] > 0)
			return true;
	return false;
}

static void draw_cell(const struct picture *picture, unsigned depth, unsigned cause, unsigned mode, unsigned masks, unsigned insn)
{
	uint64_t n = picture->coverage->n[depth][cause][mode][insn][masks];
	if (n == 0 && !coverage_possible(cause, mode, insn, masks))
		return;
	fprintf(picture->to, "<rect x=\"%u\" y=\"%u\" width=\"%d\" height=\"%d\" fill=\"%s\"><title>%s, %s, %s, interrupts %s: %" PRIu64
	                     "</title></rect>\n",
	        LEFT + insn * CELL, picture->y, CELL - 1, CELL - 1, shade(n), cause_name(cause), mode ? "user" : "supervisor",
	        insn_name(insn), mask_labels[masks], n);
}

static void draw_row(struct picture *picture, unsigned depth, unsigned cause, unsigned mode, unsigned masks)
{
	fprintf(picture->to, "<rect x=\"%d\" y=\"%u\" width=\"%d\" height=\"%d\" fill=\"#f4f4f4\"/>\n", LEFT, picture->y,
	        COVERAGE_INSNS * CELL - 1, CELL - 1);
	fprintf(picture->to, "<text x=\"%d\" y=\"%u\" text-anchor=\"end\" fill=\"#555\">%s</text>\n", LEFT - 6, picture->y + 11,
	        mask_labels[masks]);
	for (unsigned insn = 0; insn < COVERAGE_INSNS; insn++)
		draw_cell(picture, depth, cause, mode, masks, insn);
}

static void draw_group(struct picture *picture, unsigned depth, unsigned cause, unsigned mode)
{
	if (picture->to)
		fprintf(picture->to, "<text x=\"8\" y=\"%u\">%s, %s</text>\n", picture->y + 11, cause_name(cause), mode ? "user" : "supervisor");
	for (unsigned masks = 0; masks < 4; masks++) {
		if (!row_possible(picture->coverage, depth, cause, mode, masks))
			continue;
		if (picture->to)
			draw_row(picture, depth, cause, mode, masks);
		picture->y += CELL;
	}
	picture->y += GAP;
}

static void draw_names(const struct picture *picture)
{
	for (unsigned insn = 0; insn < COVERAGE_INSNS; insn++)
		fprintf(picture->to, "<text transform=\"translate(%u,%u) rotate(-60)\">%s</text>\n", LEFT + insn * CELL + 9,
		        picture->y - 6, insn < INSNS ? insn_name(insn) : "no instruction");
}

static void draw_depth(struct picture *picture, unsigned depth)
{
	if (picture->to)
		fprintf(picture->to, "<text x=\"8\" y=\"%u\" font-size=\"13\" font-weight=\"bold\">depth %u</text>\n", picture->y - 6, depth);
	if (picture->to)
		draw_names(picture);
	for (unsigned cause = 1; cause < COVERAGE_CAUSES; cause++)
		for (unsigned mode = 0; mode < 2; mode++) {
			struct tally t = tally(picture->coverage, depth, cause, mode);
			if (t.possible > 0 || t.times > 0)
				draw_group(picture, depth, cause, mode);
		}
	picture->y += HEAD + TOP / 2;
}

static void draw_depths(struct picture *picture)
{
	for (unsigned depth = 0; depth < COVERAGE_DEPTHS; depth++)
		if (depth_tried(picture->coverage, depth))
			draw_depth(picture, depth);
}

static void draw_legend(FILE *to)
{
	fputs("<text x=\"8\" y=\"20\" font-size=\"15\" font-weight=\"bold\">Events of guests: at which instruction, in which mode, with interrupts how</text>\n", to);
	for (unsigned i = 0, x = 8; i < sizeof(shades) / sizeof(*shades); i++, x += 110)
		fprintf(to, "<rect x=\"%u\" y=\"30\" width=\"%d\" height=\"%d\" fill=\"%s\"/><text x=\"%u\" y=\"41\">%s</text>\n", x, CELL - 1,
		        CELL - 1, shades[i].colour, x + CELL + 4, shades[i].label);
	fprintf(to, "<rect x=\"558\" y=\"30\" width=\"%d\" height=\"%d\" fill=\"#f4f4f4\"/><text x=\"576\" y=\"41\">cannot be</text>\n", CELL - 1, CELL - 1);
}

void coverage_draw(const struct coverage *coverage, FILE *to)
{
	struct picture picture = { coverage, NULL, TOP };
	draw_depths(&picture);
	fprintf(to, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%u\" font-family=\"sans-serif\" font-size=\"11\">\n"
	            "<title>Events of guests: cause, virtual mode and interrupts by instruction</title>\n"
	            "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
	        LEFT + COVERAGE_INSNS * CELL + RIGHT, picture.y - TOP / 2);
	draw_legend(to);
	picture = (struct picture){ coverage, to, TOP };
	draw_depths(&picture);
	fputs("</svg>\n", to);
}
