/* A trace as JSON lines: one object for each event.  docs/tracing.md has the fields.  See trace.h. */

#include <inttypes.h>

#include "trace.h"

static json_t *address(uint32_t value)
{
	char text[16];
	snprintf(text, sizeof(text), "0x%08" PRIx32, value);
	return json_string(text);
}

static json_t *trap_fields(const struct trace_event *event)
{
	return json_pack("{s:s, s:o}", "cause", isa_cause_names[event->cause], "tval", address(event->tval));
}

static json_t *psw_fields(const struct trace_event *event)
{
	return json_pack("{s:o, s:I, s:o, s:o, s:I}", "pc", address(event->psw.pc), "status", (json_int_t)event->psw.status,
	                 "base", address(event->psw.base), "bound", address(event->psw.bound), "timer", (json_int_t)event->psw.timer);
}

static void put_event(struct trace *trace, const struct trace_event *event)
{
	bool trap = event->kind == TRACE_TRAP || event->kind == TRACE_REFLECTION;
	unsigned whose = trap ? event->caused : event->level;
	char name[64];
	uint32_t offset;
	if (!event->wanted)
		return;
	trace_name(trace, event->level, name, sizeof(name));
	json_t *line = json_pack("{s:I, s:I, s:s, s:i, s:s, s:i, s:i}", "clock", (json_int_t)event->clock, "steps", (json_int_t)event->steps,
	                         "event", trace_kind_names[event->kind], "level", (int)event->level, "name", name,
	                         "from", (int)event->from, "caused", (int)event->caused);
	if (trap)
		json_object_update_new(line, trap_fields(event));
	if (event->kind == TRACE_END)
		json_object_set_new(line, "why", json_string(event->why));
	else
		json_object_update_new(line, psw_fields(event));
	const char *symbol = trace_symbol(trace, whose, event->psw.pc, &offset);
	if (symbol && event->kind != TRACE_END)
		json_object_set_new(line, "symbol", json_string(symbol));
	json_dumpf(line, trace->to, JSON_COMPACT);
	fputc('\n', trace->to);
	json_decref(line);
}

const struct trace_format trace_jsonl = {
	.name = "jsonl",
	.summary = "the same as JSON lines",
	.event = put_event,
};
