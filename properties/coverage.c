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
	bool system = format == FORMAT_SYS_M || format == FORMAT_SYS_DM;
	return format == FORMAT_LOAD || format == FORMAT_STORE || (system && mode == 0);
}

bool coverage_possible(unsigned cause, unsigned mode, unsigned insn, unsigned enabled_pending)
{
	bool interrupt = cause == CAUSE_TIMER || cause == CAUSE_IO, system = insn >= INSN_SYSTEM && insn < INSNS;
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

enum { CELL = 9, LEFT = 150, TOP = 64, ROW_GROUP = CELL * 4 + 4 };

/* Rows: depth, cause, mode, masks.  Columns: instructions. */
struct picture {
	const struct coverage *coverage;
	FILE *to;
	unsigned y;
};

static const char *shade(uint64_t n)
{
	return n == 0 ? "#f7d4d0" : n < 10 ? "#c6dbef" : n < 1000 ? "#6baed6" : "#08519c";
}

static void draw_group(struct picture *picture, unsigned depth, unsigned cause, unsigned mode)
{
	fprintf(picture->to, "<text x=\"4\" y=\"%u\">%u %s %s</text>\n", picture->y + 22, depth, cause_name(cause),
	        mode ? "user" : "supervisor");
	for (unsigned masks = 0; masks < 4; masks++)
		for (unsigned insn = 0; insn < COVERAGE_INSNS; insn++) {
			uint64_t n = picture->coverage->n[depth][cause][mode][insn][masks];
			if (n == 0 && !coverage_possible(cause, mode, insn, masks))
				continue;
			fprintf(picture->to, "<rect x=\"%u\" y=\"%u\" width=\"%d\" height=\"%d\" fill=\"%s\"><title>%s, %s, %s, %s%s: %"
			                     PRIu64 "</title></rect>\n",
			        LEFT + insn * CELL, picture->y + masks * CELL, CELL - 1, CELL - 1, shade(n), cause_name(cause),
			        mode ? "user" : "supervisor", insn_name(insn), masks & ENABLED ? "IE" : "no IE",
			        masks & PENDING ? ", pending" : "", n);
		}
	picture->y += ROW_GROUP;
}

static bool group_possible(const struct coverage *coverage, unsigned depth, unsigned cause, unsigned mode)
{
	struct tally t = tally(coverage, depth, cause, mode);
	return t.possible > 0 || t.times > 0;
}

static void draw_groups(struct picture *picture, bool measure)
{
	for (unsigned depth = 0; depth < COVERAGE_DEPTHS; depth++)
		for (unsigned cause = 1; cause < COVERAGE_CAUSES && depth_tried(picture->coverage, depth); cause++)
			for (unsigned mode = 0; mode < 2; mode++) {
				if (!group_possible(picture->coverage, depth, cause, mode))
					continue;
				if (measure)
					picture->y += ROW_GROUP;
				else
					draw_group(picture, depth, cause, mode);
			}
}

void coverage_draw(const struct coverage *coverage, FILE *to)
{
	struct picture picture = { coverage, to, TOP };
	draw_groups(&picture, true);
	fprintf(to, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%u\" font-family=\"sans-serif\" font-size=\"9\">\n"
	            "<title>Events of guests: cause, virtual mode and masks by instruction; red: not reached</title>\n"
	            "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
	        LEFT + COVERAGE_INSNS * CELL + 8, picture.y + 8);
	for (unsigned insn = 0; insn < COVERAGE_INSNS; insn++)
		fprintf(to, "<text transform=\"translate(%u,%d) rotate(-60)\">%s</text>\n", LEFT + insn * CELL + 7, TOP - 6,
		        insn_name(insn));
	picture.y = TOP;
	draw_groups(&picture, false);
	fputs("</svg>\n", to);
}
