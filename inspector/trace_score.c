/* A trace as a picture for slides: nesting over time, a staff for each level, what runs as bars,
 * traps and reflections as strokes between the staves.  A run of any length fits: time is
 * gathered in columns, which are made twice as wide whenever they are used up.  See
 * trace.h.
 */

#include <inttypes.h>
#include <string.h>

#include "trace.h"
#include "xml.h"

enum { COLUMNS = 1024, STROKES = 400, WIDTH = 1280, LEFT = 170, RIGHT = 20, HEAD = 56, STAFF = 64, BAR = 40, FOOT = 40 };

struct score {
	uint64_t begin, at;    /* clocks */
	uint64_t column;       /* instructions in one */
	bool begun;
	unsigned levels;       /* the highest that ran, + 1 */
	uint64_t ran[COLUMNS][LEVELS_MOST];
	struct {
		uint64_t clock;
		unsigned from, to;
		enum cause cause;
	} stroke[STROKES];
	uint64_t strokes;      /* all there were; the first are kept */
};

/* ---- gathering ----------------------------------------------------------- */

static void widen(struct score *score)
{
	score->column *= 2;
	for (unsigned i = 0; i < COLUMNS; i++)
		for (unsigned level = 0; level < score->levels; level++)
			score->ran[i][level] = i < COLUMNS / 2 ? score->ran[2 * i][level] + score->ran[2 * i + 1][level] : 0;
}

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

/* The level ran until clock. */
static void ran(struct score *score, unsigned level, uint64_t clock)
{
	if (level >= score->levels)
		score->levels = level + 1;
	while ((clock - score->begin) / score->column >= COLUMNS)
		widen(score);
	while (score->at < clock) {
		uint64_t i = (score->at - score->begin) / score->column;
		uint64_t end = least(score->begin + (i + 1) * score->column, clock);
		score->ran[i][level] += end - score->at;
		score->at = end;
	}
}

static void add_stroke(struct score *score, const struct trace_event *event)
{
	if (event->wanted && event->from != event->level && score->strokes++ < STROKES) {
		score->stroke[score->strokes - 1].clock = event->clock;
		score->stroke[score->strokes - 1].from = event->from;
		score->stroke[score->strokes - 1].to = event->level;
		score->stroke[score->strokes - 1].cause = event->cause;
	}
}

static void take(struct trace *trace, const struct trace_event *event)
{
	struct score *score = trace->own;
	if (!score->begun) {
		score->begin = score->at = trace->wish->from;
		score->column = 1;
		score->begun = true;
	}
	if (event->kind != TRACE_REFLECTION) /* its host may no longer run when it shows */
		ran(score, event->from, event->clock);
	if (event->level >= score->levels)
		score->levels = event->level + 1;
	if (event->kind == TRACE_TRAP || event->kind == TRACE_REFLECTION)
		add_stroke(score, event);
}

/* ---- drawing ------------------------------------------------------------- */

/* The innermost stands on top. */
static unsigned y_of(const struct score *score, unsigned level) { return HEAD + (score->levels - 1 - level) * STAFF; }

static double x_of(const struct score *score, uint64_t clock)
{
	uint64_t whole = score->at - score->begin;
	return LEFT + (double)(WIDTH - LEFT - RIGHT) * (double)(clock - score->begin) / (double)(whole ? whole : 1);
}

/* Columns alike are one bar; a bar is as high as its level's share. */
static void put_bars(const struct trace *trace, const struct score *score, unsigned level)
{
	unsigned columns = (unsigned)((score->at - score->begin + score->column - 1) / score->column);
	for (unsigned i = 0, next; i < columns; i = next) {
		for (next = i + 1; next < columns && score->ran[next][level] == score->ran[i][level]; next++)
			;
		uint64_t end = least(score->begin + next * score->column, score->at);
		double share = (double)score->ran[i][level] / (double)score->column, x = x_of(score, score->begin + i * score->column);
		if (share > 0)
			fprintf(trace->to, "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"/>\n", x,
			        y_of(score, level) + BAR * (1 - share), x_of(score, end) - x, BAR * share);
	}
}

static void put_staff(const struct trace *trace, const struct score *score, unsigned level)
{
	char name[64];
	unsigned y = y_of(score, level);
	trace_name(trace, level, name, sizeof(name));
	fprintf(trace->to, "<line x1=\"%d\" y1=\"%u\" x2=\"%d\" y2=\"%u\" stroke=\"#bbb\"/>\n<text x=\"14\" y=\"%u\">level %u</text>"
	        "<text x=\"14\" y=\"%u\" fill=\"#666\">", LEFT, y + BAR, WIDTH - RIGHT, y + BAR, y + 18, level, y + 36);
	xml_put(trace->to, name);
	fprintf(trace->to, "</text>\n<g fill=\"hsl(%u,60%%,50%%)\">\n", trace_hue(level));
	put_bars(trace, score, level);
	fputs("</g>\n", trace->to);
}

static void put_strokes(const struct trace *trace, const struct score *score)
{
	fputs("<g stroke=\"#333\" fill=\"none\">\n", trace->to);
	for (uint64_t i = 0; i < least(score->strokes, STROKES); i++) {
		double x = x_of(score, score->stroke[i].clock);
		unsigned from = score->stroke[i].from, to = score->stroke[i].to;
		fprintf(trace->to, "<path d=\"M%.2f %uV%u\" stroke-dasharray=\"%s\"><title>%s, from level %u to level %u at %" PRIu64
		        "</title></path><circle cx=\"%.2f\" cy=\"%u\" r=\"3\" fill=\"#333\"/>\n", x, y_of(score, from) + BAR,
		        y_of(score, to) + BAR, from > to ? "none" : "4 3", isa_cause_names[score->stroke[i].cause], from, to,
		        score->stroke[i].clock, x, y_of(score, to) + BAR);
	}
	fputs("</g>\n", trace->to);
}

static void end(struct trace *trace)
{
	const struct score *score = trace->own;
	unsigned height = HEAD + score->levels * STAFF + FOOT;
	fprintf(trace->to, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %u\" width=\"%d\" height=\"%u\" "
	        "font-family=\"sans-serif\" font-size=\"14\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n"
	        "<text x=\"14\" y=\"30\" font-size=\"20\">", WIDTH, height, WIDTH, height);
	xml_put(trace->to, trace->title);
	fputs("</text>\n", trace->to);
	for (unsigned level = 0; level < score->levels; level++)
		put_staff(trace, score, level);
	if (score->strokes <= STROKES)
		put_strokes(trace, score);
	fprintf(trace->to, "<text x=\"%d\" y=\"%u\" fill=\"#666\">clock %" PRIu64 "</text><text x=\"%d\" y=\"%u\" fill=\"#666\" "
	        "text-anchor=\"end\">%" PRIu64 "</text>\n</svg>\n", LEFT, height - 14, score->begin, WIDTH - RIGHT, height - 14, score->at);
}

const struct trace_format trace_score = {
	.name = "score",
	.summary = "a picture (SVG) of nesting over time, for slides",
	.own = sizeof(struct score),
	.event = take,
	.end = end,
};
