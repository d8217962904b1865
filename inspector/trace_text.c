/* A trace as text: a line for each event, set in by depth, with the function and, for a
 * privileged operation, the instruction.  See trace.h.
 */

#include <inttypes.h>

#include "trace.h"

static void put_pc(const struct trace *trace, unsigned level, uint32_t pc)
{
	uint32_t offset;
	const char *symbol = trace_symbol(trace, level, pc, &offset);
	fprintf(trace->to, " at 0x%08" PRIx32, pc);
	if (symbol && offset > 0)
		fprintf(trace->to, " <%s+%" PRIu32 ">", symbol, offset);
	else if (symbol)
		fprintf(trace->to, " <%s>", symbol);
}

/* An instruction, an address or a number, as the cause has it. */
static void put_tval(const struct trace *trace, const struct trace_event *event)
{
	char text[64];
	switch (event->cause) {
	case CAUSE_PRIVILEGED:
	case CAUSE_ILLEGAL:
		disassemble(event->tval, event->psw.pc, text, sizeof(text));
		for (char *c = text; *c; c++)
			*c = *c == '\t' ? ' ' : *c;
		fprintf(trace->to, ": %s", text);
		break;
	case CAUSE_MEMORY:
	case CAUSE_MISALIGNED:
	case CAUSE_IO:
	case CAUSE_RESET:
		fprintf(trace->to, ": 0x%08" PRIx32, event->tval);
		break;
	default:
		break;
	}
}

static void put_event(struct trace *trace, const struct trace_event *event)
{
	char name[64];
	if (!event->wanted)
		return;
	trace_name(trace, event->level, name, sizeof(name));
	fprintf(trace->to, "%14" PRIu64 "  %*s", event->clock, 2 * (int)trace_depth(trace, event->level), "");
	switch (event->kind) {
	case TRACE_TRAP:
		fprintf(trace->to, "trap to level %u (%s) from level %u: %s", event->level, name, event->from, isa_cause_names[event->cause]);
		put_pc(trace, event->from, event->psw.pc);
		put_tval(trace, event);
		break;
	case TRACE_REFLECTION:
		fprintf(trace->to, "reflected to level %u (%s) by level %u, from level %u: %s", event->level, name,
		        event->from, event->caused, isa_cause_names[event->cause]);
		put_pc(trace, event->caused, event->psw.pc);
		put_tval(trace, event);
		break;
	case TRACE_ENTRY:
		fprintf(trace->to, "level %u (%s) runs", event->level, name);
		put_pc(trace, event->level, event->psw.pc);
		break;
	default:
		fprintf(trace->to, "end: %s", event->why);
	}
	fputc('\n', trace->to);
}

const struct trace_format trace_text = {
	.name = "text",
	.summary = "a line for each trap, reflection and entry",
	.event = put_event,
};
