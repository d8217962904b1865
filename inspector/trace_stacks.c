/* How often each stack was seen, in the order of their frames.  Called by the formats that are
 * made of stacks: trace_folded.c and trace_flame.c.
 */

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "trace.h"

struct stack {
	uint64_t n;
	char frames[];
};

static int compare(const void *a, const void *b)
{
	const struct stack *left = a, *right = b;
	return strcmp(left->frames, right->frames);
}

bool trace_stacks_add(struct trace_stacks *stacks, const char *frames, uint64_t n)
{
	size_t bytes = strlen(frames) + 1;
	struct stack *stack = calloc(1, sizeof(*stack) + bytes);
	if (!stack)
		return false;
	memcpy(stack->frames, frames, bytes);
	struct stack **found = tsearch(stack, &stacks->tree, compare);
	if (!found || *found != stack)
		free(stack);
	if (!found)
		return false;
	(*found)->n += n;
	stacks->total += n;
	return true;
}

struct walk {
	void (*visit)(void *self, const char *frames, uint64_t n);
	void *self;
};

static void visit(const void *node, VISIT order, void *closure)
{
	const struct stack *const *stack = node;
	const struct walk *walk = closure;
	if (order == postorder || order == leaf) /* that is, in order */
		walk->visit(walk->self, (*stack)->frames, (*stack)->n);
}

void trace_stacks_walk(const struct trace_stacks *stacks, void (*how)(void *self, const char *frames, uint64_t n), void *self)
{
	struct walk walk = { how, self };
	twalk_r(stacks->tree, visit, &walk);
}

void trace_stacks_free(struct trace_stacks *stacks)
{
	tdestroy(stacks->tree, free);
	*stacks = (struct trace_stacks){ 0 };
}
