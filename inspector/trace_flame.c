/* A trace as a picture: a flame graph with nesting as the stack.  The bottom is the real
 * machine; a VM stands on its host, a function on the machine that runs it; widths
 * are steps of the real machine.  See trace.h.
 */

#include <inttypes.h>
#include <string.h>

#include "trace.h"
#include "xml.h"

enum { WIDTH = 1200, ROW = 22, MARGIN = 12, HEAD = 40, FRAMES_MOST = LEVELS_MOST + 1, TEXT_MOST = 96 };

/* The stacks come in order: a box is open for each frame of the last one, and is drawn when
 * a stack comes that does not have it. */
struct flame {
	struct trace_stacks stacks;
	struct box {
		char name[TEXT_MOST];
		uint64_t from;
	} open[FRAMES_MOST];
	unsigned depth, deepest;
	uint64_t at;
	struct trace *trace;
};

static bool add(struct trace *trace, const char *stack, uint64_t steps)
{
	struct flame *flame = trace->own;
	return trace_stacks_add(&flame->stacks, stack, steps);
}

/* ---- boxes --------------------------------------------------------------- */

static double x_of(const struct flame *flame, uint64_t steps)
{
	return MARGIN + (double)(WIDTH - 2 * MARGIN) * (double)steps / (double)flame->stacks.total;
}

/* Machines in the colours of their levels, functions in that of their machine, paler. */
static void put_style(FILE *to, const char *name, const char *machine)
{
	unsigned level = 0;
	bool is_machine = sscanf(machine, "level %u ", &level) == 1 && name == machine;
	fprintf(to, "hsl(%u,%s)", trace_hue(level), is_machine ? "65%,62%" : "75%,82%");
}

static void put_box(struct flame *flame, unsigned depth)
{
	const struct box *box = &flame->open[depth];
	FILE *to = flame->trace->to;
	double left = x_of(flame, box->from), width = x_of(flame, flame->at) - left;
	unsigned y = HEAD + (flame->deepest - depth) * ROW;
	bool function = strncmp(box->name, "level ", 6) != 0;
	if (width < 0.2)
		return;
	fprintf(to, "<g><title>");
	xml_put(to, box->name);
	fprintf(to, ": %" PRIu64 " steps, %.2f%%</title><rect x=\"%.2f\" y=\"%u\" width=\"%.2f\" height=\"%d\" rx=\"2\" fill=\"",
	        flame->at - box->from, 100.0 * (double)(flame->at - box->from) / (double)flame->stacks.total, left, y, width, ROW - 1);
	put_style(to, box->name, function && depth > 0 ? flame->open[depth - 1].name : box->name);
	fprintf(to, "\"/>");
	unsigned letters = (unsigned)((width - 6) / 7);
	if (width > 20) {
		char text[TEXT_MOST];
		snprintf(text, sizeof(text), "%.*s", (int)(letters < TEXT_MOST - 1 ? letters : TEXT_MOST - 1), box->name);
		fprintf(to, "<text x=\"%.2f\" y=\"%u\">", left + 4, y + 15);
		xml_put(to, text);
		fprintf(to, "</text>");
	}
	fprintf(to, "</g>\n");
}

static void close_to(struct flame *flame, unsigned depth)
{
	while (flame->depth > depth)
		put_box(flame, --flame->depth);
}

static size_t frame_length(const char *at)
{
	const char *end = strchr(at, TRACE_FRAME);
	return end ? (size_t)(end - at) : strlen(at);
}

static bool same(const struct box *box, const char *at, size_t n)
{
	size_t kept = n < TEXT_MOST - 1 ? n : TEXT_MOST - 1;
	return strlen(box->name) == kept && memcmp(box->name, at, kept) == 0;
}

static void visit(void *self, const char *stack, uint64_t n)
{
	struct flame *flame = self;
	unsigned depth = 0;
	for (size_t length; *stack && depth < FRAMES_MOST; stack += length + (stack[length] != '\0'), depth++) {
		length = frame_length(stack);
		if (depth < flame->depth && same(&flame->open[depth], stack, length))
			continue;
		close_to(flame, depth);
		snprintf(flame->open[depth].name, TEXT_MOST, "%.*s", (int)length, stack);
		flame->open[depth].from = flame->at;
		flame->depth = depth + 1;
	}
	close_to(flame, depth);
	flame->at += n;
}

static void measure(void *self, const char *stack, uint64_t n)
{
	struct flame *flame = self;
	unsigned frames = 0;
	(void)n;
	while ((stack = strchr(stack, TRACE_FRAME))) {
		stack++;
		frames++;
	}
	if (frames > flame->deepest)
		flame->deepest = frames < FRAMES_MOST ? frames : FRAMES_MOST - 1;
}

static void end(struct trace *trace)
{
	struct flame *flame = trace->own;
	flame->trace = trace;
	trace_stacks_walk(&flame->stacks, measure, flame);
	unsigned height = HEAD + (flame->deepest + 1) * ROW + MARGIN;
	fprintf(trace->to, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %u\" width=\"%d\" height=\"%u\" "
	        "font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n"
	        "<text x=\"%d\" y=\"24\" font-size=\"16\">", WIDTH, height, WIDTH, height, MARGIN);
	xml_put(trace->to, trace->title);
	fprintf(trace->to, ": who runs, by %" PRIu64 " steps of the real machine</text>\n", flame->stacks.total);
	trace_stacks_walk(&flame->stacks, visit, flame);
	close_to(flame, 0);
	fputs("</svg>\n", trace->to);
	trace_stacks_free(&flame->stacks);
}

const struct trace_format trace_flame = {
	.name = "flame",
	.summary = "a flame graph (SVG): VMs stand on their hosts, functions on their machine",
	.own = sizeof(struct flame),
	.sample = add,
	.end = end,
};
