/* A trace as folded stacks, which flamegraph.pl, inferno and speedscope read: machines from
 * the real one inward, then the function, and how many steps were seen there.  See trace.h.
 */

#include <inttypes.h>

#include "trace.h"

static bool add(struct trace *trace, const char *stack, uint64_t steps) { return trace_stacks_add(trace->own, stack, steps); }

static void put_stack(void *self, const char *stack, uint64_t n)
{
	const struct trace *trace = self;
	for (; *stack; stack++) /* a semicolon of a name would begin a frame */
		fputc(*stack == TRACE_FRAME ? ';' : *stack == ';' ? ':' : *stack, trace->to);
	fprintf(trace->to, " %" PRIu64 "\n", n);
}

static void end(struct trace *trace)
{
	trace_stacks_walk(trace->own, put_stack, trace);
	trace_stacks_free(trace->own);
}

const struct trace_format trace_folded = {
	.name = "folded",
	.summary = "sampled stacks of machines and functions, for flame graph tools",
	.own = sizeof(struct trace_stacks),
	.sample = add,
	.end = end,
};
