/* A trace as value changes for GTKWave and its like: which level runs, one wire for each of
 * them, the last cause, and the fields of the real PSW.  See trace.h.
 */

#include <inttypes.h>

#include "trace.h"

/* Signals besides a wire for each machine: their names in the file are printable
 * characters. */
static const struct {
	char id;
	unsigned bits;
	const char *name;
} signals[] = {
	{ 'l', 8, "level" }, { 'd', 8, "depth" }, { 'c', 8, "cause" }, { 'p', 32, "pc" }, { 'M', 1, "M" }, { 'I', 1, "IE" },
	{ 'T', 1, "TE" }, { 'b', 32, "base" }, { 'B', 32, "bound" }, { 't', 32, "timer" },
};

enum { SIGNALS = sizeof(signals) / sizeof(*signals) };

struct vcd {
	uint64_t clock;
	bool timed; /* the first time has been written */
	uint32_t value[SIGNALS];
	unsigned runs;
	unsigned cause;
};

static unsigned machines(const struct trace *trace)
{
	return trace->wish->machines < LEVELS_MOST ? trace->wish->machines : LEVELS_MOST;
}

static void put_value(FILE *to, const char *id, unsigned bits, uint32_t value)
{
	if (bits == 1) {
		fprintf(to, "%u%s\n", (unsigned)value, id);
		return;
	}
	fputc('b', to);
	for (unsigned bit = bits; bit-- > 0;)
		fputc('0' + (int)(value >> bit & 1), to);
	fprintf(to, " %s\n", id);
}

static void put_wire(struct trace *trace, unsigned level, bool on)
{
	if (level < machines(trace))
		fprintf(trace->to, "%dr%u\n", on, level);
}

/* What has changed; at first, all. */
static void put_changes(struct trace *trace, unsigned running, bool all)
{
	struct vcd *vcd = trace->own;
	struct psw psw = machine_psw(session_machine(trace->inspector->session));
	const uint32_t now[SIGNALS] = {
		running, trace_depth(trace, running), vcd->cause, psw.pc, psw.status & STATUS_M, (psw.status & STATUS_IE) != 0,
		(psw.status & STATUS_TE) != 0, psw.base, psw.bound, psw.timer,
	};
	for (unsigned i = 0; i < SIGNALS; i++) {
		const char id[2] = { signals[i].id, '\0' };
		if (all || now[i] != vcd->value[i])
			put_value(trace->to, id, signals[i].bits, now[i]);
		vcd->value[i] = now[i];
	}
	for (unsigned level = 0; level < machines(trace); level++)
		if (all || (running != vcd->runs && (level == running || level == vcd->runs)))
			put_wire(trace, level, level == running);
	vcd->runs = running;
}

static void put_time(struct trace *trace, uint64_t clock)
{
	struct vcd *vcd = trace->own;
	if (!vcd->timed || clock != vcd->clock)
		fprintf(trace->to, "#%" PRIu64 "\n", clock);
	vcd->timed = true;
	vcd->clock = clock;
}

static bool begin(struct trace *trace)
{
	fprintf(trace->to, "$comment droste: 1 ns is 1 instruction $end\n$timescale 1 ns $end\n$scope module droste $end\n");
	for (unsigned i = 0; i < SIGNALS; i++)
		fprintf(trace->to, "$var wire %u %c %s $end\n", signals[i].bits, signals[i].id, signals[i].name);
	for (unsigned level = 0; level < machines(trace); level++)
		fprintf(trace->to, "$var wire 1 r%u runs_%u $end\n", level, level);
	fprintf(trace->to, "$upscope $end\n$enddefinitions $end\n");
	return true;
}

static void put_event(struct trace *trace, const struct trace_event *event)
{
	struct vcd *vcd = trace->own;
	bool first = !vcd->timed;
	if (event->kind == TRACE_TRAP)
		vcd->cause = event->cause;
	if (event->kind == TRACE_REFLECTION)
		return; /* the real PSW and who runs are as they were */
	put_time(trace, event->clock);
	if (event->kind != TRACE_END || first)
		put_changes(trace, event->level, first);
}

const struct trace_format trace_vcd = {
	.name = "vcd",
	.summary = "waveforms for GTKWave: which level runs, and the PSW",
	.own = sizeof(struct vcd),
	.begin = begin,
	.event = put_event,
};
